import {
  abs,
  add,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  mul,
  notEqual,
  sub,
  where,
} from "@diffrax-ts/array";
import { assert, cond } from "@diffrax-ts/autodiff";
import { apply, scalarTensor } from "@diffrax-ts/program";
import {
  isOkay,
  type Result,
  resultCode,
  resultMessage,
  RESULTS,
  type SolverStepResult,
  type StepDecision,
  type Tree,
  treeLeaves,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** A result as a constant of traced code. */
export function code(result: Result): Tensor {
  return scalarTensor("int32", resultCode(result));
}

/** The first failure: of the solver if the step was kept, then of the controller, then `otherwise`. */
export function resultOf(
  made: SolverStepResult<Tree>,
  decision: StepDecision<Tree>,
  otherwise: Tensor,
): Tensor {
  const fine = code("successful");
  const ofSolver =
    made.result === null || decision.keepStep === true
      ? made.result
      : where(decision.keepStep, made.result, fine);
  return [ofSolver, decision.result, otherwise].reduce(
    (first: Tensor, next) => (next === null ? first : where(equal(first, fine), next, first)),
    fine,
  );
}

/** A next step of no length, or the shortest there is that was just rejected: nothing would change any more. */
export function stuck(
  tried: Scalar,
  tprev: Scalar,
  tnext: Scalar,
  t1: Scalar,
  candidate: Tree,
  keepStep: Tensor | true,
): Tensor {
  const noLength = logicalAnd(lessEqual(tnext, tprev), less(tprev, t1));
  const middle = add(tprev, mul(sub(tnext, tprev), 0.5));
  const again = logicalAnd(
    lessEqual(tried, tnext),
    logicalOr(lessEqual(middle, tprev), lessEqual(tnext, middle)),
  );
  const isStuck = keepStep === true ? noLength : where(keepStep, noLength, again);
  return cond(
    isStuck,
    () => where(isAllFinite(candidate), code("dtMinReached"), code("nonfinite")),
    () => code("successful"),
  );
}

/** Success, as long as the state is finite. */
export function unlessFinite(y: Tree): Tensor {
  return where(isAllFinite(y), code("successful"), code("nonfinite"));
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

/** Inside a traced function a failure cannot be looked at and then thrown: each has its assertion, with its message. */
export function assertOkay(result: Tensor): void {
  for (const failure of Object.values(RESULTS)) {
    if (isOkay(failure)) continue;
    assert(notEqual(result, resultCode(failure)), `diffeqsolve: ${resultMessage(failure)}`);
  }
}
