/** A state of three numbers. */
export type Triple = readonly [number, number, number];

/** What the equation depends on. */
export interface Params<T = number> {
  readonly alpha: readonly [T, T, T];
  readonly beta: T;
  readonly gamma: readonly [T, T, T];
}

export const firstParams: Params = { alpha: [0.5, 0.5, 0.5], beta: 1, gamma: [1, 1, 1] };

/** The drift `α - |β| y`. */
export function drift(_t: number, y: Triple, { alpha, beta }: Params): Triple {
  const [a, b, c] = y;
  const rate = Math.abs(beta);
  return [alpha[0] - rate * a, alpha[1] - rate * b, alpha[2] - rate * c];
}

/** The diffusion, a row for each number of the state, and a column for each of two Brownian motions. */
export function diffusion(t: number, y: Triple, { gamma }: Params): readonly Row[] {
  const [a, b, c] = y;
  return [
    [gamma[0] * Math.sqrt(a * a + b * b + c * c), 0],
    [0, gamma[1] * 3 * a],
    [0, gamma[2] * 20 * t],
  ];
}

type Row = readonly [number, number];
