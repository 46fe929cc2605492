import {
  abs,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  notEqual,
  where,
} from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import { apply, scalarTensor } from "@diffrax-ts/program";
import {
  firstFailure,
  resultTensor,
  type SolverStepResult,
  type StepDecision,
  type TracedResult,
  type Tree,
  treeLeaves,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** What ends the solve first: a failure of the solver if the step was kept, then of the controller, then an event, then `otherwise`. */
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
  return firstFailure([ofSolver, decision.result, ofEvent, otherwise])!;
}

/** A step that was tried, and what it is to be followed by. */
export interface Attempt {
  /** The end of the step that was tried. */
  readonly tried: Scalar;
  /** The next step goes from here … */
  readonly tprev: Scalar;
  /** … to here. */
  readonly tnext: Scalar;
  /** The end of the solve. */
  readonly t1: Scalar;
  readonly keepStep: Tensor | true;
  /** What the step led to, kept or not. */
  readonly candidate: Tree;
  /** The states of the controller before and after the step. */
  readonly controllerStates: readonly [Tree, Tree];
}

/**
 * A failure, if nothing would change any more: the next step has no length, or the step that was rejected would be tried again, no
 * shorter and from the same state of the controller. However short a step is, a rejected one has to become shorter.
 */
export function stuck(attempt: Attempt): Tensor {
  const { tried, tprev, tnext, t1, keepStep, candidate, controllerStates } = attempt;
  const noLength = logicalAnd(lessEqual(tnext, tprev), less(tprev, t1));
  const noShorter = lessEqual(tried, tnext);
  const fine = resultTensor("successful");
  const failed = (): Tensor =>
    where(isAllFinite(candidate), resultTensor("dtMinReached"), resultTensor("nonfinite"));
  return cond(
    keepStep === true ? noLength : where(keepStep, noLength, logicalOr(noLength, noShorter)),
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
