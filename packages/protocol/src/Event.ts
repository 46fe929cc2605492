import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { DenseInfo, LocalInterpolation } from "./LocalInterpolation.ts";
import type { TracedResult } from "./results.ts";
import type { Tolerances } from "./Tolerances.ts";
import type { Tree } from "./Tree.ts";

/** A step as it counts: what the solver made, kept or not, before anything is written. Times run forward. */
export interface StepMade {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly y1: Tree;
  /** What the solver told of the step, for its interpolation. */
  readonly denseInfo: DenseInfo;
  /**
   * The end of the interval that `denseInfo` belongs to: `t1` is earlier where an event has cut the step, and a little later where the
   * vector field jumps.
   */
  readonly denseEnd: Scalar;
  /** `true` if every step is kept. */
  readonly keepStep: Tensor | true;
  /** The steps kept so far, this one included. */
  readonly numAccepted: Tensor;
}

/** Where an event starts to look. */
export interface EventStart {
  readonly t0: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
  /** Those of the step size controller; `null` if it has none. */
  readonly tolerances: Tolerances | null;
}

/** What becomes of a step that an event was shown. */
export interface EventMet<State> {
  readonly state: State;
  /** The step as it counts: the same one, or one that ends where the event lies, with the state there as its `y1`. */
  readonly step: StepMade;
  /** Whether the step was cut: what the solver passes on from it is then not used. `false` if that never happens. */
  readonly wasCut: Tensor | false;
  /** What ends the solve; success goes on. */
  readonly result: TracedResult;
}

/**
 * Something that happens within a step, and shortens it. It is met inside the turn of the loop, before anything is written: what is
 * saved, and dense output, never see more than the step as it counts.
 */
export interface Event<State extends Tree = Tree> extends Part {
  /** What is carried from step to step. Its structure, shapes and dtypes stay the same through the solve. */
  init(start: EventStart): State;
  /** @param curve - The solution within the step. */
  meet(state: State, step: StepMade, curve: () => LocalInterpolation): EventMet<State>;
}
