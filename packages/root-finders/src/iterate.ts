import { add, equal, logicalAnd, logicalNot, where } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { scalarTensor } from "@diffrax-ts/program";
import { isTreeFinite } from "./newtonStep.ts";
import type { RootFinder, RootProblem, Termination } from "./RootFinder.ts";

/** Where an iteration is. */
export interface Iteration {
  readonly y: Tree;
  readonly state: unknown;
  readonly numSteps: Tensor;
  readonly terminate: Tensor;
  readonly result: Tensor;
}

/** Steps of a root finder until it terminates, fails, or has taken `maxSteps` of them. */
export function iterate(
  finder: RootFinder,
  problem: RootProblem,
  y0: Tree,
  maxSteps: number | null,
): Iteration {
  const state0 = finder.init(problem, y0);
  const start = {
    y: y0,
    state: state0,
    numSteps: scalarTensor("int32", 0),
    ...terminateAt(finder, problem, y0, state0),
  };
  const goesOn = ({ terminate, result }: Iteration): Tensor =>
    logicalAnd(logicalNot(terminate), equal(result, resultTensor("successful")));
  const turn = ({ y, state, numSteps }: Iteration): Iteration => {
    const next = finder.step(problem, y, state);
    return {
      ...next,
      numSteps: add(numSteps, 1),
      ...terminateAt(finder, problem, y, next.state),
    };
  };
  const end = treeLoop<Iteration>("rootFind", start, goesOn, turn, {
    bound: maxSteps,
    isCounted: maxSteps !== null,
  });
  const isOut = goesOn(end);
  return { ...end, result: where(isOut, resultTensor("nonlinearMaxStepsReached"), end.result) };
}

/** @param y - Where the step to `state` began: an iteration goes no further from one that is not finite. */
function terminateAt(
  finder: RootFinder,
  problem: RootProblem,
  y: Tree,
  state: unknown,
): Termination {
  const { terminate, result } = finder.terminate(problem, y, state);
  return { terminate, result: where(isTreeFinite(y), result, resultTensor("nonfinite")) };
}
