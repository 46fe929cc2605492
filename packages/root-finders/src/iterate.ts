import { add, equal, less, logicalAnd, logicalNot, where } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import type { IterativeSolver, Problem, Termination } from "./IterativeSolver.ts";
import { isTreeFinite } from "./trees.ts";

/** Where an iteration is. */
export interface Iteration {
  readonly y: Tree;
  readonly state: unknown;
  readonly numSteps: Tensor;
  readonly terminate: Tensor;
  readonly result: Tensor;
}

/**
 * Steps of a solver until it terminates, fails, or has taken `maxSteps` of them.
 *
 * @param name - Of what runs it, for errors.
 */
export function iterate(
  name: string,
  solver: IterativeSolver,
  problem: Problem,
  y0: Tree,
  maxSteps: number | null,
): Iteration {
  const state0 = solver.init(problem, y0);
  const start = {
    y: y0,
    state: state0,
    numSteps: scalarTensor("int32", 0),
    ...terminateAt(solver, problem, y0, state0),
  };
  const isUnfinished = ({ terminate, result }: Iteration): Tensor =>
    logicalAnd(logicalNot(terminate), equal(result, resultTensor("successful")));
  const goesOn = (now: Iteration): Tensor =>
    maxSteps === null
      ? isUnfinished(now)
      : logicalAnd(less(now.numSteps, maxSteps), isUnfinished(now));
  const turn = ({ y, state, numSteps }: Iteration): Iteration => {
    const next = solver.step(problem, y, state);
    return {
      y: next.y,
      state: next.state,
      numSteps: add(numSteps, 1),
      ...terminateAt(solver, problem, y, next.state),
    };
  };
  const end = treeLoop<Iteration>(name, start, goesOn, turn, { bound: maxSteps });
  const isOut = isUnfinished(end);
  return { ...end, result: where(isOut, resultTensor("nonlinearMaxStepsReached"), end.result) };
}

/** @param y - Where the step to `state` began: an iteration goes no further from one that is not finite. */
function terminateAt(
  solver: IterativeSolver,
  problem: Problem,
  y: Tree,
  state: unknown,
): Termination {
  const { terminate, result } = solver.terminate(problem, y, state);
  return { terminate, result: where(isTreeFinite(y), result, resultTensor("nonfinite")) };
}
