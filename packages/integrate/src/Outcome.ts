import type { DenseInfo, Result, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** What was saved by one thing to save. */
export interface SavedArrays {
  readonly ts: Tensor;
  readonly ys: unknown;
}

/** What a driver brings back: from the host numbers, inside a traced function tensors. */
export interface Outcome {
  readonly tEnd: number | Scalar;
  readonly saves: readonly SavedArrays[];
  /** The ends of the steps in the direction of the solve, and what the solver told of them. */
  readonly dense: {
    readonly ends: Tensor;
    readonly infos: DenseInfo;
    readonly count: number | Tensor;
  } | null;
  readonly result: Result | Tensor;
  readonly numSteps: number | Tensor;
  readonly numAccepted: number | Tensor;
  readonly solverState: Tree;
  readonly controllerState: Tree;
  readonly madeJump: boolean | Tensor;
}
