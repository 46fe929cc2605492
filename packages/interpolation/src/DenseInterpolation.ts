import { astype, equal, lessEqual, logicalAnd, mul, sub, where } from "@diffrax-ts/array";
import { callTraced, stopGradient } from "@diffrax-ts/autodiff";
import {
  type DenseInfo,
  type Path,
  type Solver,
  type Tree,
  treeMap,
  unpackTree,
} from "@diffrax-ts/protocol";
import {
  describeValue,
  isStrided,
  isTensor,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { pieceAt } from "./pieceAt.ts";

/** What a dense interpolation is made of. Times run forward in it. */
export interface DenseInterpolationFields {
  /** The ends of the steps, the start first; `[numSteps + 1]`, longer if `count` says how many are meant. */
  readonly ts: Tensor;
  /** What the solver told of each step, with the steps as a first axis. */
  readonly infos: DenseInfo;
  /**
   * The ends of the intervals that `infos` belong to, `[numSteps]`: a step that was cut by an event ends earlier than what the solver
   * told of it. @defaultValue the ends of the steps
   */
  readonly infoEnds?: Tensor | null;
  /** The steps. Inside a traced function an int32 tensor, and the arrays are padded. */
  readonly count: number | Tensor;
  /** Makes the interpolation of a step. */
  readonly solver: Solver;
  /** 1, or -1 if the solve ran backward. */
  readonly direction: Scalar | 1 | -1;
  /** The start, which is all there is if `t0 = t1`. */
  readonly y0: Tree;
}

/** The solution of a whole solve as a function of time. */
export interface DenseInterpolation extends DenseInterpolationFields, Path {
  readonly kind: "DenseInterpolation";
  /** The start of the solve. */
  readonly t0: Scalar;
  /** The end of the solve, or as far as it got. */
  readonly t1: Scalar;
  /**
   * The solution at `t0`, or its increment from `t0` to `t1`.
   *
   * @param left - At the end of a step: the limit from the left, or from the right. @defaultValue true
   * @returns Not-a-numbers outside of the interval of the solve.
   */
  evaluate(t0: number | Scalar, t1?: number | Scalar | null, left?: boolean): Tree;
  /** The time derivative of the interpolation: the slope of a polynomial, less accurate than the vector field. */
  derivative(t: number | Scalar, left?: boolean): Tree;
}

/**
 * The solution of a whole solve as a function of time, from what was kept of every step: `solution.interpolation`, if it was
 * solved with `saveat: { dense: true }`.
 *
 * A value costs a binary search for the step and one evaluation of its curve, whose order is that of the solver's
 * interpolation. It works on numbers, and inside `jit`, `grad` and `vmap`, where the search is part of the program.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 *
 * const { interpolation } = diffeqsolve((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.1, y0: 1, saveat: { dense: true },
 * });
 * String(interpolation!.evaluate(0));
 * // → "1"
 * String(interpolation!.evaluate(2));
 * // → "NaN"
 * ```
 */
export function DenseInterpolation(fields: DenseInterpolationFields): DenseInterpolation {
  const { ts, count, direction } = fields;
  const timeAt = (i: number | Tensor): Scalar => mul(ts.at(i), direction) as Scalar;
  return part("DenseInterpolation", {
    ...fields,
    t0: timeAt(0),
    t1: timeAt(count),
    evaluate,
    derivative,
  });
}

function evaluate(
  this: DenseInterpolation,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  left = true,
): Tree {
  const at = (t: number | Scalar): Tree => within(this, valueWithin, t, left);
  return unpackTree(
    t1 === null ? at(t0) : treeMap((end, start) => sub(end, start), at(t1), at(t0)),
  );
}

function derivative(this: DenseInterpolation, t: number | Scalar, left = true): Tree {
  const slope = within(this, slopeWithin, t, left);
  return unpackTree(this.direction === 1 ? slope : treeMap((x) => mul(x, this.direction), slope));
}

/** Finds the step, and asks its interpolation. */
function within(dense: DenseInterpolation, ask: Ask, at: number | Scalar, left: boolean): Tree {
  if (typeof at !== "number" && !((isTensor(at) || isStrided(at)) && at.shape.length === 0)) {
    throw new TypeError(
      `interpolation: t must be one number, got ${describeValue(at)}; for many times take saveat.ts, or vmap`,
    );
  }
  const { ts, infos, infoEnds = null, count, solver, direction, y0 } = dense;
  const t = mul(astype(at, ts.dtype), direction);
  const isInside = logicalAnd(lessEqual(ts.at(0), t), lessEqual(t, ts.at(count)));
  // Without a step the inside is one point.
  const atPoint = (): Tree =>
    treeMap(
      (y) =>
        ask === valueWithin ? where(isInside, y, Number.NaN) : mul(stopGradient(y), Number.NaN),
      y0,
    );
  if (count === 0) return atPoint();

  const { i, next } = pieceAt(ts, count, t, left);
  const info = treeMap((x) => x.at(i), infos);
  const infoEnd = infoEnds === null ? ts.at(next) : infoEnds.at(i);
  const anywhere = callTraced(ask, [solver, ts.at(i), infoEnd, info, t], "interpolation") as Tree;
  const value = treeMap((x) => where(isInside, x, Number.NaN), anywhere);
  return typeof count === "number"
    ? value
    : treeMap((a, b) => where(equal(count, 0), a, b), atPoint(), value);
}

type Ask = (solver: Solver, t0: Scalar, t1: Scalar, info: DenseInfo, t: Scalar) => Tree;

const valueWithin: Ask = (solver, from, to, info, t) =>
  solver.interpolation(from, to, info).evaluate(t);

const slopeWithin: Ask = (solver, from, to, info, t) =>
  solver.interpolation(from, to, info).derivative(t);
