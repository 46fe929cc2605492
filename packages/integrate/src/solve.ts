import {
  add,
  astype,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  minimum,
  mul,
  where,
} from "@diffrax-ts/array";
import { leavesLike } from "@diffrax-ts/autodiff";
import { apply, scalarTensor } from "@diffrax-ts/program";
import {
  type ControllerStart,
  initTerms,
  type LocalInterpolation,
  type LoopOptions,
  resultCode,
  type SolverStep,
  type SolverStepResult,
  type StepDecision,
  type Terms,
  termsOver,
  type TracedResult,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { wrapTerms } from "@diffrax-ts/terms";
import { assertTimes } from "./assertTimes.ts";
import { clipToEnd, endOf, upTo } from "./clipToEnd.ts";
import { type DenseState, keepDense, startDense } from "./dense.ts";
import {
  makeSaver,
  saveEnd,
  saveIfPoint,
  saveStart,
  saveStep,
  saveTimes,
  type SaveState,
  startSaving,
} from "./saving.ts";
import type { SolveConfig } from "./SolveConfig.ts";
import { type Slots, stateLoop } from "./stateLoop.ts";
import { assertOkay, code, resultOf, stuck, unlessFinite } from "./stepResult.ts";
import { tolerancesIn } from "./tolerancesIn.ts";

/** All that changes from step to step. */
interface LoopState {
  readonly y: Tree;
  /** The present step goes from here … */
  readonly tprev: Scalar;
  /** … to here. */
  readonly tnext: Scalar;
  readonly solverState: Tree;
  /** What the controls of the terms carry: nothing, for time. */
  readonly termState: Tree;
  readonly controllerState: Tree;
  readonly madeJump: Tensor | false;
  readonly result: TracedResult;
  readonly numSteps: Tensor;
  readonly numAccepted: Tensor;
  readonly saves: readonly SaveState[];
  readonly dense: DenseState | null;
}

/** What a solve gives, as tensors. Times are as the user sees them. */
export interface SolveOutput {
  readonly tEnd: Scalar;
  readonly saves: readonly SaveState[];
  readonly dense: DenseState | null;
  readonly result: Tensor;
  readonly numSteps: Tensor;
  readonly numAccepted: Tensor;
  readonly solverState: Tree;
  readonly controllerState: Tree;
  readonly madeJump: Tensor | null;
}

/** What is known of a solve once it has been traced. */
export interface SolveLayout {
  /** Where the host finds the state of the loop. */
  readonly slots: Slots<LoopState>;
  /** Of what each thing to save saves. */
  readonly saved: readonly Structure[];
  /** Of what the solver tells of a step; `null` if that is not kept. */
  readonly info: Structure | null;
}

const int = (x: number): Tensor => scalarTensor("int32", x);

/** The whole solve as one function of tensors: the loop, with what comes before and after it. */
export function solve(
  config: SolveConfig,
  { checkpoints }: LoopOptions = {},
): {
  readonly output: SolveOutput;
  readonly layout: SolveLayout;
} {
  const { dtype, solver, keeps } = config;
  const args = config.args.params;
  const direction = directionOf(config);
  const inTime = (t: Scalar): Scalar => mul(astype(t, dtype), direction) as Scalar;
  const [t0, t1] = [inTime(config.t0), inTime(config.t1)];
  const dt0 = config.dt0 === null ? null : inTime(config.dt0);
  const terms = direction === 1 ? config.terms : wrapTerms(config.terms, direction);
  const controller = config.controller.wrap(direction);
  const tolerances = tolerancesIn(dtype, controller.tolerances);
  const { y0 } = config;
  assertTimes(config, { t0, t1, dt0, direction });
  const errorOrder = solver.errorOrder(terms);

  // The slope in the time of the solve, which may run against that of the user.
  const func = (t: Scalar, y: Tree): Tree => {
    const slope = solver.func(terms, t, y, args);
    return direction === 1 ? slope : treeMap((x) => mul(x, direction), slope);
  };
  const begin: ControllerStart = { terms, t0, t1, y0, dt0, args, func, errorOrder };
  const started = controller.init(begin);
  const given = continued("controllerState", config, started.controllerState);
  const isContinued = config.controllerState !== undefined;
  const controllerState = isContinued ? (controller.resume?.(given, begin) ?? given) : given;
  const end = endOf(t1);
  const tnext = upTo(end, isContinued && dt0 !== null ? (add(t0, dt0) as Scalar) : started.t1);
  const termState = initTerms(terms, t0);
  const first = termsOver(terms, termState, t0, tnext);
  const solverState = continued(
    "solverState",
    config,
    solver.init(first.terms, { t0, t1: tnext, y0, args, tolerances }),
  );
  const step = (
    over: Terms,
    state: Pick<SolverStep<Tree>, "t0" | "t1" | "y0" | "solverState" | "madeJump">,
  ): SolverStepResult<Tree> => solver.step(over, { ...state, args, tolerances });

  const savers = config.saves.map((sub) => makeSaver(sub, config, t0, y0, direction));
  const dense = config.dense
    ? startDense(
        config,
        () =>
          step(first.terms, { t0, t1: tnext, y0, solverState, madeJump: config.madeJump })
            .denseInfo,
      )
    : null;
  const maxSteps = limitOf(config);

  const start: LoopState = {
    y: y0,
    tprev: t0,
    tnext,
    solverState,
    termState,
    controllerState,
    madeJump:
      config.madeJump === false && controller.mayJump ? scalarTensor("bool", 0) : config.madeJump,
    result: code("successful"),
    numSteps: int(0),
    numAccepted: int(0),
    saves: savers.map((saver) => saveStart(saver, startSaving(saver, config), t0, y0)),
    dense: dense?.state ?? null,
  };

  const goesOn = ({ tprev, result, numSteps }: LoopState): Tensor => {
    const isOn = logicalAnd(less(tprev, t1), equal(result!, resultCode("successful")));
    return maxSteps === null ? isOn : logicalAnd(isOn, less(numSteps, maxSteps));
  };

  const turn = (state: LoopState): LoopState => {
    const over = termsOver(terms, state.termState, state.tprev, state.tnext);
    const made = step(over.terms, {
      t0: state.tprev,
      t1: state.tnext,
      y0: state.y,
      solverState: state.solverState,
      madeJump: state.madeJump,
    });
    const decision = controller.adaptStepSize({
      t0: state.tprev,
      t1: state.tnext,
      y0: state.y,
      y1Candidate: made.y1,
      args,
      yError: made.yError,
      errorOrder,
      controllerState: state.controllerState,
    });
    if (decision.madeJump !== false && !controller.mayJump) {
      throw new TypeError(
        `diffeqsolve: stepsizeController: ${controller.kind} says that the vector field has jumped, and its mayJump is false`,
      );
    }

    const { keepStep } = decision;
    const keep = (candidate: Tree, before: Tree): Tree =>
      keepStep === true ? candidate : treeMap((a, b) => where(keepStep, a, b), candidate, before);
    const tprev = upTo(end, decision.t0);
    const next = clipToEnd(end, tprev, decision.t1, keepStep);
    const y = keep(made.y1, state.y);
    const numAccepted = add(state.numAccepted, keepStep === true ? 1 : astype(keepStep, "int32"));
    const interpolate = (): LocalInterpolation =>
      solver.interpolation(state.tprev, state.tnext, made.denseInfo);
    const saves = savers.map((saver, i) => {
      const withTimes = saveTimes(saver, state.saves[i]!, interpolate, state.tnext, keepStep);
      return saveStep(saver, withTimes, tprev, y, numAccepted, keepStep);
    });
    return {
      y,
      tprev,
      tnext: next,
      solverState: keep(made.solverState, state.solverState),
      termState: keep(over.state, state.termState),
      controllerState: decision.controllerState,
      madeJump:
        state.madeJump === false ? false : (keep(jumpOf(decision), state.madeJump) as Tensor),
      result: resultOf(
        made,
        decision,
        controller.isAdaptive || keepStep !== true
          ? stuck({
              tried: state.tnext,
              tprev,
              tnext: next,
              t1,
              keepStep,
              candidate: made.y1,
              controllerStates: [state.controllerState, decision.controllerState],
            })
          : unlessFinite(y),
      ),
      numSteps: add(state.numSteps, 1),
      numAccepted,
      saves,
      dense: state.dense === null ? null : keepDense(state.dense, tprev, made.denseInfo, keepStep),
    };
  };

  const bound = config.host ? null : (config.maxSteps as number | null);
  const options = { bound, host: config.host, checkpoints };
  const { state, slots } = stateLoop(start, goesOn, turn, options);

  const unfinished = logicalAnd(
    less(state.tprev, t1),
    equal(state.result!, resultCode("successful")),
  );
  const result = where(unfinished, code("maxStepsReached"), state.result!);
  if (config.throws) assertOkay(result);
  const saves = savers.map((saver, i) => {
    const withPoints = saveIfPoint(saver, state.saves[i]!, t0, t1, y0);
    const { count, ts, ys } = saveEnd(saver, withPoints, state.tprev, state.y, state.numAccepted);
    return { count, tsIndex: null, ts: freeze(ts), ys: ys.map(freeze) };
  });
  const output: SolveOutput = {
    tEnd: mul(state.tprev, direction) as Scalar,
    saves,
    dense: state.dense && {
      ...state.dense,
      ts: freeze(state.dense.ts),
      infos: state.dense.infos.map(freeze),
    },
    result,
    numSteps: state.numSteps,
    numAccepted: state.numAccepted,
    solverState: keeps.solverState ? state.solverState : null,
    controllerState: keeps.controllerState ? state.controllerState : null,
    madeJump: state.madeJump === false ? null : state.madeJump,
  };
  return {
    output,
    layout: {
      slots,
      saved: savers.map(({ structure }) => structure),
      info: dense?.structure ?? null,
    },
  };
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

/** 1 if time runs forward, -1 if it runs backward. An interval of no length has the direction of its first step. */
export function directionOf({
  direction,
  dtype,
  ...span
}: Pick<SolveConfig, "direction" | "t0" | "t1" | "dt0" | "dtype">): Scalar | 1 | -1 {
  if (direction === "forward") return 1;
  if (direction === "backward") return -1;
  const [t0, t1] = [astype(span.t0, dtype), astype(span.t1, dtype)];
  const isForward =
    span.dt0 === null
      ? lessEqual(t0, t1)
      : logicalOr(less(t0, t1), logicalAnd(equal(t0, t1), less(0, span.dt0)));
  return astype(where(isForward, 1, -1), dtype) as Scalar;
}

/** The most steps, as a number or as a value of the trace; `null` for no limit. */
function limitOf({ maxSteps }: SolveConfig): number | Tensor | null {
  return typeof maxSteps === "object" && maxSteps !== null
    ? astype(minimum(maxSteps, 2 ** 31 - 1), "int32")
    : maxSteps;
}

function jumpOf({ madeJump }: StepDecision<Tree>): Tensor {
  return madeJump === false ? scalarTensor("bool", 0) : madeJump;
}

function freeze(buffer: Tensor): Tensor {
  return apply("bufferFreeze", [buffer], {})[0]!;
}
