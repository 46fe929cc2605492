import type { Adjoint, SaveInput, SolveInputs, Tree } from "@diffrax-ts/protocol";
import type { Callable, Scalar } from "@diffrax-ts/pytree";
import type { TracedMeter } from "./TracedMeter.ts";

/** One thing to save, as the solve works with it. */
export interface SaveConfig extends SaveInput {
  /** Works on tensors; `null` for the state itself. */
  readonly fn: Callable | null;
  /** The value that is carried instead of rows; `null` for rows. */
  readonly fold: FoldConfig | null;
  /** Whether `ts` lie between `t0` and `t1` is known only when the solve runs. */
  readonly areTimesTraced: boolean;
}

/** A value that is updated after every step, or at `ts`. */
export interface FoldConfig {
  /** What it is called in errors. */
  readonly name: string;
  readonly init: Tree;
  /** Works on tensors. */
  readonly update: Callable;
}

/** Everything that a solve depends on. What is not a tensor belongs to the structure: another value is another trace. */
export interface SolveConfig<MaxSteps = Scalar | number | null> extends Omit<
  SolveInputs,
  "maxSteps"
> {
  readonly saves: readonly SaveConfig[];
  /** Is told inside of a traced function how far it has come; `null` if nobody is. */
  readonly meter: TracedMeter | null;
  /** `traced`: known only when the solve runs. */
  readonly direction: "forward" | "backward" | "traced";
  /** `t0` or `t1` is known only when the solve runs. */
  readonly isSpanTraced: boolean;
  /** Whether `dt0` leads from `t0` to `t1` is known only when the solve runs. */
  readonly isStepTraced: boolean;
  /** Whether the work of the steps is counted. */
  readonly counts: boolean;
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

/** The fields of which numbers, tensors and arrays become tensors of the trace, and what is `fixed` a number. */
type DataFields =
  | ("terms" | "t0" | "t1" | "dt0" | "y0" | "args" | "saves")
  | ("solverState" | "controllerState" | "madeJump" | "maxSteps" | "chunk");

/** A `SolveConfig` before it is traced: one that leaves a field out does not compile. */
export type UntracedConfig = Omit<SolveConfig, DataFields> & Readonly<Record<DataFields, unknown>>;
