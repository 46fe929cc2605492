import type { CountName, Result, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** The rows of one track, or the value of a fold and its time. */
export interface SavedRows {
  readonly ts: Tensor;
  readonly ys: unknown;
  /** `null` for a fold. */
  readonly count: number | Tensor | null;
}

/** What a driver brings back: from the host numbers, inside a traced function tensors. */
export interface Outcome {
  readonly tEnd: number | Scalar;
  /** Of what is saved, then of dense output, then of events. */
  readonly saves: readonly SavedRows[];
  readonly result: Result | Tensor;
  readonly numSteps: number | Tensor;
  readonly numAccepted: number | Tensor;
  readonly counts: Readonly<Record<CountName, number | Tensor>> | null;
  readonly solverState: Tree;
  readonly controllerState: Tree;
  readonly madeJump: boolean | Tensor;
  readonly eventMask: unknown;
}
