import { apply, asTensor, type Ranked, reshape } from "@diffrax-ts/program";
import { checkOptions, describeValue, type Leaf } from "@diffrax-ts/pytree";
import { along, type AlongOptions } from "./along.ts";
import { axesOf, type AxisList } from "./axes.ts";
import { concatenate } from "./concatenate.ts";
import { sliceAxis } from "./slice.ts";

/** Options of `flip`. */
export interface FlipOptions {
  /** The axes to turn round; `null` for all. @defaultValue null */
  readonly axis?: AxisList;
}

/**
 * `x` with the elements in the opposite order, along all axes or some.
 *
 * @example
 * ```ts
 * import { flip, tensor } from "@diffrax-ts/array";
 *
 * flip(tensor([[1, 2], [3, 4]]), { axis: 1 }).toArray();
 * // → [[2, 1], [4, 3]]
 * ```
 */
export function flip<X extends Leaf>(x: X, options: FlipOptions = {}): Ranked<X> {
  const array = asTensor(x, "flip");
  const axes = axesOf("flip", checkOptions("flip", options, ["axis"]).axis, array.shape);
  return apply("reverse", [array], { axes })[0]!;
}

/**
 * `x` with every element moved by `shift` places along an axis; what leaves at the end comes in at the start.
 *
 * Without an axis, along the elements in row-major order.
 *
 * @example
 * ```ts
 * import { arange, roll } from "@diffrax-ts/array";
 *
 * roll(arange(5), 2).toArray();
 * // → [3, 4, 0, 1, 2]
 * ```
 */
export function roll<X extends Leaf>(x: X, shift: number, options: AlongOptions = {}): Ranked<X> {
  if (!Number.isInteger(shift)) {
    throw new RangeError(`roll: shift must be an integer, got ${describeValue(shift)}`);
  }
  const original = asTensor(x, "roll");
  const { array, axis } = along("roll", original, checkOptions("roll", options, ["axis"]));
  const n = array.shape[axis]!;
  const cut = n === 0 ? 0 : (n - (shift % n)) % n;
  const pieces = [sliceAxis(array, axis, [cut]), sliceAxis(array, axis, [0, cut])];
  const moved = cut > 0 ? concatenate(pieces, { axis }) : array;
  return reshape(moved, original.shape);
}
