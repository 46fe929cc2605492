/** Text from a file, made fit to print: on one line, short, and without codes that steer a terminal. */
export function printable(text: string): string {
  const characters = new Intl.Segmenter().segment(text.replace(/\p{C}+/gu, " ").trim());
  const shown = Array.from(characters, ({ segment }) => segment);
  return shown.length > 24 ? `${shown.slice(0, 23).join("")}…` : shown.join("");
}
