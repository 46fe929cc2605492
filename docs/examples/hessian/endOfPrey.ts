import { diffeqsolve, type Scalar, type Tensor, Tsit5 } from "@diffrax-ts/core";

/** The populations that a solve starts with. */
export interface Start {
  readonly prey: Scalar;
  readonly predator: Scalar;
}

/** How much prey there is at the time 140, by the equations of Lotka and Volterra: a function of the start. */
export function endOfPrey(start: Start): Tensor {
  const { ys } = diffeqsolve(
    (t, { prey, predator }, { a, b, c, d }) => ({
      prey: a * prey - b * prey * predator,
      predator: d * prey * predator - c * predator,
    }),
    Tsit5(),
    { t0: 0, t1: 140, dt0: 0.1, y0: start, args: { a: 0.1, b: 0.02, c: 0.4, d: 0.02 } },
  );
  return ys.prey.at(0);
}
