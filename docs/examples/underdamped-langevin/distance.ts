/**
 * The distance of Kolmogorov and Smirnov: the largest difference between the share of samples below a place and the probability to
 * be below it.
 */
export function distance(
  samples: Iterable<number>,
  probabilityBelow: (xs: Float64Array) => Float64Array,
): number {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  return probabilityBelow(sorted).reduce(
    (largest, p, i) => Math.max(largest, p - i / n, (i + 1) / n - p),
    0,
  );
}

/** What this distance stays below in 95 % of all draws of so many independent samples from the distribution itself. */
export function distanceByChance(samples: number): number {
  return 1.358 / Math.sqrt(samples);
}
