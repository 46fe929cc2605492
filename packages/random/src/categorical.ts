import { add, argmax, argsort, moveaxis, reshape, slice, type ShapeLike } from "@diffrax-ts/array";
import { sizeOf } from "@diffrax-ts/program";
import { checkOptions, describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { axisOf, floats, shapeFor } from "./arguments.ts";
import { gumbel } from "./gumbel.ts";
import type { Key } from "./key.ts";

/** Options of `categorical`. */
export interface CategoricalOptions {
  /** The axis of the categories. @defaultValue -1 */
  readonly axis?: number;
  /** Of the result; the last axes are those of `logits` without the categories. @defaultValue these axes */
  readonly shape?: ShapeLike;
  /** Whether a category may be drawn again, along the axes that `shape` adds. @defaultValue true */
  readonly replace?: boolean;
}

/**
 * Random categories with probabilities `exp(logits) / Σ exp(logits)`.
 *
 * @param logits - Logarithms of probabilities, up to a constant; float32 draws in float32.
 * @returns The numbers of the categories, int32.
 * @throws TypeError if `key` is no key or `shape` does not fit; RangeError for an axis that there is not, or if there are not
 * enough categories to draw others.
 *
 * @example
 * ```ts
 * import { categorical, key } from "@diffrax-ts/random";
 *
 * categorical(key(0), Float64Array.of(0, 1, 2), { shape: [4] }).toArray();
 * // → [2, 2, 2, 1]
 * ```
 */
export function categorical(key: Key, logits: Leaf, options: CategoricalOptions = {}): Tensor {
  const name = "categorical";
  const given = checkOptions(name, options, ["axis", "shape", "replace"]);
  const array = floats(name, "logits", logits);
  const dtype = array.dtype as "float64" | "float32";
  const axis = axisOf(name, given.axis ?? -1, array.shape);
  const n = array.shape[axis]!;
  const batch = array.shape.filter((_, i) => i !== axis);
  const shape = shapeFor(name, given.shape, { "logits without the axis of categories": batch });
  const added = shape.slice(0, shape.length - batch.length);
  if (n === 0) throw new RangeError(`${name}: there are no categories in ${describeValue(array)}`);
  if (given.replace ?? true) {
    const own = shape.slice(added.length);
    own.splice(axis, 0, n);
    const noisy = add(gumbel(key, [...added, ...own], { dtype }), array);
    return argmax(noisy, { axis: added.length + axis });
  }
  const count = sizeOf(added);
  if (count > n) {
    throw new RangeError(
      `${name}: ${count} different categories were asked for, and there are ${n}; take replace: true`,
    );
  }
  const noisy = moveaxis(add(gumbel(key, array.shape, { dtype }), array), axis, -1);
  const first = slice(argsort(noisy, { descending: true }), ...batch.map(() => [] as const), [
    0,
    count,
  ]);
  return reshape(moveaxis(first, -1, 0), shape);
}
