import type { Adjoint, SaveInput, SolveInputs } from "@diffrax-ts/protocol";
import type { Callable, Scalar } from "@diffrax-ts/pytree";

/** One thing to save, as the solve works with it. */
export interface SaveConfig extends SaveInput {
  /** Works on tensors; `null` for the state itself. */
  readonly fn: Callable | null;
}

/** What is to be kept of the end of the solve. */
export interface Keeps {
  readonly solverState: boolean;
  readonly controllerState: boolean;
  readonly madeJump: boolean;
}

/** Everything that a solve depends on. What is not a tensor belongs to the structure: another value is another trace. */
export interface SolveConfig<MaxSteps = Scalar | number | null> extends Omit<
  SolveInputs,
  "maxSteps"
> {
  readonly saves: readonly SaveConfig[];
  /** `traced`: known only when the solve runs. */
  readonly direction: "forward" | "backward" | "traced";
  /** What nobody has looked at yet, because it is known only when the solve runs. */
  readonly unchecked: {
    readonly times: boolean;
    readonly dt0: boolean;
    /** Of each thing to save. */
    readonly ts: readonly boolean[];
  };
  readonly keeps: Keeps;
  /** The host runs the loop and drains what is saved step by step; otherwise arrays are as long as they can get. */
  readonly host: boolean;
  /** For the host a number that may change from call to call; otherwise part of the structure, or `null` for no limit. */
  readonly maxSteps: MaxSteps;
  /** The rows of a buffer that the host drains. */
  readonly chunk: number;
}

/** That of a solve inside of a traced function. */
export interface TracedConfig extends SolveConfig<number | null> {
  /** How it is differentiated; `null` for the default. */
  readonly adjoint: Adjoint | null;
}
