import { PIDController } from "@diffrax-ts/core";

/** The Lorenz system. */
export const lorenz = (
  _t: number,
  [x, y, z]: readonly [number, number, number],
  rho: number,
): readonly [number, number, number] => [10 * (y - x), x * (rho - z) - y, x * y - (8 / 3) * z];

export const adaptive = PIDController({ rtol: 1e-8, atol: 1e-8 });

/** Some 1200 steps. */
export const chaos = {
  t0: 0,
  t1: 20,
  dt0: 0.01,
  y0: [1, 1, 1],
  args: 28,
  maxSteps: null,
  stepsizeController: adaptive,
} as const;

/** Bursts of one step. */
export const budgetMs = 1e-6;
