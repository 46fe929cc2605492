import type { Callable, Part, Scalar, Structure, Tensor } from "@diffrax-ts/pytree";
import type { DenseInfo, LocalInterpolation } from "./LocalInterpolation.ts";
import type { TracedResult } from "./results.ts";
import type { Solver } from "./Solver.ts";
import type { StepSizeController } from "./StepSizeController.ts";
import type { Terms } from "./Terms.ts";
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

/** What a solve saves, as far as conditions of events are told. */
export interface EventSaveAt {
  readonly subs: readonly {
    readonly t0: boolean;
    readonly t1: boolean;
    readonly steps: number;
    readonly fn: unknown;
    readonly ts: Tensor | null;
  }[];
  readonly dense: boolean;
}

/** The solve that a condition of an event belongs to, in the user's own time. */
export interface EventInfo {
  readonly terms: Terms;
  readonly solver: Solver;
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** `null` if the first step is chosen. */
  readonly dt0: Scalar | null;
  readonly saveat: EventSaveAt;
  readonly stepsizeController: StepSizeController;
  /** `null` if there is no limit; with a tensor that is infinite there is none either. */
  readonly maxSteps: Scalar | number | null;
}

/** The solve that an event belongs to. */
export interface EventContext {
  readonly info: EventInfo;
  readonly args: unknown;
  /** Those of the step size controller; `null` if it has none. */
  readonly tolerances: Tolerances | null;
  /** What a time of the solve, which runs forward, is multiplied by for that of the user. */
  readonly direction: Scalar | 1 | -1;
}

/** As `ReadField`; `name` is what the function is called in errors. */
export type ReadEventField = (
  f: Callable,
  result: "state" | "any",
  name: "condFn" | "change",
) => Callable;

/** Where an event starts to look. */
export interface EventStart {
  readonly t0: Scalar;
  readonly y0: Tree;
  /** How many recorded events the host takes out at a time; `null` inside of a traced function, where there is room for a number that is known. */
  readonly chunk: number | null;
}

/** The state that a solve goes on from. */
export interface EventChange {
  /** Whether it is another one than that at the end of the step, or at the start. */
  readonly isNew: Tensor;
  readonly y: Tree;
}

/** What there is to see at the start. */
export interface EventStarted<State> {
  readonly state: State;
  /** What ends the solve before its first step; success goes on. */
  readonly result: TracedResult;
  /** Where the state is changed before the first step. @defaultValue it is not */
  readonly change?: EventChange;
}

/** The interval of a solve as far as it is known before anything is traced, as the user gave it; what is traced is `null`. */
export interface EventSpan {
  readonly t0: number | null;
  readonly t1: number | null;
  readonly dtype: "float64" | "float32";
}

/** The end of the step that comes next, and the state. */
export interface StepPlanned<State> {
  readonly t1: Scalar;
  readonly state: State;
}

/** What becomes of a step that an event was shown. */
export interface EventMet<State> {
  readonly state: State;
  /** The step as it counts: the same one, or one that ends where the event lies, with the state there as its `y1`. */
  readonly step: StepMade;
  /** Whether the step was cut: what the solver passes on from it is then not used. `false` if that never happens. */
  readonly wasCut: Tensor | false;
  /** Where the step would have ended, if `endOfStep` let it end earlier. @defaultValue where it did end */
  readonly plannedEnd?: Scalar;
  /** Where the state is changed at the end of the step as it counts. @defaultValue it never is */
  readonly change?: EventChange;
  /** What ends the solve; success goes on. */
  readonly result: TracedResult;
}

/** Recorded events: rows in buffers, and how many there are. */
export interface EventRows {
  readonly count: Tensor;
  /** Times as the user counts them. */
  readonly ts: Tensor;
  /** The other buffers, the leaves of a tree. */
  readonly ys: readonly Tensor[];
  /** Of that tree, `{ index, ys }`: the condition that an event belongs to, and the state. */
  readonly structure: Structure;
  /** After how many steps the host takes them out, so that there is always room; `null` if there is room for all. @defaultValue null */
  readonly stepsPerDrain?: number | null;
}

/**
 * Something that happens within a step, and shortens it. It is met inside the turn of the loop, before anything is written: what is
 * saved, and dense output, never see more than the step as it counts.
 */
export interface Event<State extends Tree = Tree> extends Part {
  /** Whether a step is ever cut. */
  readonly mayCut: boolean;
  /**
   * Whether it reaches the state by `treeMap` and `treeLeaves` alone, and by `unpackTree` for functions of the user. Then many scalars are
   * handed to it as one vector. @defaultValue false: it sees the state as it is
   */
  readonly isElementwise?: boolean;
  /** The same with functions that work on tensors. */
  readFields(read: ReadEventField): Event<State>;
  /** Refuses, before anything is traced, what makes no sense in the interval of a solve. @defaultValue nothing is refused */
  check?(span: EventSpan): void;
  /**
   * The end of a step from `t0` that is to end at `t1`: not later, where something is known to happen before. Asked for each step before it
   * is made. @defaultValue `t1`
   */
  endOfStep?(state: State, t0: Scalar, t1: Scalar, context: EventContext): StepPlanned<State>;
  /** The state is carried from step to step. Its structure, shapes and dtypes stay the same through the solve. */
  init(start: EventStart, context: EventContext): EventStarted<State>;
  /** @param curve - The solution within the step. */
  meet(
    state: State,
    step: StepMade,
    context: EventContext,
    curve: () => LocalInterpolation,
  ): EventMet<State>;
  /**
   * Looks anew where somebody else has changed the state between two steps: what lies between the old state and the new one is no event.
   *
   * @defaultValue its state stays as it is
   */
  restart?(state: State, start: Pick<EventStart, "t0" | "y0">, context: EventContext): State;
  /** Which of its conditions ended the solve: a tree of truth values. */
  mask(state: State): unknown;
  /** Whether it ever changes the state that the solve goes on from. @defaultValue false */
  readonly mayChange?: boolean;
  /** Whether events are recorded, which `recorded` then gives. @defaultValue false */
  readonly records?: boolean;
  /** The events that did not end the solve; `null` if none are recorded. */
  recorded?(state: State, y0: Tree): EventRows | null;
}
