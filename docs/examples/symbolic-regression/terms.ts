/** Something that an equation may consist of. */
export interface Term {
  /** In words, with `b` for the constant within. */
  readonly text: string;
  /** In ordinary arithmetic. */
  readonly value: (x: number, y: number, b: number) => number;
}

/** What equations are made of here. */
export const terms: readonly Term[] = [
  { text: "1", value: () => 1 },
  { text: "x", value: (x) => x },
  { text: "y", value: (x, y) => y },
  { text: "x²", value: (x) => x * x },
  { text: "x y", value: (x, y) => x * y },
  { text: "y²", value: (x, y) => y * y },
  { text: "sin(b x)", value: (x, y, b) => Math.sin(b * x) },
  { text: "sin(b y)", value: (x, y, b) => Math.sin(b * y) },
  { text: "exp(b x)", value: (x, y, b) => Math.exp(b * x) },
  { text: "exp(b y)", value: (x, y, b) => Math.exp(b * y) },
  { text: "x / (x + b)", value: (x, y, b) => x / (x + b) },
  { text: "y / (y + b)", value: (x, y, b) => y / (y + b) },
];
