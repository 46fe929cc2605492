import { np } from "@diffrax-ts/core";

/** A mixture of normal distributions, one entry for each. */
export interface Mixture {
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** Two hills, of which the second is more than twice as likely. */
export const twoHills: Mixture = {
  weights: [0.3, 0.7],
  means: [-1.5, 1],
  deviations: [0.5, 0.7],
};

/**
 * The derivative of the potential `f = -log p`. It needs `p` up to a factor alone, which is why one can sample from distributions whose
 * normalising constant nobody knows.
 */
export function potentialSlope(x: number, { weights, means, deviations }: Mixture): number {
  let density = 0;
  let slope = 0;
  for (let i = 0; i < 2; i++) {
    const z = (x - means[i]!) / deviations[i]!;
    const part = (weights[i]! / deviations[i]!) * Math.exp(-0.5 * z * z);
    density += part;
    slope += (part * z) / deviations[i]!;
  }
  return slope / density;
}

/** The density `p(x)`. */
export function densityAt(x: number, { weights, means, deviations }: Mixture): number {
  return (
    weights.reduce((sum, weight, i) => {
      const z = (x - means[i]!) / deviations[i]!;
      return sum + (weight / deviations[i]!) * Math.exp(-0.5 * z * z);
    }, 0) / Math.sqrt(2 * Math.PI)
  );
}

/** The probability to be below each of some places. */
export function probabilityBelow(
  xs: Float64Array,
  { weights, means, deviations }: Mixture,
): Float64Array {
  const sums = new Float64Array(xs.length);
  for (const [k, weight] of weights.entries()) {
    const z = np.div(np.sub(xs, means[k]!), deviations[k]! * Math.SQRT2);
    for (const [i, below] of [...np.erf(z)].entries()) sums[i]! += (weight * (1 + below)) / 2;
  }
  return sums;
}
