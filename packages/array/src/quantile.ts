import {
  add,
  apply,
  asTensor,
  astype,
  ceil,
  floor,
  isTraced,
  lessEqual,
  maximum,
  minimum,
  mul,
  reshape,
  sub,
  valueOf,
  where,
} from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  type Leaf,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { alike } from "./alike.ts";
import { any } from "./anyAll.ts";
import { axesOf } from "./axes.ts";
import { isNaN } from "./logic.ts";
import { asFloat, type ReduceAllOptions, type ReduceOptions } from "./reduce.ts";
import { sortLast } from "./sort.ts";
import { moveaxis } from "./transpose.ts";

const methods = ["linear", "lower", "higher", "midpoint", "nearest"] as const;

/** What a quantile between two elements is. */
export type QuantileMethod = (typeof methods)[number];

/** Options of `quantile`. */
export interface QuantileOptions extends ReduceOptions {
  /**
   * What a quantile between two elements is: what lies between them in proportion, the lower or the higher, half of their sum, or the nearer
   * one, the lower if both are. @defaultValue "linear"
   */
  readonly method?: QuantileMethod | undefined;
}

/**
 * The number below which a part `q` of the elements lies, of all or along some axes: element `q (n - 1)` of them sorted, counted from 0. NaN if one
 * of them is.
 *
 * @param q - From 0 to 1; a vector of several makes a first axis of the result.
 * @throws RangeError for a known `q` outside of [0, 1], and where there are no elements.
 *
 * @example
 * ```ts
 * import { quantile, tensor } from "@diffrax-ts/array";
 *
 * const x = tensor([4, 1, 3, 2]);
 * quantile(x, 0.5).item();
 * // → 2.5
 * quantile(x, tensor([0, 0.25, 1])).toArray();
 * // → [1, 1.75, 4]
 * ```
 */
export function quantile(
  x: Leaf,
  q: number | Scalar,
  options?: ReduceAllOptions & QuantileOptions,
): Scalar;
export function quantile(x: Leaf, q: Leaf, options?: QuantileOptions): Tensor;
export function quantile(x: Leaf, q: Leaf, options: QuantileOptions = {}): Tensor {
  return quantileOf("quantile", x, q, options);
}

/**
 * The middle of the elements, of all or along some axes; of an even number half the sum of both in the middle. NaN if one of them is.
 *
 * @example
 * ```ts
 * import { median, tensor } from "@diffrax-ts/array";
 *
 * median(tensor([[1, 5, 3], [4, 2, 6]]), { axis: 1 }).toArray();
 * // → [3, 4]
 * ```
 */
export function median(x: Leaf, options?: ReduceAllOptions): Scalar;
export function median(x: Leaf, options?: ReduceOptions): Tensor;
export function median(x: Leaf, options: ReduceOptions = {}): Tensor {
  const { axis, keepdims } = checkOptions("median", options, ["axis", "keepdims"]);
  return quantileOf("median", x, 0.5, { axis, keepdims, method: "midpoint" });
}

function quantileOf(name: string, x: Leaf, q: Leaf, options: QuantileOptions): Tensor {
  const {
    axis,
    keepdims = false,
    method = "linear",
  } = checkOptions(name, options, ["axis", "keepdims", "method"]);
  if (!methods.includes(method))
    throw new RangeError(
      `${name}: method must be one of ${methods.join(", ")}, got ${describeValue(method)}`,
    );
  const [array, part] = alike(name, [asFloat(asTensor(x, name)), q]) as unknown as [Tensor, Tensor];
  requireParts(name, part);
  const { shape } = array;
  const axes = axesOf(name, axis, shape).sort((a, b) => a - b);
  const kept = shape.filter((_, i) => !axes.includes(i));
  const n = axes.reduce((product, i) => product * shape[i]!, 1);
  if (n === 0)
    throw new RangeError(`${name}: shape [${shape.join()}] has no elements along [${axes.join()}]`);
  const last = axes.map((_, i) => i - axes.length);
  const rows = reshape(axes.length === 0 ? array : moveaxis(array, axes, last), [...kept, n]);
  // Of NaN no other element counts.
  const sorted = sortLast(where(any(isNaN(rows), { axis: -1, keepdims: true }), NaN, rows));

  const place = mul(part, n - 1);
  const low = floor(place);
  const elementAt = (at: Tensor): Tensor =>
    apply("gather", [sorted, astype(minimum(maximum(at, 0), n - 1), "int32")], {
      axis: kept.length,
    })[0]!;
  const [below, above] = [elementAt(low), elementAt(ceil(place))];
  const highWeight = sub(place, low);
  const between = (): Tensor => {
    switch (method) {
      case "lower":
        return below;
      case "higher":
        return above;
      case "midpoint":
        return mul(add(below, above), 0.5);
      case "nearest":
        return where(lessEqual(highWeight, 0.5), below, above);
      case "linear":
        return add(mul(below, sub(1, highWeight)), mul(above, highWeight));
    }
  };
  const value = part.shape.length === 0 ? between() : moveaxis(between(), -1, 0);
  if (!keepdims) return value;
  return reshape(value, [...part.shape, ...shape.map((size, i) => (axes.includes(i) ? 1 : size))]);
}

function requireParts(name: string, q: Tensor): void {
  if (q.shape.length > 1)
    throw new TypeError(`${name}: q must be a number or a vector, got shape [${q.shape.join()}]`);
  const outside = isTraced(q) ? undefined : valueOf(q).data.find((part) => part < 0 || part > 1);
  if (outside !== undefined)
    throw new RangeError(`${name}: q must be between 0 and 1, got ${outside}`);
}
