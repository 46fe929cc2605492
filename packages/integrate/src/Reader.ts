import type { ResultOfField } from "@diffrax-ts/protocol";
import type { Callable } from "@diffrax-ts/pytree";

/** Turns plain functions into ones that work on tensors. `core` has one; without, only functions on tensors can be solved. */
export interface Reader {
  /** For a vector field, or another function that the solve calls. */
  readonly readField: (f: Callable, result: ResultOfField, run: CalledInRun | null) => Callable;
  /**
   * For the functions in a tree of arguments: functions that were written alike become the same. `inRun`: for a run at top level,
   * which can be handed other functions than the next one.
   */
  readonly readFunctions: (tree: unknown, inRun: boolean) => unknown;
}

/** What a reader is told of a run at top level: functions that it calls back can be inputs, instead of constants of what is compiled. */
export interface CalledInRun {
  /** Arguments like those that the function will be called with; `null` if they are not known. */
  readonly sample: readonly unknown[] | null;
}
