import { add, div, mul, sub } from "@diffrax-ts/array";
import { type Path, type Tree, treeMap } from "@diffrax-ts/protocol";
import { checkOptions, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { checkNans, readData, type RowOf, timeIn, type Times } from "./data.ts";
import { pieceAt } from "./pieceAt.ts";

/** Options of `LinearInterpolation` and `CubicInterpolation`. */
export interface InterpolationOptions {
  /** Whether there may be NaN in the data: the path is NaN beside them. @defaultValue false */
  readonly allowNans?: boolean;
}

/** The line through data: see the function of this name. */
export interface LinearInterpolation<Row = Tree> extends Path<Row> {
  readonly kind: "LinearInterpolation";
  /** The times of the data, `[n]`. */
  readonly ts: Tensor<readonly [number]>;
  /** The data, with `n` rows. */
  readonly ys: Tree;
  readonly t0: Scalar;
  readonly t1: Scalar;
  derivative(t: number | Scalar, left?: boolean): Row;
}

/**
 * Data joined by straight lines: a path from the first time to the last one. Before and after them the first and the last line
 * go on.
 *
 * As the control of a `ControlTerm` it makes the vector field jump at each of its times. An adaptive step size controller has to be
 * told: `ClipStepSizeController(PIDController(…), { jumpTs: ts })`. `CubicInterpolation` has no jumps.
 *
 * @param ts - `[n]`, increasing.
 * @param ys - Data with `n` rows: a tensor, a typed array, a list of numbers or of rows, or arrays and objects of them.
 * @throws TypeError for times of another dtype, or for another number of rows; RangeError for times that do not increase, and for
 * data that are known and have NaN in them: `linearInterpolation` and `rectilinearInterpolation` fill in what is missing.
 *
 * @example
 * ```ts
 * import { LinearInterpolation } from "@diffrax-ts/interpolation";
 *
 * const path = LinearInterpolation([0, 1, 3], [5, 6, 10]);
 * path.evaluate(2).item();
 * // → 8
 * // The increment from 0 to 2
 * path.evaluate(0, 2).item();
 * // → 3
 * // From the right; from the left it is 1.
 * path.derivative(1, false).item();
 * // → 2
 * ```
 */
export function LinearInterpolation<const Ys>(
  ts: Times,
  ys: Ys,
  options: InterpolationOptions = {},
): LinearInterpolation<RowOf<Ys>> {
  const name = "LinearInterpolation";
  const { allowNans = false } = checkOptions(name, options, ["allowNans"]);
  const data = readData(name, ts, ys);
  if (!allowNans) checkNans(name, "ys", data.ys);
  const ends = { t0: data.ts.at(0), t1: data.ts.at(-1) };
  const record = part(name, { ...data, ...ends, evaluate, derivative });
  return record as unknown as LinearInterpolation<RowOf<Ys>>;
}

function evaluate(
  this: LinearInterpolation,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  left = true,
): Tree {
  if (t1 !== null) {
    const [start, end] = [this.evaluate(t0, null, left), this.evaluate(t1, null, left)];
    return treeMap((y1, y0) => sub(y1, y0), end, start);
  }
  const { ts, ys } = this;
  const t = timeIn("LinearInterpolation.evaluate", t0, ts);
  const { i, next } = pieceAt(ts, ts.size - 1, t, left);
  const share = div(sub(t, ts.at(i)), sub(ts.at(next), ts.at(i)));
  //            yᵢ + (yᵢ₊₁ - yᵢ) (t - tᵢ) / (tᵢ₊₁ - tᵢ)
  return treeMap((y) => add(y.at(i), mul(sub(y.at(next), y.at(i)), share)), ys);
}

function derivative(this: LinearInterpolation, t: number | Scalar, left = true): Tree {
  const { ts, ys } = this;
  const at = timeIn("LinearInterpolation.derivative", t, ts);
  const { i, next } = pieceAt(ts, ts.size - 1, at, left);
  const dt = sub(ts.at(next), ts.at(i));
  return treeMap((y) => div(sub(y.at(next), y.at(i)), dt), ys);
}
