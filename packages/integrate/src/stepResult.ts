import {
  abs,
  equal,
  greater,
  less,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { apply, scalarTensor } from "@diffrax-ts/program";
import {
  firstFailure,
  resultCode,
  resultTensor,
  type SolverStepResult,
  type StepDecision,
  type TracedResult,
  type Tree,
  treeLeaves,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/**
 * What ends the solve first: a failure of the solver if the step was kept, then of the controller, then an event, then `otherwise`. A solver that failed
 * until steps became too short is why they did.
 */
export function resultOf(
  made: SolverStepResult<Tree>,
  decision: StepDecision<Tree>,
  ofEvent: TracedResult,
  otherwise: Tensor,
): Tensor {
  const fine = resultTensor("successful");
  const ofSolver =
    made.result === null || decision.keepStep === true
      ? made.result
      : where(decision.keepStep, made.result, fine);
  return firstFailure([ofSolver, decision.result, ofEvent, reasonOf(otherwise, made.result)])!;
}

/** Why the solve does not go on. */
function reasonOf(otherwise: Tensor, ofSolver: TracedResult): Tensor {
  const fine = resultCode("successful");
  if (ofSolver === null) return otherwise;
  const isEnd = logicalAnd(notEqual(otherwise, fine), notEqual(ofSolver, fine));
  return where(isEnd, ofSolver, otherwise);
}

/** A step that was tried, and what it is to be followed by. */
export interface Attempt {
  /** The step that was tried began here … */
  readonly from: Scalar;
  /** … and ended here. */
  readonly tried: Scalar;
  /** Where the controller says that the next one begins. */
  readonly next: Scalar;
  /** The next step does go from here … */
  readonly tprev: Scalar;
  /** … to here. */
  readonly tnext: Scalar;
  /** The end of the solve. */
  readonly t1: Scalar;
  /** What the step led to, kept or not. */
  readonly candidate: Tree;
  /** The states of the controller before and after the step. */
  readonly controllerStates: readonly [Tree, Tree];
}

/**
 * A failure, if nothing would change any more: the next step has no length, or it begins where the one before did, is no shorter,
 * and is made from the same state of the controller. However short a step is, a rejected one has to become shorter. A time that is
 * not a number is neither later nor earlier than another, so each comparison asks for what is wanted and takes the opposite.
 */
export function stuck(attempt: Attempt): Tensor {
  const { from, tried, next, tprev, tnext, t1, candidate, controllerStates } = attempt;
  const noLength = logicalAnd(logicalNot(greater(tnext, tprev)), less(tprev, t1));
  const noShorter = logicalAnd(logicalNot(greater(next, from)), logicalNot(less(tnext, tried)));
  const fine = resultTensor("successful");
  const failed = (): Tensor =>
    where(isAllFinite(candidate), resultTensor("dtMinReached"), resultTensor("nonfinite"));
  return cond(
    logicalOr(noLength, noShorter),
    () => where(logicalOr(noLength, isSame(...controllerStates)), failed(), fine),
    () => fine,
  );
}

/** Whether two trees of one structure hold the same numbers. */
function isSame(a: Tree, b: Tree): Tensor {
  const others = treeLeaves(b);
  return treeLeaves(a)
    .map((x, i): Tensor => {
      const y = others[i]!;
      const same = logicalOr(equal(x, y), logicalAnd(notEqual(x, x), notEqual(y, y)));
      return apply("reduceMin", [same], { axes: [...x.shape.keys()] })[0]!;
    })
    .reduce(logicalAnd, scalarTensor("bool", 1));
}

/** Success, as long as the state is finite. */
export function unlessFinite(y: Tree): Tensor {
  return where(isAllFinite(y), resultTensor("successful"), resultTensor("nonfinite"));
}

/** A maximum is not a number if one of its elements is none, so that one pass over large arrays will do. */
function isAllFinite(tree: Tree): Tensor {
  return treeLeaves(tree)
    .filter(({ size }) => size > 0)
    .map((leaf): Tensor => {
      const [largest] = apply("reduceMax", [abs(leaf)], { axes: [...leaf.shape.keys()] });
      return less(largest!, Infinity);
    })
    .reduce(logicalAnd, scalarTensor("bool", 1));
}
