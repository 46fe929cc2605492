import { astype, div, equal, minimum, mul, sub, where } from "@diffrax-ts/array";
import { leavesLike } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  checkControllerStart,
  checkSolverState,
  checkStepSizeController,
  type ControllerStart,
  type CountName,
  countNames,
  type Event,
  type EventContext,
  type EventStarted,
  initTerms,
  mostSteps,
  packedLike,
  resultTensor,
  type StepMade,
  type StepSizeController,
  termsOver,
  type Tolerances,
  type Tree,
  treeLeaves,
  treeMap,
  unpackTree,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { wrapTerms } from "@diffrax-ts/terms";
import { assertTimes } from "./assertTimes.ts";
import { endOf, upTo } from "./clipToEnd.ts";
import { directionOf } from "./directionOf.ts";
import type { SolveConfig } from "./SolveConfig.ts";
import { meterInTrace, notBegun } from "./TracedMeter.ts";
import { packSolve } from "./packSolve.ts";
import { tolerancesIn } from "./tolerancesIn.ts";
import { denseTrack, foldTrack, savedTrack, type Track } from "./Track.ts";
import type { EventInSolve, LoopParts, LoopState } from "./LoopState.ts";
import { startTrack } from "./writeTrack.ts";

/** A solve before its first step. */
export interface StartedSolve {
  readonly parts: LoopParts;
  readonly state: LoopState;
  /** The start, in time that runs forward. */
  readonly t0: Scalar;
  readonly y0: Tree;
  readonly direction: Scalar | 1 | -1;
  /** The most steps, as a number or as a value of the trace; `null` for no limit. */
  readonly maxSteps: number | Tensor | null;
}

/** What comes before the loop: time is turned to run forward, the first step is chosen, states are made or taken over. */
export function startSolve(
  given: SolveConfig,
  mayBeEndless: boolean = given.event !== null,
): StartedSolve {
  const config = packSolve(given);
  const { dtype, solver, event } = config;
  const args = config.args.params;
  const direction = directionOf(config);
  const inTime = (t: Scalar): Scalar => mul(astype(t, dtype), direction);
  const [t0, t1] = [inTime(config.t0), inTime(config.t1)];
  const dt0 = config.dt0 === null ? null : inTime(config.dt0);
  const terms = direction === 1 ? config.terms : wrapTerms(config.terms, direction);
  const controller = checkStepSizeController(
    `diffeqsolve: stepsizeController: what ${config.controller.kind}.wrap returned`,
    config.controller.wrap(direction),
  );
  const tolerances = tolerancesIn(dtype, controller.tolerances);
  assertTimes(config, { t0, t1, dt0, direction });
  const errorOrder = solver.errorOrder(terms);

  const inSolve =
    event === null ? null : { event, context: contextOf(given, tolerances, direction) };
  const seen = inSolve === null ? null : startEvent(inSolve, config, t0);
  // The solution begins at `y0`, and its steps where an event has put it.
  const y0 = seen?.change?.y ?? config.y0;

  // The slope in the time of the solve, which may run against that of the user.
  const func = (t: Scalar, y: Tree): Tree => {
    const slope = solver.func(terms, t, y, args);
    return direction === 1 ? slope : treeMap((x) => mul(x, direction), slope);
  };
  const lastEnd = mayBeEndless ? (where(equal(t1, Infinity), t0, t1) as Scalar) : t1;
  const begin: ControllerStart = { terms, t0, t1: lastEnd, y0, dt0, args, func, errorOrder };
  const { t1: firstEnd, controllerState } = startController(controller, config, begin);
  const end = endOf(t1);
  const whole = upTo(end, firstEnd);
  const planned = inSolve?.event.endOfStep?.(seen!.state, t0, whole, inSolve.context);
  const tnext = planned?.t1 ?? whole;
  const termState = initTerms(terms, t0);
  const first = termsOver(terms, termState, t0, tnext);
  const solverState = continued(
    "solverState",
    config,
    checkSolverState(
      solver,
      solver.init(first.terms, { t0, t1: tnext, y0, args, tolerances }),
      t0.dtype,
    ),
  );

  const trackStart = { t0, y0, args, dtype, direction };
  const mayJump = controller.mayJump || event?.mayCut === true || event?.mayChange === true;
  const tracks: Track[] = config.saves.map((save) =>
    save.fold === null ? savedTrack(save, trackStart) : foldTrack(save, save.fold, trackStart),
  );
  if (config.dense) {
    const { madeJump } = config;
    const step = { t0, t1: tnext, y0, solverState, madeJump, args, tolerances };
    const firstStep = (): Pick<StepMade, "denseInfo" | "denseEnd"> => ({
      denseInfo: solver.step(first.terms, step).denseInfo,
      denseEnd: tnext,
    });
    tracks.push(denseTrack(firstStep, mayJump));
  }

  const meter = config.meter === null ? null : meterInTrace(config.meter);
  meter?.announce([t0, t1, config.terms, y0, args, solverState, tnext]);
  const changes = event?.mayChange === true ? rowsOfChanges(event, seen!.state, config) : 0;
  const state: LoopState = {
    y: y0,
    tprev: t0,
    tnext,
    solverState,
    termState,
    controllerState,
    eventState: planned?.state ?? seen?.state ?? null,
    madeJump: config.madeJump === false && mayJump ? scalarTensor("bool", 0) : config.madeJump,
    result: seen?.result ?? resultTensor("successful"),
    doubt:
      config.host && controller.isAdaptive && first.result !== null
        ? resultTensor("successful")
        : null,
    numSteps: scalarTensor("int32", 0),
    numAccepted: scalarTensor("int32", 0),
    counts: config.counts ? noCounts() : null,
    tracks: tracks.map((track) =>
      startTrack(track, config, t0, { changes, change: seen?.change ?? null }),
    ),
    meter: meter === null ? null : notBegun(),
  };
  // From a point to itself there is no way.
  const progressAt = (t: Scalar): Tensor =>
    where(equal(t0, t1), 0, div(sub(t, t0), where(equal(t0, t1), 1, sub(t1, t0))));
  const common = { terms, solver, controller, args, tolerances, errorOrder };
  const parts = { ...common, event: inSolve, end, tracks, meter, progressAt };
  return { parts, state, t0, y0, direction, maxSteps: limitOf(config) };
}

