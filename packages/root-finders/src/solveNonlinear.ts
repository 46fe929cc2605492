import { asTensor, neg, zerosLike } from "@diffrax-ts/array";
import { callTraced, customJvp, jvp, stopGradient, watched } from "@diffrax-ts/autodiff";
import { JacobianLinearOperator, linearSolve } from "@diffrax-ts/linear-solvers";
import { isTraced, scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { type Callable, map, part, type Tensor, unwrapFixed } from "@diffrax-ts/pytree";
import type { Found, Given, Variables } from "./Given.ts";
import { iterate } from "./iterate.ts";
import type { Problem } from "./IterativeSolver.ts";
import type { NonlinearSolution } from "./NonlinearSolution.ts";
import { assertSolved, nonlinearMessage, nonlinearResultName } from "./results.ts";
import type { RootFinder } from "./RootFinder.ts";
import { jacobianAt } from "./solvers/newtonStep.ts";
import { spaceOfTree } from "./trees.ts";

/** A solution, with all that is known of it. */
export type FullSolution = NonlinearSolution & Pick<Found, "jacobian">;

/** Solves what was asked for; at once if all is known. */
export function solveNonlinear(given: Given): FullSolution {
  const { name, maxSteps, throws, y0 } = given;
  const found =
    spaceOfTree(y0).size === 0
      ? nothingFound(given)
      : (callTraced(solve, [part("nonlinear", given)], name) as Found);
  const { result: code, numSteps, ...rest } = found;
  if (isTraced(code)) {
    if (throws) assertSolved(name, code);
    const solution = { ...rest, result: code, stats: { numSteps, maxSteps } };
    return watched(solution, { result: adviceFor(name) });
  }
  const result = nonlinearResultName(code.item());
  if (throws && result !== "successful") throw new Error(`${name}: ${nonlinearMessage(result)}`);
  return { ...rest, result, stats: { numSteps: numSteps.item(), maxSteps } };
}

function adviceFor(name: string): string {
  return (
    `the result of ${name} was asked for and not used; inside a traced function it is a tensor, which no text is equal to, ` +
    'so write np.equal(result, resultCode("successful")), and np.where(…) or cond(…) with that'
  );
}

/** Without unknowns there is nothing to find. */
function nothingFound({ y0 }: Given): Found {
  return {
    value: y0,
    result: resultTensor("successful"),
    numSteps: scalarTensor("int32", 0),
    state: null,
    jacobian: null,
  };
}

/**
 * One equation, whose derivative is that of the implicit function theorem: with `F(y, θ)` what is zero at a solution,
 *
 *     dy = -(∂F/∂y)⁻¹ ∂F/∂θ dθ.
 */
function solve({ params, ...rest }: Given): Found {
  // TypeScript does not find an end of what the types of variables may hold.
  const solution = (customJvp as UntypedCustomJvp)(search, ([given, variables], [, directions]) => {
    const found = solution(given, variables);
    const { fn, tags, throws, linearSolver, optimality } = given;
    const { value } = found;
    const vanishing = (y: Tree, at: Variables): Tree => optimality((x) => call(fn, x, at))(y);
    const dF = jvp((moving: Variables) => vanishing(value, moving), [variables], [directions]);
    const operator = JacobianLinearOperator(
      (y: Tree, at: unknown) => vanishing(y, at as Variables),
      value,
      { args: variables, tags },
    );
    // A band that is not true where the solution is may have been true where the iteration began. That has converged all the same, but its derivative would be wrong.
    if (spaceOfTree(value).size > 1) linearSolver.check?.(operator);
    const options = { solver: linearSolver, throw: throws };
    const dy: unknown = linearSolve(operator, dF.tangent as never, options).value;
    const zeros = map((x) => zerosLike(x as Tensor), found as unknown) as Found;
    const tangent = { ...zeros, value: map((x) => neg(x as Tensor), dy) };
    return { value: found, tangent };
  });
  const found = solution(part("nonlinear", rest), params);
  // What else is known of it has no derivative: loops that carry a Jacobian from solve to solve then carry no tangents of it.
  return { ...stopGradient(found), value: found.value };
}

/** `fn(y)` of the user. */
function call(fn: Callable, y: Tree, { args, captured }: Variables): Tree {
  const f = (fn as (...all: readonly unknown[]) => unknown)(y, unwrapFixed(args), ...captured);
  return map((leaf) => asTensor(leaf, "fn"), f) as Tree;
}

/** The solution, by iteration. */
function search(given: Constants, variables: Variables): Found {
  const { name, fn, objective, solver, tolerances, weights, tags, options } = given;
  const { y0, maxSteps } = given;
  const finder: RootFinder = solver;
  const problem: Problem = {
    fn: objective((y) => call(fn, y, variables)),
    tolerances,
    weights,
    tags,
    options,
    jacobian: given.jacobian,
  };
  if (problem.jacobian === null) checkStructure(finder, problem, y0);
  const jacobian = problem.jacobian ?? finder.linearise?.(jacobianAt(problem, y0)) ?? null;
  const known = { ...problem, jacobian };
  const { y, state, numSteps, result } = iterate(name, solver, known, y0, maxSteps);
  const learned = finder.learn?.(known, state) ?? jacobian;
  return { value: y, result, numSteps, state, jacobian: learned };
}

/** A band or a tag that is not true would give wrong numbers, and is found out where the iteration starts. */
function checkStructure(finder: RootFinder, problem: Problem, y0: Tree): void {
  const isOfDerivative = finder.solves === undefined || finder.solves === "root";
  if (isOfDerivative && spaceOfTree(y0).size > 1)
    finder.linearSolver?.check?.(jacobianAt(problem, y0));
}

/** All but what a solution depends on. */
type Constants = Omit<Given, "params">;

type Search = (given: Constants, variables: Variables) => Found;

type UntypedCustomJvp = (
  f: Search,
  rule: (
    primals: Parameters<Search>,
    tangents: Parameters<Search>,
  ) => { readonly value: Found; readonly tangent: unknown },
) => Search;
