import { Kvaerno5, PIDController } from "@diffrax-ts/core";

/** A stiff solve that saves its steps: the oscillator of van der Pol. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- its types are what makes it useful
export function longSolve() {
  return {
    terms: (
      t: number,
      { x, v }: { readonly x: number; readonly v: number },
      { mu }: { readonly mu: number },
    ) => ({
      x: v,
      v: mu * (1 - x * x) * v - x,
    }),
    solver: Kvaerno5(),
    options: {
      t0: 0,
      t1: 200,
      dt0: null,
      y0: { x: 2, v: 0 },
      args: { mu: 100 },
      maxSteps: null,
      saveat: { steps: true },
      stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-8 }),
    },
  };
}
