import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { TracedResult } from "./results.ts";
import type { Terms } from "./Terms.ts";
import type { Tolerances } from "./Tolerances.ts";
import type { Tree } from "./Tree.ts";

/** Where step size control starts. Time always runs forward in it: a backward solve is turned round before. */
export interface ControllerStart {
  readonly terms: Terms;
  readonly t0: Scalar;
  /** The end; `t0` if there is none, as where only an event ends the solve. */
  readonly t1: Scalar;
  readonly y0: Tree;
  /** The first step size; `null` to choose one. */
  readonly dt0: Scalar | null;
  readonly args: unknown;
  /** The vector field as the solver sees it. */
  readonly func: (t: Scalar, y: Tree) => Tree;
  /** The order of the local error; `null` if not known. */
  readonly errorOrder: number | null;
}

/** A step that was tried, from `t0` to `t1`. */
export interface StepTried<State> {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly y1Candidate: Tree;
  readonly args: unknown;
  /** `null` if the solver makes no error estimates. A step whose estimate is not a number must not be kept. */
  readonly yError: Tree;
  readonly errorOrder: number | null;
  readonly controllerState: State;
}

/** What becomes of a step that was tried, and the next step to try. */
export interface StepDecision<State> {
  /** `true` if every step is kept. */
  readonly keepStep: Tensor | true;
  /** The start of the next step: the end of this one if it is kept. */
  readonly t0: Scalar;
  /** The end of the next step. */
  readonly t1: Scalar;
  /** Whether the vector field jumps where the next step starts; `false`, and no tensor, unless `mayJump`. */
  readonly madeJump: Tensor | false;
  readonly controllerState: State;
  readonly result: TracedResult;
}

/** A step that was kept, and cut short by an event. */
export interface StepCut<State> {
  /** Where it was cut. */
  readonly t: Scalar;
  /** The step as it was planned. */
  readonly planned: { readonly t0: Scalar; readonly t1: Scalar };
  /** The state before it. */
  readonly controllerState: State;
  /** What was decided, as if it had not been cut. */
  readonly decision: StepDecision<State>;
}

/** What the user asked for, as far as it is known before anything is traced: a traced time is `null`. */
export interface ControllerCheck {
  readonly t0: number | null;
  readonly t1: number | null;
  /** The first step size; `"auto"` if it is to be chosen, `null` if it is traced. */
  readonly dt0: number | "auto" | null;
  /** That of times in the solve: the numbers here are rounded to it. @defaultValue "float64" */
  readonly dtype?: "float64" | "float32";
}

/** Decides how long steps are, and which of them are kept. */
export interface StepSizeController<State extends Tree = Tree> extends Part {
  /** Whether it needs error estimates. */
  readonly isAdaptive: boolean;
  /** What it holds errors to, for whoever needs it; `null` if it has none. A wrapper hands on those of what it wraps. */
  readonly tolerances: Tolerances | null;
  /**
   * Whether it reaches the state and the error by `treeMap`, `treeLeaves` and `normOfTree` alone, element by element. Then many scalars are
   * handed to it as one vector. A wrapper hands on that of what it wraps. @defaultValue false: it sees the state as it is
   */
  readonly isElementwise?: boolean;
  /** Whether `adaptStepSize` ever says that the vector field has jumped. */
  readonly mayJump: boolean;
  /** Refuses, before anything is traced, what it cannot work with. Times are as the user gave them. */
  check(options: ControllerCheck): void;
  /** The controller for time that runs forward: `direction` is 1, or -1 for a backward solve; a tensor if not known yet. */
  wrap(direction: Scalar | 1 | -1): StepSizeController<State>;
  /** The end of the first step, and the state. Its structure, shapes and dtypes stay the same through the solve. */
  init(start: ControllerStart): { readonly t1: Scalar; readonly controllerState: State };
  /**
   * The state of another solve made fit to go on from here, and the end of the first step. Without it that state is taken as it is,
   * with the first step of `init`.
   */
  resume?(
    state: State,
    start: ControllerStart,
  ): { readonly t1: Scalar; readonly controllerState: State };
  /**
   * Where the solve goes on after a step that was cut, with `t0` there or next to it. Needed where steps end at given times. Without it the
   * next step is as long as it would have been.
   */
  afterCut?(cut: StepCut<State>): {
    readonly t0: Scalar;
    readonly t1: Scalar;
    readonly controllerState: State;
  };
  /** What becomes of a step, and where the next one ends. The loop draws that to the end of the solve where it is near. */
  adaptStepSize(step: StepTried<State>): StepDecision<State>;
}
