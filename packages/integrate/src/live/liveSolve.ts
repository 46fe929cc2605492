import {
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  where,
  zeros,
} from "@diffrax-ts/array";
import { cond, resultTypes, TraceCache } from "@diffrax-ts/autodiff";
import { arrayType, scalarTensor, type Type } from "@diffrax-ts/program";
import {
  type DenseInfo,
  type StepMade,
  termsOver,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import {
  type Callable,
  type Leaf,
  match,
  type Scalar,
  type Structure,
  structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { finishSolve } from "../finishSolve.ts";
import { optionAt } from "../optionAt.ts";
import { compiledPlan, type Plan } from "../Plan.ts";
import type { Prepared } from "../prepare.ts";
import { isUnderway, layoutOf, type SolveLayout, type TracedSolve } from "../solve.ts";
import type { SolveConfig, UntracedConfig } from "../SolveConfig.ts";
import { type StartedSolve, startSolve } from "../startSolve.ts";
import { type Slots, stateLoop } from "../stateLoop.ts";
import { traceSolve } from "../traceSolve.ts";
import type { LoopParts, LoopState } from "../LoopState.ts";
import { freshState, takeTurn } from "../turn.ts";
import { writeStep } from "../writeTrack.ts";

/** The last step that was kept, as its interpolation wants it. Times run forward. */
interface LastStep {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly denseEnd: Scalar;
  readonly denseInfo: DenseInfo;
}

/** What a solve carries that stops on its way, and goes on. */
interface LiveState {
  readonly loop: LoopState;
  readonly last: LastStep;
  /** It rests at the end of the first step that comes as far as this, in time that runs forward. */
  readonly until: Scalar;
  /** No step passes by this time: one that would ends there. */
  readonly stop: Scalar;
  /** Whether the solver begins anew with the next step: the host has changed something. */
  readonly restarts: Tensor;
  /** The next times of each track that saves at times, if it is handed them bit by bit. */
  readonly windows: readonly (Tensor | null)[];
  /** Whether rows of the last step are still due, for which there was no time in a window. */
  readonly isUnwritten: Tensor;
}

/** What the host knows of such a solve. */
export interface LiveLayout extends SolveLayout {
  readonly live: Slots<LiveState>;
  /** Of `y`, and of what the solver tells of a step. */
  readonly y: LeafPlaces;
  readonly denseInfo: LeafPlaces;
}

/** A tree of tensors in the state of the loop. */
export interface LeafPlaces {
  readonly structure: Structure;
  readonly types: readonly Type[];
  readonly slots: readonly number[];
}

/** What a solve depends on that stops on its way. */
export interface LiveConfig extends SolveConfig {
  /** Whether the times to save at are handed over bit by bit. */
  readonly hasWindows: boolean;
}

/** The same before it is traced. */
export type UntracedLiveConfig = UntracedConfig & Pick<LiveConfig, "hasWindows">;

/** A solve that stops on its way, checked. */
export interface LivePrepared extends Prepared {
  readonly config: UntracedLiveConfig;
}

/** `solve`, for a host that stops it where it likes, looks at the state, and changes it. */
export function liveSolve(config: LiveConfig): TracedSolve<LiveLayout> {
  const started = startSolve(config, true);
  const { parts } = started;
  const windows = parts.tracks.map(({ due: { times } }) => (config.hasWindows ? times : null));
  const start: LiveState = {
    loop: started.state,
    last: noStep(started),
    until: scalarTensor(config.dtype, Infinity),
    stop: scalarTensor(config.dtype, Infinity),
    restarts: no(),
    windows,
    isUnwritten: no(),
  };
  const isWindowed = windows.some((times) => times !== null);
  const goesOn = (state: LiveState): Tensor => {
    const { loop, until, isUnwritten } = state;
    const steps = logicalAnd(isUnderway(started, loop), less(loop.tprev, until));
    if (!isWindowed) return steps;
    return logicalAnd(logicalOr(steps, isUnwritten), logicalNot(isWaiting(state)));
  };
  const { state, slots } = stateLoop(start, goesOn, (before) => liveTurn(parts, before), {
    bound: null,
    host: true,
  });
  const layout = layoutOf(config, started, state.loop, slots.loop);
  return {
    output: finishSolve(config, started, state.loop),
    layout: {
      ...layout,
      tracks: layout.tracks.map((track, i) => {
        const { count, ts, ys } = slots.loop.tracks[i] ?? noRows;
        const isWindow = (windows[i] ?? null) !== null && count !== null;
        const { structure: like, isDense, open } = track;
        return { structure: like, isDense, open: isWindow ? { count, ts, ys } : open };
      }),
      live: slots,
      y: placesOf(state.loop.y, slots.loop.y),
      denseInfo: placesOf(state.last.denseInfo, slots.last.denseInfo),
    },
  };
}

/** Those of recorded events are elsewhere. */
const noRows = { count: null, ts: -1, ys: [] };

const no = (): Tensor => scalarTensor("bool", 0);

/** Before the first step nothing is told of any, in the shapes of what will be. */
function noStep({ parts, state }: StartedSolve): LastStep {
  const { solver, args, tolerances } = parts;
  const { tprev, tnext, y, solverState, madeJump } = state;
  const { terms } = termsOver(parts.terms, state.termState, tprev, tnext);
  const step = { t0: tprev, t1: tnext, y0: y, solverState, madeJump, args, tolerances };
  const told = resultTypes(() => solver.step(terms, step).denseInfo, [], "denseInfo");
  const nothing = told.types.map(({ dtype, shape }) => zeros(shape, { dtype }));
  const denseInfo = unflatten(told.structure, nothing) as DenseInfo;
  return { t0: tprev, t1: tprev, denseEnd: tprev, denseInfo };
}

function placesOf(tree: Tree, slots: unknown): LeafPlaces {
  const like = structure(tree);
  const found: Leaf[] = [];
  match(like, slots, found);
  const types = treeLeaves(tree).map(({ dtype, shape }) => arrayType(dtype, shape));
  return { structure: like, types, slots: found as readonly number[] };
}

/** Whether a track has used up the times that it was handed. */
function isWaiting({ windows, loop: { tracks } }: LiveState): Tensor {
  const waits = windows.flatMap((times, i) =>
    times === null ? [] : [equal(tracks[i]!.tsIndex!, times.length)],
  );
  return waits.reduce((a, b) => logicalOr(a, b));
}

/** A turn of the loop; or the rest of the rows of the step before. */
function liveTurn(parts: LoopParts, state: LiveState): LiveState {
  const tracks = parts.tracks.map((track, i) => {
    const times = state.windows[i] ?? null;
    return times === null ? track : { ...track, due: { ...track.due, times } };
  });
  const now = { ...parts, tracks };
  return state.windows.every((times) => times === null)
    ? step(now, state)
    : cond(
        state.isUnwritten,
        () => writeRest(now, state),
        () => step(now, state),
      );
}

function step(parts: LoopParts, state: LiveState): LiveState {
  const { next, step: made } = takeTurn(parts, shortened(restarted(parts, state), state.stop));
  const loop = afterStop(parts, state, next);
  const live = { ...state, loop, last: lastOf(made, state.last), restarts: no() };
  return { ...live, isUnwritten: isUnwritten(live) };
}

function shortened(loop: LoopState, stop: Scalar): LoopState {
  return { ...loop, tnext: where(less(stop, loop.tnext), stop, loop.tnext) as Scalar };
}

/** From where a step was shortened to, the next goes at least as far as that one was to. */
function afterStop(
  { controller }: LoopParts,
  { loop, stop }: LiveState,
  next: LoopState,
): LoopState {
  const hasStopped = logicalAnd(less(stop, loop.tnext), lessEqual(stop, next.tprev));
  const planned = controller.isAdaptive ? maximum(next.tnext, loop.tnext) : loop.tnext;
  const tnext = where(hasStopped, planned, next.tnext) as Scalar;
  if (controller.isAdaptive) return { ...next, tnext };
  // To a controller that counts steps it was not one of them.
  const controllerState = treeMap(
    (before, after) => where(hasStopped, before, after),
    loop.controllerState,
    next.controllerState,
  );
  return { ...next, tnext, controllerState };
}

/** The state with a solver that knows nothing of what was before, if it is to begin anew. */
function restarted(parts: LoopParts, state: LiveState): LoopState {
  const { loop, restarts } = state;
  const { tprev, tnext, y, termState } = loop;
  const solverState = cond(
    restarts,
    () => freshState(parts, termState, { t0: tprev, t1: tnext, y0: y }),
    () => loop.solverState,
  );
  return { ...loop, solverState, eventState: restartedEvent(parts, state) };
}

function restartedEvent({ event }: LoopParts, { loop, restarts }: LiveState): Tree {
  const { eventState, tprev: t0, y: y0 } = loop;
  if (event?.event.restart === undefined) return eventState;
  return cond(
    restarts,
    () => event.event.restart!(eventState, { t0, y0 }, event.context),
    () => eventState,
  );
}

function lastOf({ t0, t1, denseEnd, denseInfo, keepStep }: StepMade, before: LastStep): LastStep {
  if (keepStep === true) return { t0, t1, denseEnd, denseInfo };
  const keep = (made: Scalar, kept: Scalar): Scalar => where(keepStep, made, kept) as Scalar;
  return {
    t0: keep(t0, before.t0),
    t1: keep(t1, before.t1),
    denseEnd: keep(denseEnd, before.denseEnd),
    denseInfo: treeMap((a, b) => where(keepStep, a, b), denseInfo, before.denseInfo) as DenseInfo,
  };
}

/** Where a window ended, there may be more times in the same step. */
function isUnwritten(state: LiveState): Tensor {
  return state.windows.every((times) => times === null) ? no() : isWaiting(state);
}

/** Goes on with the rows of the last step, at times that have been handed over since. */
function writeRest({ tracks, solver }: LoopParts, state: LiveState): LiveState {
  const { last, loop } = state;
  const { t0, t1, denseEnd, denseInfo } = last;
  const { numAccepted } = loop;
  const made = {
    t0,
    t1,
    denseEnd,
    denseInfo,
    y0: loop.y,
    y1: loop.y,
    keepStep: true,
    numAccepted,
  } as const;
  const curve = () => solver.interpolation(t0, denseEnd, denseInfo);
  const onlyTimes = tracks.map((track) => ({ ...track, due: { ...track.due, steps: 0 } }));
  const written = onlyTimes.map((track, i) => writeStep(track, loop.tracks[i]!, made, curve));
  const live = { ...state, loop: { ...loop, tracks: written } };
  return { ...live, isUnwritten: isUnwritten(live) };
}

let caches: WeakMap<Callable, TraceCache<LivePlan, typeof liveSolve>> | undefined;

/** The plan of a solve that stops on its way. */
export type LivePlan = Plan<LiveLayout>;

/** The plans for such solves of one vector field. */
export function livePlansOf(field: Callable): TraceCache<LivePlan, typeof liveSolve> {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) {
    cache = new TraceCache(
      (f: typeof liveSolve, ...where) => compiledPlan(traceSolve(f, ...where)),
      optionAt,
    );
    caches.set(field, cache);
  }
  return cache;
}
