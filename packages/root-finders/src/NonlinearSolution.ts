import type { Tensor } from "@diffrax-ts/pytree";
import type { NonlinearResult } from "./results.ts";

/** A root, a fixed point or a minimum, and how it was found. */
export interface NonlinearSolution<Y = unknown> {
  /** Where the iteration ended: a tree like `y0`. */
  readonly value: Y;
  /** How it ended. Inside a traced function its number, an int32 tensor as `resultCode` of `protocol` gives it; `"successful"` is 0. */
  readonly result: NonlinearResult | Tensor;
  /** Inside a traced function `numSteps` is a tensor. */
  readonly stats: { readonly numSteps: number | Tensor; readonly maxSteps: number | null };
  /** The last state of the solver. */
  readonly state: unknown;
}
