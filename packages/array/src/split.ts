import { asTensor, type Ranked } from "@diffrax-ts/program";
import { checkOptions, type Leaf } from "@diffrax-ts/pytree";
import { axisOf } from "./axes.ts";
import type { AxisOptions } from "./concatenate.ts";
import { requireCount } from "./shapes.ts";
import { sliceAxis } from "./slice.ts";

/**
 * `x` in pieces along an axis.
 *
 * @param sections - How many pieces of equal length; or the places at which to cut.
 *
 * @example
 * ```ts
 * import { arange, split } from "@diffrax-ts/array";
 *
 * split(arange(5), [2, 3]).map((piece) => piece.toArray());
 * // → [[0, 1], [2], [3, 4]]
 * ```
 */
export function split<X extends Leaf>(
  x: X,
  sections: number | readonly number[],
  options: AxisOptions = {},
): Ranked<X>[] {
  const { axis = 0 } = checkOptions("split", options, ["axis"]);
  const array = asTensor(x, "split");
  const place = axisOf("split", axis, array.shape);
  const n = array.shape[place]!;
  const cuts = typeof sections === "number" ? equalCuts(sections, n) : sections;
  return [0, ...cuts].map((start, i) => sliceAxis(array, place, [start, cuts[i]]));
}

function equalCuts(sections: number, n: number): number[] {
  requireCount("split", "sections", sections, 1);
  if (n % sections === 0)
    return Array.from({ length: sections - 1 }, (_, i) => ((i + 1) * n) / sections);
  throw new RangeError(
    `split: ${n} elements cannot be split into ${sections} pieces of equal length; give the places at which to cut`,
  );
}
