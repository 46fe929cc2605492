// A worker in which something goes wrong that nobody expects.
export function runJob() {
  setTimeout(() => {
    throw new Error("unforeseen");
  });
  return new Promise(() => {});
}
