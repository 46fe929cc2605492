import type {
  CountName,
  Event,
  EventContext,
  Solver,
  StepSizeController,
  Terms,
  Tolerances,
  TracedResult,
  Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { End } from "./clipToEnd.ts";
import type { Track, TrackState } from "./Track.ts";
import type { MeterInTrace } from "./TracedMeter.ts";

/** An event, and the solve that it belongs to. */
export interface EventInSolve {
  readonly event: Event;
  readonly context: EventContext;
}

/** What stays the same from turn to turn. Times run forward. */
export interface LoopParts {
  readonly terms: Terms;
  readonly solver: Solver;
  readonly controller: StepSizeController;
  /** What may end the solve or shorten a step, and what it is told of the solve; `null` if nothing does. */
  readonly event: EventInSolve | null;
  readonly args: unknown;
  readonly tolerances: Tolerances | null;
  readonly errorOrder: number | null;
  readonly end: End;
  readonly tracks: readonly Track[];
  /** Told how far the solve has come, the part of the way at a time; `null` if nobody is. */
  readonly meter: MeterInTrace | null;
  readonly progressAt: (t: Scalar) => Tensor;
}

/** All that changes from turn to turn. */
export interface LoopState {
  readonly y: Tree;
  /** The present step goes from here … */
  readonly tprev: Scalar;
  /** … to here. */
  readonly tnext: Scalar;
  readonly solverState: Tree;
  /** What the controls of the terms carry: nothing, for time. */
  readonly termState: Tree;
  readonly controllerState: Tree;
  readonly eventState: Tree;
  readonly madeJump: Tensor | false;
  readonly result: TracedResult;
  /** Why the control of a term was not good for a step that the controller chose; `null` if nobody is to be warned. */
  readonly doubt: TracedResult;
  readonly numSteps: Tensor;
  readonly numAccepted: Tensor;
  /** How much work the steps took, by name; `null` if nobody asks. */
  readonly counts: Readonly<Record<CountName, Tensor>> | null;
  readonly tracks: readonly TrackState[];
  /** The number of the progress meter. */
  readonly meter: Scalar | null;
}
