import {
  diffeqsolve,
  PIDController,
  type Scalar,
  type Solution,
  type Tensor,
  Tsit5,
} from "@diffrax-ts/core";
import { lotkaVolterra, type Populations } from "./lotkaVolterra.ts";
import type { Model } from "./Model.ts";

type Vector = Tensor<readonly [number]>;

/**
 * The populations at the given times, of which the first is where the model starts.
 *
 * Of numbers, and as well of the scalars that stand for them in a function that is differentiated or batched.
 */
export function solve(
  { rates, start }: Model<number | Scalar>,
  times: readonly number[],
): Solution<Vector, Populations<Vector>, Populations<Scalar>> {
  const solution = diffeqsolve(lotkaVolterra, Tsit5(), {
    t0: times[0]!,
    t1: times.at(-1)!,
    dt0: null,
    y0: start,
    args: rates,
    saveat: { ts: times },
    // Populations never reach 0: a relative tolerance is enough, and fits whatever unit they are counted in.
    stepsizeController: PIDController({ rtol: 1e-8, atol: 0 }),
    maxSteps: 10_000,
    throw: false,
  });
  return solution;
}
