import { asTensor, broadcastTo } from "@diffrax-ts/array";
import { closed, resultTypes } from "@diffrax-ts/autodiff";
import { type LinearTag, type Space, spaceOf, tagList } from "@diffrax-ts/linear-solvers";
import { isFloat, scalarTensor } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import {
  type Callable,
  checkOptions,
  describeStructure,
  describeValue,
  flattenLike,
  isLeaf,
  isTensor,
  type Leaf,
  leaves,
  structure,
  structuresEqual,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { Given } from "./Given.ts";
import type { Bounds, IterativeSolver } from "./IterativeSolver.ts";
import type { Linearisation } from "./Linearisation.ts";
import type { GivenBounds, RootFindOptions } from "./NonlinearOptions.ts";
import type { RootFinder } from "./RootFinder.ts";
import { dtypeOfStart, numbersInDType } from "./numbersInDType.ts";
import type { Ask, Asked } from "./tasks.ts";
import { resolveTolerances } from "./tolerances.ts";

/** @throws TypeError or RangeError that names what makes no sense. */
export function checkGiven(
  ask: Ask,
  fn: Callable,
  givenSolver: unknown,
  start: unknown,
  options: RootFindOptions,
): Given {
  const asked = ask(givenSolver);
  const { task, solver, returns } = asked;
  const { name } = task;
  const {
    args,
    maxSteps = 256,
    throw: throws = true,
    tags = [],
    options: bounds = {},
    tolerances = null,
    weights = null,
    jacobian = null,
    linearSolver,
  } = checkOptions(name, options, [
    "args",
    "maxSteps",
    "throw",
    "tags",
    "options",
    "tolerances",
    "linearSolver",
    ...(name === "rootFind" ? (["jacobian", "weights"] as const) : []),
  ]);
  if (typeof fn !== "function")
    throw new TypeError(`${name}: fn must be a function (y, args) => …, got ${describeValue(fn)}`);
  checkMaxSteps(name, maxSteps);
  if (jacobian !== null) checkJacobian(name, solver, jacobian);
  const y0 = startOf(`${name}: y0`, start);
  const from = spaceOf(y0, `${name}: y0`);
  const others = numbersInDType(args, from.dtype, `${name}: args`);
  const { fn: f, captured } = closed(fn, y0, others);
  const to = resultOf(name, f, [y0, others, ...captured]);
  checkResult(name, returns, from, to);
  return {
    ...task,
    fn: f,
    solver,
    tolerances: resolveTolerances(name, solver, tolerances),
    linearSolver: linearSolver ?? asked.linearSolver,
    tags: tagsOf(name, task.isSymmetric, tagList(name, tags)),
    maxSteps,
    throws,
    y0,
    options: boundsOf(name, solver, bounds, y0),
    weights: weights === null ? null : likeStart(`${name}: weights`, weights, y0),
    jacobian,
    params: { args: others, captured },
  };
}

function checkMaxSteps(name: string, maxSteps: unknown): void {
  if (maxSteps === null || (Number.isInteger(maxSteps) && (maxSteps as number) >= 0)) return;
  throw new RangeError(
    `${name}: maxSteps must be a whole number, or null for no limit, got ${describeValue(maxSteps)}`,
  );
}

function checkJacobian(name: string, solver: RootFinder, jacobian: Partial<Linearisation>): void {
  if (![jacobian.rate, jacobian.assumedRate].every(isTensor) || jacobian.factors === undefined) {
    throw new TypeError(
      `${name}: jacobian must be what linearise or an earlier solution has given, got ${describeValue(jacobian)}`,
    );
  }
  if (solver.linearise !== undefined) return;
  throw new TypeError(
    `${name}: ${solver.kind} cannot be given a jacobian, as it makes its own; use Chord or VeryChord, or leave it out`,
  );
}

/** Tensors of floats. */
function startOf(name: string, y0: unknown): Tree {
  if (typeof y0 !== "number" && (typeof y0 !== "object" || y0 === null)) {
    throw new TypeError(
      `${name} must be a number, an array or a tensor, or arrays and objects of these, got ${describeValue(y0)}`,
    );
  }
  const start = numbersInDType(y0, dtypeOfStart(y0, name), name);
  for (const leaf of leaves(start)) {
    if (isFloat((leaf as Tensor).dtype)) continue;
    throw new TypeError(
      `${name} must be of float64 or float32, got ${describeValue(leaf)}; convert it with astype`,
    );
  }
  return start as Tree;
}

/** What the function returns. */
function resultOf(name: string, f: Callable, args: readonly unknown[]): Space {
  const { structure: like, types } = resultTypes(f, args, name);
  return spaceOf(unflatten(like, types), `${name}: what fn returns`);
}

function checkResult(name: string, returns: Asked["returns"], from: Space, to: Space): void {
  if (to.dtype !== from.dtype && to.size > 0) {
    throw new TypeError(
      `${name}: fn must return ${from.dtype} as y0 is, got ${to.dtype}; convert one of them with astype`,
    );
  }
  switch (returns) {
    case "any":
      return;
    case "scalar":
      if (to.types.length === 1 && to.types[0]!.shape.length === 0) return;
      throw new TypeError(
        `${name}: fn must return a single number, a scalar tensor, got ${to.size} of them` +
          "; for a sum of squares use leastSquares",
      );
    case "square":
      if (to.size === from.size) return;
      throw new TypeError(
        `${name}: fn must return as many numbers as y0 has, ${from.size}, got ${to.size}` +
          "; for least squares use leastSquares",
      );
    case "same":
      checkSame(name, from, to);
  }
}

function checkSame(name: string, from: Space, to: Space): void {
  if (!structuresEqual(from.structure, to.structure)) {
    throw new TypeError(
      `${name}: fn must return a tree like y0, ${describeStructure(from.structure)}, got ${describeStructure(to.structure)}`,
    );
  }
  for (const [i, { shape }] of from.types.entries()) {
    const other = to.types[i]!.shape;
    if (other.join() === shape.join()) continue;
    throw new TypeError(
      `${name}: fn must return a tree like y0: expected [${shape.join()}], got [${other.join()}]`,
    );
  }
}

/** A Hessian is symmetric. */
function tagsOf(
  name: string,
  isSymmetric: boolean,
  tags: readonly LinearTag[],
): readonly LinearTag[] {
  return isSymmetric ? tagList(name, [...tags, "symmetric"]) : tags;
}

/** Bounds as trees like `y0`. */
function boundsOf(
  name: string,
  { kind, bounds: heeded = [] }: IterativeSolver,
  bounds: GivenBounds,
  y0: Tree,
): Bounds {
  const given = checkOptions(`${name}: options`, bounds, ["lower", "upper"]);
  const inputs: { lower?: Tree; upper?: Tree } = {};
  for (const key of ["lower", "upper"] as const) {
    const bound: unknown = given[key];
    if (bound === undefined) continue;
    if (!heeded.includes(key)) {
      throw new TypeError(
        `${name}: ${kind} takes no options.${key}; Newton, Chord and Bisection do`,
      );
    }
    inputs[key] = likeStart(`${name}: options.${key}`, bound, y0);
  }
  return inputs;
}

/** A tree like `y0`, or one number for all of it. */
function likeStart(name: string, bound: unknown, y0: Tree): Tree {
  const like = structure(y0);
  const ys = flattenLike(like, y0, name) as readonly Tensor[];
  const given = isLeaf(bound) ? ys.map(() => bound) : flattenLike(like, bound, name);
  const all = ys.map(({ dtype, shape }, i) => {
    const leaf = given[i] as Leaf;
    const x = typeof leaf === "number" ? scalarTensor(dtype, leaf) : asTensor(leaf, name);
    if (x.dtype !== dtype)
      throw new TypeError(`${name}: expected ${dtype} as in y0, got ${x.dtype}`);
    return broadcastTo(x, shape);
  });
  return unflatten(like, all) as Tree;
}
