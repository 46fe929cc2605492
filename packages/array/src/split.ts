import { asTensor, type Ranked } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { axisOf } from "./axes.ts";
import type { AxisOptions } from "./concatenate.ts";
import { requireCount } from "./shapes.ts";
import { sliceAxis } from "./slice.ts";

/** The pieces: as many as the type of `sections` tells. */
export type Pieces<
  Sections extends number | readonly number[],
  Piece,
> = Sections extends readonly number[]
  ? number extends Sections["length"]
    ? Piece[]
    : BetweenCuts<Sections, Piece>
  : number extends Sections
    ? Piece[]
    : Repeated<Sections, Piece>;

type BetweenCuts<Cuts, Piece, Found extends Piece[] = [Piece]> = Cuts extends readonly [
  unknown,
  ...infer Rest,
]
  ? BetweenCuts<Rest, Piece, [...Found, Piece]>
  : Found;

type Repeated<Count, Piece, Found extends Piece[] = []> = Found["length"] extends Count
  ? Found
  : Repeated<Count, Piece, [...Found, Piece]>;

/**
 * `x` in pieces along an axis: a list that can be taken apart, `const [mean, std] = split(x, 2)`.
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
export function split<X extends Leaf, const Sections extends number | readonly number[]>(
  x: X,
  sections: Sections,
  options?: AxisOptions,
): Pieces<Sections, Ranked<X>>;
export function split(
  x: Leaf,
  sections: number | readonly number[],
  options: AxisOptions = {},
): Tensor[] {
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
