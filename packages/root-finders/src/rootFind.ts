import { neg, zerosLike } from "@diffrax-ts/array";
import { callTraced, customJvp, jvp, watched } from "@diffrax-ts/autodiff";
import { AutoLinearSolver, JacobianLinearOperator, linearSolve } from "@diffrax-ts/linear-solvers";
import { isTraced } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import {
  type Callable,
  map,
  part,
  type Tensor,
  type Traced,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import { checkRootFind, nothingFound } from "./checkRootFind.ts";
import type { Found, Given, Variables } from "./Given.ts";
import { iterate } from "./iterate.ts";
import { jacobianAt } from "./newtonStep.ts";
import { assertRoot, rootMessage, type RootResult, rootResultName } from "./results.ts";
import type { Linearisation, RootFinder, RootProblem } from "./RootFinder.ts";
import type { RootFindOptions } from "./RootFindOptions.ts";

/** A root, and how it was found. */
export interface RootSolution<Y = unknown> {
  /** Where the iteration ended: a tree like `y0`. */
  readonly value: Y;
  /** How it ended. Inside a traced function its number, an int32 tensor as `resultCode` gives it; `"successful"` is 0. */
  readonly result: RootResult | Tensor;
  /** Inside a traced function `numSteps` is a tensor. */
  readonly stats: { readonly numSteps: number | Tensor; readonly maxSteps: number | null };
  /** The last state of the root finder. */
  readonly state: unknown;
  /** What is known of the derivative, for another call; `null` of a root finder that keeps none. */
  readonly jacobian: Linearisation | null;
}

/**
 * A root of `fn`: `y` with `fn(y, args) = 0`.
 *
 * Derivatives of any order are those of the implicit function theorem, `dy = -(∂f/∂y)⁻¹ ∂f/∂args dargs`: one linear solve at the root, however it was found.
 * With respect to `y0` they are zero.
 *
 * @param fn - `(y, args) => f`, on tensors: as many equations as there are unknowns.
 * @param rootFinder - `Newton(…)`, `Chord(…)`, …
 * @param y0 - Where to start: a tree of tensors or numbers, all of one float dtype.
 * @throws TypeError for equations that do not fit the unknowns, and for missing tolerances; Error if no root is found, unless `throw: false`. Inside a
 * traced function that is found when it runs.
 *
 * @example
 * ```ts
 * import { exp, sub } from "@diffrax-ts/array";
 * import { grad } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Newton, rootFind } from "@diffrax-ts/root-finders";
 *
 * // The logarithm of a number.
 * const log = (c: Scalar) =>
 *   rootFind((y: Scalar, c) => sub(exp(y), c), Newton({ rtol: 1e-9, atol: 1e-9 }), 1, { args: c }).value;
 * grad(log)(4);
 * // → 0.25
 * ```
 */
export function rootFind<Y, Args = undefined>(
  fn: (y: Traced<Y>, args: Traced<Args>) => unknown,
  rootFinder: RootFinder,
  y0: Y,
  options: RootFindOptions<NoInfer<Y>, Args> = {},
): RootSolution<Traced<Y>> {
  const { given, maxSteps, throws, isEmpty } = checkRootFind(
    "rootFind",
    fn,
    rootFinder,
    y0,
    options as RootFindOptions,
  );
  const found = isEmpty ? nothingFound(given) : callTraced(solve, [given], "rootFind");
  return finish(found as Found, maxSteps, throws) as RootSolution<Traced<Y>>;
}

function finish(
  { value, result: code, numSteps, state, jacobian }: Found,
  maxSteps: number | null,
  throws: boolean,
): RootSolution {
  const solution = { value, state, jacobian };
  if (isTraced(code)) {
    if (throws) assertRoot("rootFind", code);
    return watched(
      { ...solution, result: code, stats: { numSteps, maxSteps } },
      { result: useResult },
    );
  }
  const result = rootResultName(code.item());
  if (throws && result !== "successful") throw new Error(`rootFind: ${rootMessage(result)}`);
  return { ...solution, result, stats: { numSteps: numSteps.item(), maxSteps } };
}

const useResult =
  "the result of rootFind was asked for and not used; inside a traced function it is a tensor, which no text is equal to, " +
  'so write np.equal(result, resultCode("successful")), and np.where(…) or cond(…) with that';

/** `fn(y)` of the user, as a function of all that it depends on. */
function equations(fn: Callable, y: Tree, { args, captured }: Variables): Tree {
  return (fn as (...all: readonly unknown[]) => Tree)(y, unwrapFixed(args), ...captured);
}

/** Recorded where something is traced; compiled and run elsewhere. */
function solve({ params, ...rest }: Given): Found {
  // TypeScript does not find an end of what the types of variables may hold.
  const root = (customJvp as UntypedCustomJvp)(search, ([given, variables], [, directions]) => {
    const found = root(given, variables);
    const { fn, finder, tags, throws } = given;
    const { value } = found;
    const f = (moving: Variables): Tree => equations(fn, value, moving);
    const df = jvp(f, [variables], [directions]).tangent;
    const operator = JacobianLinearOperator(
      (y: Tree, at: unknown) => equations(fn, y, at as Variables),
      value,
      { args: variables, tags },
    );
    const solver =
      given.linearSolver ?? finder.linearSolver ?? AutoLinearSolver({ wellPosed: true });
    const dy = linearSolve(operator, df as never, { solver, throw: throws }).value;
    const zeros = map((x) => zerosLike(x as Tensor), found as unknown) as Found;
    return {
      value: found,
      tangent: { ...zeros, value: map((x) => neg(x as Tensor), dy as unknown) },
    };
  });
  return root(part("rootFind", rest), params);
}

function search(given: Omit<Given, "params">, variables: Variables): Found {
  const { fn, finder, tolerances, weights, tags, options, y0, maxSteps } = given;
  const problem: RootProblem = {
    fn: (y) => equations(fn, y, variables),
    tolerances,
    weights,
    tags,
    options,
    jacobian: given.jacobian,
  };
  const jacobian = problem.jacobian ?? finder.linearise?.(jacobianAt(problem, y0)) ?? null;
  const known = { ...problem, jacobian };
  const { y, state, numSteps, result } = iterate(finder, known, y0, maxSteps);
  const learned = finder.learn?.(known, state) ?? jacobian;
  return { value: y, result, numSteps, state, jacobian: learned };
}

type Search = (given: Omit<Given, "params">, variables: Variables) => Found;

type UntypedCustomJvp = (
  f: Search,
  rule: (
    primals: Parameters<Search>,
    tangents: Parameters<Search>,
  ) => { readonly value: Found; readonly tangent: unknown },
) => Search;
