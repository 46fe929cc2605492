import { diffeqsolve, PIDController, SPaRK, VirtualBrownianTree } from "@diffrax-ts/core";
import { type Key } from "@diffrax-ts/random";
import { diffusion, drift, firstParams } from "./equation.ts";

/** A path by equal steps, and along the same noise by steps that the error chooses. */
export function onePath(key: Key) {
  const control = VirtualBrownianTree({
    t0: 0,
    t1: 2,
    tol: 2 ** -13,
    shape: [2],
    key,
    levyArea: "SpaceTimeLevyArea",
  });
  const terms = { drift, diffusion, control };
  const options = {
    t0: 0,
    t1: 2,
    dt0: 2 ** -9,
    y0: [1, 1, 1],
    args: firstParams,
    saveat: { steps: true },
    maxSteps: 2 ** 16,
  } as const;
  const constant = diffeqsolve(terms, SPaRK(), options);
  const adaptive = diffeqsolve(terms, SPaRK(), {
    ...options,
    stepsizeController: PIDController({
      rtol: 0,
      atol: 0.005,
      pcoeff: 0.2,
      icoeff: 0.5,
      dtmin: 2 ** -12,
      dtmax: 0.25,
    }),
  });
  return { constant, adaptive };
}
