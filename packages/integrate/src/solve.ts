import { equal, less, logicalAnd } from "@diffrax-ts/array";
import {
  isStochastic,
  type LoopOptions,
  resultCode,
  structureUnpacked,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Structure, Tensor } from "@diffrax-ts/pytree";
import { finishSolve, type SolveOutput } from "./finishSolve.ts";
import type { SolveConfig } from "./SolveConfig.ts";
import { type StartedSolve, startSolve } from "./startSolve.ts";
import { type Slots, stateLoop } from "./stateLoop.ts";
import type { LoopState } from "./LoopState.ts";
import { turn } from "./turn.ts";

/** What is known of a solve once it has been traced. */
export interface SolveLayout {
  /** Where the host finds the state of the loop. */
  readonly slots: Slots<LoopState>;
  /** The rows of each track, those of events last. */
  readonly tracks: readonly TrackLayout[];
  /** The turns of a burst: as many as there is room for rows of an open track. */
  readonly turnsPerBurst: number;
}

/** The places of rows in buffers, and of their number. */
interface OpenRows {
  readonly count: number;
  readonly ts: number;
  readonly ys: readonly number[];
}

/** The rows of a track. */
export interface TrackLayout {
  /** Of a row: on the host, and of dense output, leaves may be put together in it. */
  readonly structure: Structure;
  /** Whether rows are for an interpolation, which works on them as they are. */
  readonly isDense: boolean;
  /** Where the host finds them, if there may be more of them than there is room for; otherwise `null`. */
  readonly open: OpenRows | null;
}

/** A burst ends after so many turns, so that the engine can put optimised code in the place of what it began with. */
const mostTurns = 1024;

/** A solve as it is traced. */
export interface TracedSolve<Layout = SolveLayout> {
  readonly output: SolveOutput;
  readonly layout: Layout;
}

/** The whole solve as one function of tensors: what comes before the loop, the loop, and what comes after it. */
export function solve(config: SolveConfig, { checkpoints }: LoopOptions = {}): TracedSolve {
  const started = startSolve(config);
  const { parts, state: start } = started;
  const goesOn = (state: LoopState): Tensor => isUnderway(started, state);
  const bound = config.host ? null : (config.maxSteps as number | null);
  // Equal steps over one interval: elements of a batch make each step together, with one time for all. Paths also draw their numbers so.
  const isEven = !config.controller.isAdaptive && config.event === null;
  const inStep = isEven && (isStochastic(config.terms) || ("lanes" as const));
  const options = { bound, host: config.host, inStep, checkpoints };
  const { state, slots } = stateLoop(start, goesOn, (before) => turn(parts, before), options);
  return {
    output: finishSolve(config, started, state),
    layout: layoutOf(config, started, state, slots),
  };
}

/** Whether there is more to do. */
export function isUnderway(
  { parts, maxSteps }: StartedSolve,
  { tprev, result, numSteps }: LoopState,
): Tensor {
  const isOn = logicalAnd(less(tprev, parts.end.t1), equal(result!, resultCode("successful")));
  return maxSteps === null ? isOn : logicalAnd(isOn, less(numSteps, maxSteps));
}

/** Where the host finds what the loop carries. */
export function layoutOf(
  { chunk, host }: SolveConfig,
  { parts, y0 }: StartedSolve,
  { eventState }: LoopState,
  slots: Slots<LoopState>,
): SolveLayout {
  const tracks = parts.tracks.map(({ structure: form, due, isDense }, k): TrackLayout => {
    const { count, ts, ys } = slots.tracks[k]!;
    const structure = host || isDense ? form : structureUnpacked(form);
    return { structure, isDense, open: due.steps > 0 && count !== null ? { count, ts, ys } : null };
  });
  let turnsPerBurst = tracks.some(({ open }) => open !== null) ? chunk : mostTurns;
  const events = parts.event?.event.recorded?.(eventState, y0);
  if (events) {
    const { structure: form, stepsPerDrain = null } = events;
    const structure = host ? form : structureUnpacked(form);
    // The same members of the tree of places that has the structure of the state.
    const places = parts.event!.event.recorded!(slots.eventState as Tree, y0) as unknown;
    tracks.push({
      structure,
      isDense: false,
      open: stepsPerDrain === null ? null : (places as OpenRows),
    });
    if (stepsPerDrain !== null) turnsPerBurst = Math.min(turnsPerBurst, stepsPerDrain);
  }
  return { slots, tracks, turnsPerBurst };
}
