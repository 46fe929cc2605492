/** Makes an argument for a call, with the numbers of `f64` from `start` on. */
export type Argument = (f64: Float64Array, start: number) => unknown;

/** Arrays of so many numbers, written out: an engine that inlines the function they are for need not make them. */
export const tuples: readonly ((from: number) => Argument)[] = [
  () => () => [],
  (i) => (x, at) => [x[at + i]],
  (i) => (x, at) => [x[at + i], x[at + i + 1]],
  (i) => (x, at) => [x[at + i], x[at + i + 1], x[at + i + 2]],
  (i) => (x, at) => [x[at + i], x[at + i + 1], x[at + i + 2], x[at + i + 3]],
  (i) => (x, at) => [x[at + i], x[at + i + 1], x[at + i + 2], x[at + i + 3], x[at + i + 4]],
  (i) => (x, at) => [
    x[at + i],
    x[at + i + 1],
    x[at + i + 2],
    x[at + i + 3],
    x[at + i + 4],
    x[at + i + 5],
  ],
];