/** What an event sees at the start. */
function startEvent(
  { event, context }: EventInSolve,
  { y0, host, chunk }: SolveConfig,
  t0: Scalar,
): EventStarted<Tree> {
  return event.init({ t0, y0, chunk: host ? chunk : null }, context);
}

/** The rows that changes of the state may add to those of steps. */
function rowsOfChanges(event: Event, state: Tree, { host, chunk, y0 }: SolveConfig): number {
  return host ? chunk : (event.recorded?.(state, y0)?.ts.length ?? 0);
}

function noCounts(): Readonly<Record<CountName, Tensor>> {
  const zero: Tensor = scalarTensor("int32", 0);
  return Object.fromEntries(countNames.map((name) => [name, zero])) as Record<CountName, Tensor>;
}

/** Where the first step ends, and the state of the controller: that of another solve, if it is given. */
function startController(
  controller: StepSizeController,
  config: SolveConfig,
  begin: ControllerStart,
): ReturnType<StepSizeController["init"]> {
  const started = checkControllerStart(controller, controller.init(begin));
  if (config.controllerState === undefined) return started;
  const controllerState = continued("controllerState", config, started.controllerState);
  const resumed = controller.resume?.(controllerState, begin);
  return resumed === undefined
    ? { t1: started.t1, controllerState }
    : checkControllerStart(controller, resumed);
}

/** The state to begin with: that of another solve, if it is given and is like the one that was made. */
function continued(
  name: "solverState" | "controllerState",
  config: SolveConfig,
  fresh: Tree,
): Tree {
  const given = config[name];
  if (given === undefined) return fresh;
  const wanted = unpackTree(fresh);
  const like = structure(wanted);
  try {
    const leaves = leavesLike(like, treeLeaves(wanted), given, `diffeqsolve: ${name}`);
    return packedLike(unflatten(like, leaves) as Tree, fresh);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const part = name === "solverState" ? "solver" : "step size controller";
    const wayOut = `it belongs to a ${part} with the options that it was made with: take the same, or leave ${name} out`;
    throw new TypeError(`${error.message}; ${wayOut}`, { cause: error });
  }
}

/** The solve as its event is told of it. */
function contextOf(
  config: SolveConfig,
  tolerances: Tolerances | null,
  direction: Scalar | 1 | -1,
): EventContext {
  const { terms, solver, t0, t1, dt0, dtype, saves, dense, maxSteps } = config;
  const asTime = (t: Scalar): Scalar => astype(t, dtype);
  const info = {
    terms,
    solver,
    t0: asTime(t0),
    t1: asTime(t1),
    dt0: dt0 === null ? null : asTime(dt0),
    saveat: {
      subs: saves.map((save) => ({
        t0: save.t0,
        t1: save.t1,
        steps: save.steps,
        fn: save.fn,
        ts: save.ts,
      })),
      dense,
    },
    stepsizeController: config.controller,
    maxSteps,
  };
  return { info, args: config.args.params, tolerances, direction };
}

function limitOf({ maxSteps }: SolveConfig): number | Tensor | null {
  return typeof maxSteps === "object" && maxSteps !== null
    ? astype(minimum(maxSteps, mostSteps), "int32")
    : maxSteps;
}
