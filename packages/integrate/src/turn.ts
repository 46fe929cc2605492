import { add, astype, logicalOr, where } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import {
  addCounts,
  checkSolverState,
  checkStepDecision,
  checkStepResult,
  type CountName,
  type EventMet,
  firstFailure,
  type LocalInterpolation,
  type SolverStart,
  type SolverStepResult,
  type StepCounts,
  type StepDecision,
  type StepMade,
  termsOver,
  type TermsStep,
  type TracedResult,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { clipToEnd, upTo } from "./clipToEnd.ts";
import { goOn, type Going } from "./goOn.ts";
import type { EventInSolve, LoopParts, LoopState } from "./LoopState.ts";
import { resultOf, stuck, unlessFinite } from "./stepResult.ts";
import { writeChange, writeStep } from "./writeTrack.ts";

/** One turn of the loop: step, adapt, meet an event, write tracks, next step. */
export function turn(parts: LoopParts, state: LoopState): LoopState {
  return takeTurn(parts, state).next;
}

/** A turn of the loop. */
export interface Turn {
  readonly next: LoopState;
  /** The step that was made in it, as it counts. */
  readonly step: StepMade;
}

/** The same for those who want to know of the step. */
export function takeTurn(parts: LoopParts, state: LoopState): Turn {
  const over = termsOver(parts.terms, state.termState, state.tprev, state.tnext);
  const made = makeStep(parts, over, state);
  const decision = adapt(parts, state, made);

  const whole = wholeStep(parts, state, made, decision);
  const curve = (): LocalInterpolation =>
    parts.solver.interpolation(whole.t0, whole.denseEnd, whole.denseInfo);
  const seen = meetEvent(parts.event, state.eventState, whole, curve);
  const going = goOn(parts, state, decision, seen);
  const met = upToNext(parts, seen, going);

  const tracks = parts.tracks.map((track, i) => {
    const written = writeStep(track, state.tracks[i]!, met.step, curve);
    return met.change === undefined ? written : writeChange(track, written, met.step, met.change);
  });
  // The next step begins elsewhere where this one was cut, or the vector field jumps.
  const isWhole = met.wasCut === false && !parts.controller.mayJump;
  const termState = isWhole ? over.state : stateAtCut(parts, state, met.step);
  const next = nextStep(parts, state, {
    made,
    decision,
    met,
    going,
    termState,
    doubt: over.result,
  });
  const meter = parts.meter?.update(state.meter!, parts.progressAt(next.tprev), next.numSteps);
  return { next: { ...next, tracks, meter: meter ?? null }, step: met.step };
}

/** What the controls of the terms carry after a step that may have been cut. */
function stateAtCut({ terms }: LoopParts, { termState }: LoopState, { t0, t1 }: StepMade): Tree {
  return termsOver(terms, termState, t0, t1).state;
}

/** The solver's step, from the present time to the next. */
function makeStep(
  { solver, controller, args, tolerances }: LoopParts,
  { terms, result }: TermsStep,
  { tprev, tnext, y, solverState, madeJump }: LoopState,
): SolverStepResult<Tree> {
  const step = { t0: tprev, t1: tnext, y0: y, solverState, madeJump, args, tolerances };
  const made = checkStepResult(solver, solver.step(terms, step), solverState);
  // Of steps that adapt nobody knows beforehand how short they get: there it is a doubt, and no failure.
  return result === null || controller.isAdaptive
    ? made
    : { ...made, result: firstFailure([result, made.result]) };
}

/**
 * What the controller decides: whether the step is kept, and where the next one ends.
 *
 * @throws TypeError if it needs an estimate of the error, and the solver makes none: whatever controller it is.
 */
function adapt(
  { controller, args, errorOrder }: LoopParts,
  { tprev, tnext, y, controllerState }: LoopState,
  made: SolverStepResult<Tree>,
): StepDecision<Tree> {
  if (controller.isAdaptive && made.yError === null && treeLeaves(y).length > 0) {
    throw new TypeError(
      "diffeqsolve: the solver makes no error estimates, so its steps cannot be adapted; " +
        "use another solver, HalfSolver(solver), or constant steps",
    );
  }
  const tried = {
    t0: tprev,
    t1: tnext,
    y0: y,
    y1Candidate: made.y1,
    args,
    yError: made.yError,
    errorOrder,
    controllerState,
  };
  const decision = checkStepDecision(controller, controller.adaptStepSize(tried), controllerState);
  if (decision.madeJump !== false && !controller.mayJump) {
    throw new TypeError(
      `diffeqsolve: stepsizeController: ${controller.kind} says that the vector field has jumped, and its mayJump is false`,
    );
  }
  return decision;
}

/** The step as the solver made it: what it told belongs to all of it. */
function wholeStep(
  { controller, end }: LoopParts,
  { tprev, tnext, y, numAccepted }: LoopState,
  { y1, denseInfo }: SolverStepResult<Tree>,
  { keepStep, t0 }: StepDecision<Tree>,
): StepMade {
  const more = keepStep === true ? 1 : astype(keepStep, "int32");
  // Where the vector field jumps the next step begins a little later, and what lies between belongs to this one.
  const next = (): Scalar => upTo(end, t0);
  const t1 = !controller.mayJump
    ? tnext
    : keepStep === true
      ? next()
      : pick(keepStep, next(), tnext);
  return {
    t0: tprev,
    t1,
    y0: y,
    y1,
    denseInfo,
    denseEnd: tnext,
    keepStep,
    numAccepted: add(numAccepted, more),
  };
}

/** The step as it counts: shorter, if an event lies in it. */
function meetEvent(
  inSolve: EventInSolve | null,
  state: Tree,
  step: StepMade,
  curve: () => LocalInterpolation,
): EventMet<Tree> {
  return inSolve === null
    ? { state, step, wasCut: false, result: null }
    : inSolve.event.meet(state, step, inSolve.context, curve);
}

/** The step up to where the next one begins: that is a little later if it was cut where the vector field jumps. */
function upToNext({ controller }: LoopParts, met: EventMet<Tree>, { t0 }: Going): EventMet<Tree> {
  if (met.change === undefined || !controller.mayJump) return met;
  const { step } = met;
  const t1 = step.keepStep === true ? t0 : pick(step.keepStep, t0, step.t1);
  return { ...met, step: { ...step, t1 } };
}

/** Where the solve stands after the step, and the step that comes next. */
function nextStep(
  parts: LoopParts,
  state: LoopState,
  {
    made,
    decision,
    met,
    going,
    termState,
    doubt,
  }: {
    readonly made: SolverStepResult<Tree>;
    readonly decision: StepDecision<Tree>;
    readonly met: EventMet<Tree>;
    readonly going: Going;
    readonly termState: Tree;
    readonly doubt: TracedResult;
  },
): Omit<LoopState, "tracks" | "meter"> {
  const { controller, end } = parts;
  const { keepStep } = decision;
  const { step, change } = met;
  const keep = (candidate: Tree, before: Tree): Tree =>
    keepStep === true ? candidate : treeMap((a, b) => where(keepStep, a, b), candidate, before);
  const tprev = going.t0;
  const whole = clipToEnd(end, tprev, going.t1, keepStep);
  const planned = parts.event?.event.endOfStep?.(met.state, tprev, whole, parts.event.context);
  const tnext = planned?.t1 ?? whole;
  const y = keep(change === undefined ? step.y1 : change.y, state.y);
  const otherwise: Tensor[] = [];
  // Equal steps end where they are to: it costs nothing to see that the next begins where this one ended.
  const movesOn = keepStep === true && decision.t0 === state.tnext;
  if (controller.isAdaptive || !movesOn) {
    const isStuck = stuck({
      from: state.tprev,
      tried: state.tnext,
      next: decision.t0,
      tprev,
      tnext,
      t1: end.t1,
      candidate: step.y1,
      controllerStates: [state.controllerState, decision.controllerState],
    });
    otherwise.push(isStuck);
  }
  if (!controller.isAdaptive && keepStep === true) otherwise.push(unlessFinite(y));
  return {
    y,
    tprev,
    tnext,
    solverState:
      change === undefined
        ? keep(made.solverState, state.solverState)
        : cond(
            change.isNew,
            () => freshState(parts, termState, { t0: tprev, t1: tnext, y0: y }),
            () => keep(made.solverState, state.solverState),
          ),
    termState: keep(termState, state.termState),
    controllerState: going.controllerState,
    eventState: planned?.state ?? met.state,
    madeJump:
      state.madeJump === false ? false : (keep(jumpOf(decision, met), state.madeJump) as Tensor),
    result: resultOf(made, decision, met.result, firstFailure(otherwise)!),
    doubt:
      state.doubt === null
        ? null
        : (keep(firstFailure([state.doubt, doubt]), state.doubt) as Tensor),
    numSteps: add(state.numSteps, 1),
    numAccepted: step.numAccepted,
    counts: state.counts === null ? null : countsAfter(state.counts, made.counts ?? {}),
  };
}

/** What the solver carries from a state that it did not come to. */
export function freshState(
  { solver, terms, args, tolerances }: LoopParts,
  termState: Tree,
  { t0, t1, y0 }: Pick<SolverStart, "t0" | "t1" | "y0">,
): Tree {
  const over = termsOver(terms, termState, t0, t1);
  return checkSolverState(
    solver,
    solver.init(over.terms, { t0, t1, y0, args, tolerances }),
    t0.dtype,
  );
}

function countsAfter(
  before: Readonly<Record<CountName, Tensor>>,
  ofStep: StepCounts,
): Readonly<Record<CountName, Tensor>> {
  return addCounts(before, ofStep) as Record<CountName, Tensor>; // a tensor and whatever is added make a tensor
}

function pick(choice: Tensor, a: Scalar, b: Scalar): Scalar {
  return where(choice, a, b) as Scalar;
}

/** Whether the solver may not use what it passes on: the vector field or the state has jumped, or it belongs to a step that was cut. */
function jumpOf({ madeJump }: StepDecision<Tree>, { wasCut, change }: EventMet<Tree>): Tensor {
  const all = [madeJump, wasCut, change?.isNew ?? (false as const)].filter(
    (x): x is Tensor => x !== false,
  );
  return all.length === 0 ? scalarTensor("bool", 0) : all.reduce((a, b) => logicalOr(a, b));
}
