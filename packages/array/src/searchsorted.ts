import {
  add,
  apply,
  broadcastTo,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  notEqual,
  scalarTensor,
  sub,
  where,
} from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  type Leaf,
  type Tensor,
  type Traced,
} from "@diffrax-ts/pytree";
import { alike } from "./alike.ts";

/** Options of `searchsorted`. */
export interface SearchsortedOptions {
  /** Which place it is beside elements that are equal: before them, or behind them. @defaultValue "left" */
  readonly side?: "left" | "right" | undefined;
}

/**
 * The place at which `value` has to be inserted so that `sorted` stays sorted, an int32 from 0 to `n`.
 *
 * A binary search, as long for every value: `⌈log₂(n + 1)⌉` comparisons. NaN comes last.
 *
 * @param sorted - A vector, increasing.
 * @param value - A scalar, or several values at once: then the result has their shape.
 *
 * @example
 * ```ts
 * import { searchsorted, tensor } from "@diffrax-ts/array";
 *
 * const ts = tensor([0, 1, 1, 2]);
 * searchsorted(ts, 1).item();
 * // → 1
 * searchsorted(ts, 1, { side: "right" }).item();
 * // → 3
 * ```
 */
export function searchsorted<Value extends Leaf>(
  sorted: Leaf,
  value: Value,
  options: SearchsortedOptions = {},
): Traced<Value> {
  const { side = "left" } = checkOptions("searchsorted", options, ["side"]);
  if (side !== "left" && side !== "right") {
    throw new RangeError(
      `searchsorted: side must be "left" or "right", got ${describeValue(side)}`,
    );
  }
  const [a, v] = alike("searchsorted", [sorted, value]) as readonly [Tensor, Tensor];
  if (a.shape.length !== 1) {
    throw new TypeError(`searchsorted: sorted must be a vector, got shape [${a.shape.join()}]`);
  }
  const n = a.shape[0]!;
  /** Whether an element comes before the value. */
  const isBefore = (x: Tensor): Tensor =>
    side === "left"
      ? logicalOr(less(x, v), logicalAnd(notEqual(v, v), equal(x, x)))
      : logicalOr(lessEqual(x, v), notEqual(v, v));

  // So many elements are known to come before the value; the steps are halved.
  let place = broadcastTo(scalarTensor("int32", 0), v.shape);
  for (let step = 2 ** Math.floor(Math.log2(n)); step >= 1; step /= 2) {
    const next = add(place, step);
    const [last] = apply("gather", [a, sub(next, 1)], { axis: 0 });
    place = where(logicalAnd(lessEqual(next, n), isBefore(last!)), next, place);
  }
  return place as Traced<Value>;
}
