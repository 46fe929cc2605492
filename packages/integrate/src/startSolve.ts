import { astype, minimum, mul } from "@diffrax-ts/array";
import { leavesLike } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  checkControllerStart,
  checkStepSizeController,
  type ControllerStart,
  initTerms,
  mostSteps,
  resultTensor,
  type StepMade,
  type StepSizeController,
  termsOver,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { wrapTerms } from "@diffrax-ts/terms";
import { assertTimes } from "./assertTimes.ts";
import { endOf, upTo } from "./clipToEnd.ts";
import { directionOf } from "./directionOf.ts";
import type { SolveConfig } from "./SolveConfig.ts";
import { tolerancesIn } from "./tolerancesIn.ts";
import { denseTrack, savedTrack, type Track } from "./Track.ts";
import type { LoopParts, LoopState } from "./turn.ts";
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
export function startSolve(config: SolveConfig): StartedSolve {
  const { dtype, solver, event, y0 } = config;
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

  // The slope in the time of the solve, which may run against that of the user.
  const func = (t: Scalar, y: Tree): Tree => {
    const slope = solver.func(terms, t, y, args);
    return direction === 1 ? slope : treeMap((x) => mul(x, direction), slope);
  };
  const begin: ControllerStart = { terms, t0, t1, y0, dt0, args, func, errorOrder };
  const { t1: firstEnd, controllerState } = startController(controller, config, begin);
  const end = endOf(t1);
  const tnext = upTo(end, firstEnd);
  const termState = initTerms(terms, t0);
  const first = termsOver(terms, termState, t0, tnext);
  const solverState = continued(
    "solverState",
    config,
    solver.init(first.terms, { t0, t1: tnext, y0, args, tolerances }),
  );

  const trackStart = { t0, y0, args, dtype, direction };
  const mayJump = controller.mayJump || event !== null;
  const tracks: Track[] = config.saves.map((save) => savedTrack(save, trackStart));
  if (config.dense) {
    const { madeJump } = config;
    const step = { t0, t1: tnext, y0, solverState, madeJump, args, tolerances };
    const firstStep = (): Pick<StepMade, "denseInfo" | "denseEnd"> => ({
      denseInfo: solver.step(first.terms, step).denseInfo,
      denseEnd: tnext,
    });
    tracks.push(denseTrack(firstStep, mayJump));
  }

  const state: LoopState = {
    y: y0,
    tprev: t0,
    tnext,
    solverState,
    termState,
    controllerState,
    eventState: event === null ? null : event.init({ t0, y0, args, tolerances }),
    madeJump: config.madeJump === false && mayJump ? scalarTensor("bool", 0) : config.madeJump,
    result: resultTensor("successful"),
    numSteps: scalarTensor("int32", 0),
    numAccepted: scalarTensor("int32", 0),
    tracks: tracks.map((track) => startTrack(track, config, t0, y0)),
  };
  const parts = { terms, solver, controller, event, args, tolerances, errorOrder, end, tracks };
  return { parts, state, t0, y0, direction, maxSteps: limitOf(config) };
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
  const like = structure(fresh);
  const leaves = leavesLike(like, treeLeaves(fresh), given, `diffeqsolve: ${name}`);
  return unflatten(like, leaves) as Tree;
}

function limitOf({ maxSteps }: SolveConfig): number | Tensor | null {
  return typeof maxSteps === "object" && maxSteps !== null
    ? astype(minimum(maxSteps, mostSteps), "int32")
    : maxSteps;
}
