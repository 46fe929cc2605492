import type { Solver, StepSizeController, Term, Tree } from "@diffrax-ts/protocol";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";

/** One thing to save, as the solve works with it. */
export interface SaveConfig {
  readonly t0: boolean;
  readonly t1: boolean;
  /** After every so many steps; 0 for none. */
  readonly steps: number;
  /** Works on tensors; `null` for the state itself. */
  readonly fn: Callable | null;
  readonly ts: Tensor | null;
}

/** Everything that a solve depends on. What is not a tensor belongs to the structure: another value is another trace. */
export interface SolveConfig {
  readonly term: Term;
  readonly solver: Solver;
  readonly controller: StepSizeController;
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** `null`: to be chosen. */
  readonly dt0: Scalar | null;
  readonly y0: Tree;
  readonly args: unknown;
  /** `traced`: known only when the solve runs. */
  readonly direction: "forward" | "backward" | "traced";
  readonly dtype: "float64" | "float32";
  readonly saves: readonly SaveConfig[];
  readonly dense: boolean;
  readonly keepSolverState: boolean;
  readonly keepControllerState: boolean;
  /** `undefined`: to be made. */
  readonly solverState: Tree | undefined;
  readonly controllerState: Tree | undefined;
  /** `false`: it has not jumped, and no controller will say so. */
  readonly madeJump: Tensor | false;
  /** The host runs the loop and drains what is saved step by step; otherwise arrays are as long as they can get. */
  readonly host: boolean;
  /** For the host a number that may change from call to call; otherwise part of the structure, or `null` for no limit. */
  readonly maxSteps: Scalar | number | null;
  /** The rows of a buffer that the host drains. */
  readonly chunk: number;
  /** Whether a failure is an error of the traced function. */
  readonly throws: boolean;
}
