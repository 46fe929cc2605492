import { apply, asTensor, type Ranked, rem, reshape, sub } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { along } from "./along.ts";
import { flip } from "./flip.ts";
import { sortOrder } from "./sortOrder.ts";
import { moveaxis } from "./transpose.ts";

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  /** The axis to sort along; `null` for all elements as a vector. @defaultValue -1 */
  readonly axis?: number | null | undefined;
  /** From the largest to the smallest. @defaultValue false */
  readonly descending?: boolean | undefined;
}

/**
 * The elements along an axis from the smallest to the largest; NaN comes last.
 *
 * @example
 * ```ts
 * import { sort, tensor } from "@diffrax-ts/array";
 *
 * sort(tensor([3, 1, 2])).toArray();
 * // → [1, 2, 3]
 * sort(tensor([[3, 1], [2, 5]]), { axis: 0, descending: true }).toArray();
 * // → [[3, 5], [2, 1]]
 * ```
 */
export function sort(
  x: Leaf,
  options: SortOptions & { readonly axis: null },
): Tensor<readonly [number]>;
export function sort<X extends Leaf>(
  x: X,
  options?: SortOptions & { readonly axis?: number | undefined },
): Ranked<X>;
export function sort(x: Leaf, options?: SortOptions): Tensor;
export function sort(x: Leaf, options: SortOptions = {}): Tensor {
  const { array, axis, descending } = sorting("sort", x, options);
  const sorted = sortLast(moveaxis(array, axis, -1));
  return moveaxis(descending ? flip(sorted, { axis: -1 }) : sorted, -1, axis);
}

/**
 * The places of the elements along an axis from the smallest to the largest, int32: `take(x, argsort(x))` is `sort(x)` for a vector. Of equal
 * elements the first comes first; NaN comes last, and first if descending.
 *
 * @example
 * ```ts
 * import { argsort, tensor } from "@diffrax-ts/array";
 *
 * argsort(tensor([3, 1, 2])).toArray();
 * // → [1, 2, 0]
 * ```
 */
export function argsort(
  x: Leaf,
  options: SortOptions & { readonly axis: null },
): Tensor<readonly [number]>;
export function argsort<X extends Leaf>(
  x: X,
  options?: SortOptions & { readonly axis?: number | undefined },
): Ranked<X>;
export function argsort(x: Leaf, options?: SortOptions): Tensor;
export function argsort(x: Leaf, options: SortOptions = {}): Tensor {
  const { array, axis, descending } = sorting("argsort", x, options);
  const last = moveaxis(array, axis, -1);
  const { shape } = last;
  const n = shape.at(-1)!;
  // Turned round before and after, so that equal ones keep their order.
  const matrix = asRows(descending ? flip(last, { axis: -1 }) : last);
  const places = reshape(rem(sortOrder(matrix), Math.max(n, 1)), shape);
  const order = descending ? flip(sub(n - 1, places), { axis: -1 }) : places;
  return moveaxis(order, -1, axis);
}

/** Sorted along the last axis. */
export function sortLast(x: Tensor): Tensor {
  const order = sortOrder(asRows(x));
  return reshape(apply("gather", [reshape(x, [x.size]), order], { axis: 0 })[0]!, x.shape);
}

function asRows(x: Tensor): Tensor {
  const n = x.shape.at(-1)!;
  return reshape(x, [n === 0 ? 0 : x.size / n, n]);
}

function sorting(
  name: string,
  x: Leaf,
  options: SortOptions,
): { readonly array: Tensor; readonly axis: number; readonly descending: boolean } {
  const { axis = -1, descending = false } = checkOptions(name, options, ["axis", "descending"]);
  return { ...along(name, asTensor(x, name), { axis }), descending };
}
