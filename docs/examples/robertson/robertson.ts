/** The shares of three substances. */
export type Shares = readonly [a: number, b: number, c: number];

/** How fast the reactions `a → b`, `b + b → c + b` and `b + c → a + c` are. */
export interface Rates {
  readonly k1: number;
  readonly k2: number;
  readonly k3: number;
}

/** Robertson's reactions (1966): of `b`, which comes and goes fast, there is hardly anything at any time. */
export function robertson(_t: number, [a, b, c]: Shares, { k1, k2, k3 }: Rates): Shares {
  const [first, second, third] = [k1 * a, k2 * b * b, k3 * b * c];
  return [third - first, first - second - third, second];
}
