import type { RateModel } from "./rate.ts";

/** The mean and the variance of a rate after a time `t`. */
export function moments({ a, b, sigma }: RateModel, r0: number, t: number): Moments {
  const left = Math.exp(-a * t);
  return {
    mean: b + (r0 - b) * left,
    variance: (sigma ** 2 / a) * (r0 * (left - left ** 2) + (b / 2) * (1 - left) ** 2),
  };
}

export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** What is paid now for 1 after a time `t`: the mean of `exp(-∫ r dt)`. */
export function bondPrice({ a, b, sigma }: RateModel, r0: number, t: number): number {
  const h = Math.sqrt(a ** 2 + 2 * sigma ** 2);
  const grown = Math.expm1(h * t);
  const below = 2 * h + (a + h) * grown;
  const scale = ((2 * h * Math.exp(((a + h) * t) / 2)) / below) ** ((2 * a * b) / sigma ** 2);
  return scale * Math.exp((-2 * grown * r0) / below);
}
