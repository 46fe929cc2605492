import { repeat } from "@diffrax-ts/array";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import { checkOptions, type Tensor } from "@diffrax-ts/pytree";
import { type DataOf, readData, rowLike, type Times } from "./data.ts";
import { fillForward, fillLinearly, withoutFirst, withoutLast } from "./fillData.ts";

/** Options of `linearInterpolation`. */
export interface FillOptions {
  /** What stands in the place of numbers that are missing before the first observation. @defaultValue they stay NaN */
  readonly replaceNansAtStart?: unknown;
  /** Whether numbers that are missing behind the last observation are that one. @defaultValue false */
  readonly fillForwardNansAtEnd?: boolean;
}

/**
 * Data whose missing numbers lie on the lines between the observations on both sides of them. Hand them to `LinearInterpolation`.
 *
 * @param ts - `[n]`, increasing.
 * @param ys - Data with `n` rows; NaN where a number is missing.
 * @returns Data as `ys`.
 * @throws TypeError for times of another dtype, or for another number of rows; RangeError for times that do not increase.
 *
 * @example
 * ```ts
 * import { linearInterpolation } from "@diffrax-ts/interpolation";
 *
 * linearInterpolation([0, 1, 4, 5], [1, NaN, 9, NaN], { fillForwardNansAtEnd: true }).toArray();
 * // → [1, 3, 9, 9]
 * ```
 */
export function linearInterpolation<const Ys>(
  ts: Times,
  ys: Ys,
  options: FillOptions = {},
): DataOf<Ys> {
  const name = "linearInterpolation";
  const { replaceNansAtStart, fillForwardNansAtEnd = false } = checkOptions(name, options, [
    "replaceNansAtStart",
    "fillForwardNansAtEnd",
  ]);
  const data = readData(name, ts, ys);
  return treeMap(
    (y, y0) => fillLinearly(data.ts, y, y0, fillForwardNansAtEnd),
    data.ys,
    startsOf(name, replaceNansAtStart, data.ys),
  ) as DataOf<Ys>;
}

/** Options of `rectilinearInterpolation`. */
export interface RectilinearOptions {
  /** What stands in the place of numbers that are missing before the first observation. @defaultValue they stay NaN */
  readonly replaceNansAtStart?: unknown;
}

/**
 * Times and data that take turns: from each time to the next one the data stay what they are, and then they change while the time
 * stays. `[t0, t1, t2]` and `[y0, y1, y2]` become `[t0, t1, t1, t2, t2]` and `[y0, y0, y1, y1, y2]`. So nothing is known before it
 * was observed. A missing number is the one that was observed last.
 *
 * For a controlled equation both are the data of a path, and the times of the path are free, as in the example.
 *
 * @param ts - `[n]`, increasing.
 * @param ys - Data with `n` rows; NaN where a number is missing.
 * @returns Times `[2 n - 1]` and data with as many rows.
 * @throws TypeError for times of another dtype, or for another number of rows; RangeError for times that do not increase.
 * @see Morrill, Kidger, Yang, Lyons (2021), Neural controlled differential equations for online prediction tasks, arXiv:2106.11028
 *
 * @example
 * ```ts
 * import { arange } from "@diffrax-ts/array";
 * import { LinearInterpolation, rectilinearInterpolation } from "@diffrax-ts/interpolation";
 *
 * const [ts, ys] = rectilinearInterpolation([0, 1, 1.5], [5, NaN, 6]);
 * const path = LinearInterpolation(arange(5), { t: ts, y: ys });
 * const { t, y } = path.evaluate(3.5);
 * [t.item(), y.item()];
 * // → [1.5, 5.5]
 * ```
 */
export function rectilinearInterpolation<const Ys>(
  ts: Times,
  ys: Ys,
  options: RectilinearOptions = {},
): readonly [ts: Tensor<readonly [number]>, ys: DataOf<Ys>] {
  const name = "rectilinearInterpolation";
  const { replaceNansAtStart } = checkOptions(name, options, ["replaceNansAtStart"]);
  const data = readData(name, ts, ys);
  const starts = startsOf(name, replaceNansAtStart, data.ys);
  const twice = (x: Tensor): Tensor => repeat(x, 2, { axis: 0 });
  const filled = treeMap((y, y0) => withoutLast(twice(fillForward(y, y0))), data.ys, starts);
  return [withoutFirst(twice(data.ts)) as Tensor<readonly [number]>, filled as DataOf<Ys>];
}

/** What stands before the first observations: what was asked for, or the first row as it is. */
export function startsOf(name: string, replacement: unknown, ys: Tree): Tree {
  return replacement === undefined
    ? treeMap((y) => y.at(0), ys)
    : rowLike(`${name}: replaceNansAtStart`, replacement, ys);
}
