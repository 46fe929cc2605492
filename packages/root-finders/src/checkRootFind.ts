import { asTensor, broadcastTo } from "@diffrax-ts/array";
import { closed, evalShape } from "@diffrax-ts/autodiff";
import { spaceOf, tagList } from "@diffrax-ts/linear-solvers";
import { isFloat, scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import {
  type Callable,
  checkOptions,
  describeValue,
  flattenLike,
  isLeaf,
  isPart,
  type Leaf,
  map,
  part,
  structure,
  type Tensor,
  unflatten,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import type { Given } from "./Given.ts";
import type { RootFinder, RootFinderInputs } from "./RootFinder.ts";
import type { RootBounds, RootFindOptions } from "./RootFindOptions.ts";
import { resolveTolerances } from "./tolerances.ts";

/** What `rootFind` was given, checked. */
export interface Checked {
  readonly given: Given;
  readonly maxSteps: number | null;
  readonly throws: boolean;
  /** Whether there is no unknown. */
  readonly isEmpty: boolean;
}

/** @throws TypeError or RangeError that names what makes no sense. */
export function checkRootFind(
  name: string,
  fn: Callable,
  finder: RootFinder,
  start: unknown,
  options: RootFindOptions,
): Checked {
  const {
    args,
    maxSteps = 256,
    throw: throws = true,
    tags = [],
    options: bounds = {},
    tolerances = null,
    weights = null,
    jacobian = null,
    linearSolver = null,
  } = checkOptions(name, options, [
    "args",
    "maxSteps",
    "throw",
    "tags",
    "options",
    "tolerances",
    "weights",
    "jacobian",
    "linearSolver",
  ]);
  checkFunction(name, fn);
  checkFinder(name, finder, jacobian !== null);
  checkMaxSteps(name, maxSteps);
  const y0 = startOf(name, start);
  const others: unknown = map((leaf) => asTensor(leaf, `${name}: args`) as never, args);
  const { size } = spaceOf(y0, `${name}: y0`);
  const { fn: f, captured } = closed(fn, y0, others);
  checkEquations(name, f, [y0, others, ...captured], size);
  const given = part(name, {
    fn: f,
    finder,
    tolerances: resolveTolerances(name, finder, tolerances),
    linearSolver,
    tags: tagList(name, tags),
    maxSteps,
    throws,
    y0,
    options: boundsOf(name, bounds, y0),
    weights: weights === null ? null : likeStart(`${name}: weights`, weights, y0),
    jacobian,
    params: { args: others, captured },
  });
  return { given, maxSteps, throws, isEmpty: size === 0 };
}

function checkFunction(name: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new TypeError(`${name}: fn must be a function (y, args) => …, got ${describeValue(fn)}`);
}

function checkFinder(name: string, finder: unknown, hasJacobian: boolean): void {
  if (typeof finder === "function") {
    throw new TypeError(
      `${name}: rootFinder is the function ${finder.name}; call it: ${finder.name}({ rtol: …, atol: … })`,
    );
  }
  const { init, step, terminate, linearise, kind } = (finder ?? {}) as Partial<RootFinder>;
  const isFinder = [init, step, terminate].every((member) => typeof member === "function");
  if (!isPart(finder) || !isFinder) {
    throw new TypeError(
      `${name}: rootFinder must be one such as Newton({ rtol: …, atol: … }), got ${describeValue(finder)}`,
    );
  }
  if (hasJacobian && linearise === undefined) {
    throw new TypeError(
      `${name}: ${kind} cannot be given a jacobian, as it makes its own; use Chord or VeryChord, or leave it out`,
    );
  }
}

function checkMaxSteps(name: string, maxSteps: unknown): void {
  if (maxSteps === null || (Number.isInteger(maxSteps) && (maxSteps as number) >= 0)) return;
  throw new RangeError(
    `${name}: maxSteps must be a whole number, or null for no limit, got ${describeValue(maxSteps)}`,
  );
}

/** Tensors of floats. */
function startOf(name: string, y0: unknown): Tree {
  return map((leaf) => {
    const x = asTensor(leaf, `${name}: y0`);
    if (isFloat(x.dtype)) return x as never;
    throw new TypeError(
      `${name}: y0 must be of float64 or float32, got ${describeValue(x)}; convert it with astype`,
    );
  }, y0) as Tree;
}

function checkEquations(
  name: string,
  f: Callable,
  [y0, args, ...captured]: readonly unknown[],
  size: number,
): void {
  const call = (y: unknown, rest: unknown, ...outside: readonly unknown[]): unknown =>
    (f as (...all: readonly unknown[]) => unknown)(y, unwrapFixed(rest), ...outside);
  const shapes = evalShape(call, y0, args, ...captured);
  const space = spaceOf(shapes, `${name}: what fn returns`);
  if (space.size === size) return;
  throw new TypeError(
    `${name}: fn must return as many numbers as y0 has, ${size}, got ${space.size}` +
      (space.size > size ? "; for least squares use leastSquares" : ""),
  );
}

/** Bounds as trees like `y0`. */
function boundsOf(name: string, bounds: RootBounds, y0: Tree): RootFinderInputs {
  const given = checkOptions(`${name}: options`, bounds, ["lower", "upper"]);
  const inputs: { lower?: Tree; upper?: Tree } = {};
  for (const key of ["lower", "upper"] as const) {
    const bound: unknown = given[key];
    if (bound !== undefined) inputs[key] = likeStart(`${name}: options.${key}`, bound, y0);
  }
  return inputs;
}

/** A tree like `y0`, or one number for all of it. */
function likeStart(name: string, bound: unknown, y0: Tree): Tree {
  const like = structure(y0);
  const isOne = isLeaf(bound) && !isLeaf(y0);
  const ys = flattenLike(like, y0, name) as readonly Tensor[];
  const leaves = isOne ? ys.map(() => bound) : flattenLike(like, bound, name);
  return unflatten(
    like,
    ys.map((y, i) => {
      const leaf = leaves[i] as Leaf;
      const x = typeof leaf === "number" ? scalarTensor(y.dtype, leaf) : asTensor(leaf, name);
      if (x.dtype !== y.dtype)
        throw new TypeError(`${name}: expected ${y.dtype} as in y0, got ${x.dtype}`);
      return broadcastTo(x, y.shape);
    }),
  ) as Tree;
}

/** What is found if there is no unknown. */
export function nothingFound({ y0 }: Given): object {
  return {
    value: y0,
    result: resultTensor("successful"),
    numSteps: scalarTensor("int32", 0),
    state: null,
    jacobian: null,
  };
}
