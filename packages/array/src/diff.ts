import { asTensor, type Ranked, sub } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { axisOf } from "./axes.ts";
import { requireCount } from "./shapes.ts";
import { sliceAxis } from "./slice.ts";

/** Options of `diff`. */
export interface DiffOptions {
  /** How often. @defaultValue 1 */
  readonly n?: number | undefined;
  /** The axis to go along. @defaultValue -1 */
  readonly axis?: number | undefined;
}

/**
 * The differences of neighbours along an axis, which gets shorter by one.
 *
 * @example
 * ```ts
 * import { diff, tensor } from "@diffrax-ts/array";
 *
 * diff(tensor([1, 4, 9, 16])).toArray();
 * // → [3, 5, 7]
 * ```
 */
export function diff<X extends Leaf>(x: X, options: DiffOptions = {}): Ranked<X> {
  const { n = 1, axis = -1 } = checkOptions("diff", options, ["n", "axis"]);
  requireCount("diff", "n", n);
  let array: Tensor = asTensor(x, "diff");
  const place = axisOf("diff", axis, array.shape);
  for (let i = 0; i < n; i++) {
    array = sub(sliceAxis(array, place, [1]), sliceAxis(array, place, [0, -1]));
  }
  return array;
}
