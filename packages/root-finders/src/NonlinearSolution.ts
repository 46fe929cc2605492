import type { Tensor } from "@diffrax-ts/pytree";
import type { NonlinearResult } from "./results.ts";

/** A tensor for any tree of tensors: such are known in the step of a solver alone, which is always traced. */
type ResultOf<Y> = unknown extends Y
  ? NonlinearResult | Tensor
  : [Tensor | null | readonly never[]] extends [Y]
    ? Tensor
    : NonlinearResult | Tensor;

/** A root, a fixed point or a minimum, and how it was found. */
export interface NonlinearSolution<Y = unknown, State = unknown> {
  /** Where the iteration ended: a tree like `y0`. */
  readonly value: Y;
  /** How it ended. Inside a traced function its number, an int32 tensor as `resultCode` of `protocol` gives it; `"successful"` is 0. */
  readonly result: ResultOf<Y>;
  /** Inside a traced function `numSteps` is a tensor. */
  readonly stats: { readonly numSteps: number | Tensor; readonly maxSteps: number | null };
  /** The last state of the solver. */
  readonly state: State;
}

/** What a solver carries from step to step. */
export type StateOf<Solver> = Solver extends { init(...args: never): infer State }
  ? State
  : unknown;
