import type { GeneralCoeffs } from "./StochasticButcherTableau.ts";

/** With which weights a product of a step, such as `f(tⱼ, zⱼ) h`, enters what comes after it. */
export interface Weights {
  /** That in stage `i`, counted from 0. */
  readonly a: (i: number) => number;
  /** That in the solution. */
  readonly b: number;
  /** That in the error. */
  readonly error: number;
}

/** The weights of the product of stage `j`: a column of the table. */
export function columnOf({ a, bSol, bError }: GeneralCoeffs, j: number): Weights {
  return {
    a: (i) => a[i - 1]?.[j] ?? 0,
    b: bSol[j]!,
    error: bError?.[j] ?? 0,
  };
}

/** Whether a product of a stage is needed. */
export function isUsed({ a, b, error }: Weights, numStages: number): boolean {
  if (b !== 0 || error !== 0) return true;
  return Array.from({ length: numStages }, (_, i) => a(i)).some((weight) => weight !== 0);
}
