import {
  add,
  argsort,
  astype,
  cumsum,
  log,
  mul,
  reshape,
  searchsorted,
  slice,
  type ShapeLike,
  type ShapeOf,
  sub,
  take,
} from "@diffrax-ts/array";
import { asTensor, sizeOf } from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  type Leaf,
  type Tensor,
  type TypedArray,
} from "@diffrax-ts/pytree";
import { axisOf, checkKnown, floats, shapeOf } from "./arguments.ts";
import { gumbel } from "./gumbel.ts";
import { type Key, requireKey } from "./key.ts";
import { permutation } from "./permutation.ts";
import { randint } from "./randint.ts";
import { uniform } from "./uniform.ts";

/** Options of `choice`. */
export interface ChoiceOptions {
  /** Whether an element may be drawn again. @defaultValue true */
  readonly replace?: boolean;
  /** The probability of each element; they need not add up to 1. @defaultValue all the same */
  readonly p?: Leaf;
  /** The axis whose elements are drawn. @defaultValue 0 */
  readonly axis?: number;
}

type AnyShape = readonly number[];

/**
 * Random elements of an array, or of the numbers from 0 up to `a`.
 *
 * @param a - An array, or how many numbers.
 * @param shape - How many are drawn: it stands in the place of the axis. @defaultValue []
 * @returns Elements of `a`; int32 for a number.
 * @throws TypeError if `key` is no key or `p` has another length; RangeError if there are no elements, or not enough of them to
 * draw others.
 *
 * @example
 * ```ts
 * import { choice, key } from "@diffrax-ts/random";
 *
 * choice(key(0), Float64Array.of(1, 2, 3), [4], { p: Float64Array.of(0.5, 0.25, 0.25) }).toArray();
 * // → [2, 3, 1, 1]
 * choice(key(0), 10, [3], { replace: false }).toArray();
 * // → [0, 1, 8]
 * ```
 */
export function choice<A extends Leaf, const Shape extends ShapeLike = readonly []>(
  key: Key,
  a: A,
  shape?: Shape,
  options?: ChoiceOptions,
): Tensor<A extends number | TypedArray | Tensor<readonly [number]> ? ShapeOf<Shape> : AnyShape>;
export function choice(
  key: Key,
  a: Leaf,
  shape: ShapeLike = [],
  options: ChoiceOptions = {},
): Tensor {
  const name = "choice";
  const { replace = true, p, axis = 0 } = checkOptions(name, options, ["replace", "p", "axis"]);
  const checked = requireKey(name, key);
  const wanted = shapeOf(name, shape);
  const array = typeof a === "number" ? null : asTensor(a, name);
  if (array === null && !(Number.isInteger(a) && (a as number) >= 0))
    throw new RangeError(`${name}: a must be an array or an integer >= 0, got ${describeValue(a)}`);
  const along = array === null ? 0 : axisOf(name, axis, array.shape);
  const n = array === null ? (a as number) : array.shape[along]!;
  const count = sizeOf(wanted);
  if (n === 0 && count > 0) throw new RangeError(`${name}: a has no elements to draw`);
  if (!replace && count > n) {
    throw new RangeError(
      `${name}: ${count} different elements were asked for, and there are ${n}; take replace: true`,
    );
  }
  const chances = p === undefined ? null : probabilities(p, n);
  const places =
    count === 0
      ? astype(new Float64Array(0), "int32")
      : replace
        ? withReplacement(checked, n, count, chances)
        : different(checked, n, count, chances);
  if (array === null) return reshape(places, wanted);
  const { shape: own } = array;
  return reshape(take(array, places, { axis: along }), [
    ...own.slice(0, along),
    ...wanted,
    ...own.slice(along + 1),
  ]);
}

/** The order in which elements stand in the result does not depend on its shape. */
function withReplacement(key: Key, n: number, count: number, p: Tensor | null): Tensor {
  if (p === null) return astype(randint(key, count, 0, n), "int32");
  const sums = cumsum(p);
  const dtype = p.dtype as "float64" | "float32";
  return searchsorted(sums, mul(sums.at(n - 1), sub(1, uniform(key, count, { dtype }))));
}

function different(key: Key, n: number, count: number, p: Tensor | null): Tensor {
  if (p === null) return slice(permutation(key, n), [0, count]);
  const dtype = p.dtype as "float64" | "float32";
  return slice(argsort(add(gumbel(key, n, { dtype }), log(p)), { descending: true }), [0, count]);
}

function probabilities(p: Leaf, n: number): Tensor {
  const chances = floats("choice", "p", p);
  if (chances.shape.length !== 1 || chances.shape[0] !== n) {
    throw new TypeError(
      `choice: p must have one number for each of the ${n} elements, got ${describeValue(chances)}`,
    );
  }
  checkKnown("choice", "p", chances, { isRight: (x) => x >= 0 && x < Infinity, must: "be >= 0" });
  return chances;
}
