import { apply, asTensor, type Lowered, reshape } from "@diffrax-ts/program";
import { describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/**
 * What to take of one axis: the element at a place, which leaves the axis out; the elements from `start` up to, and without,
 * `stop`, by steps; or everything (`null`).
 *
 * Negative places count from the end, and a negative step goes backwards.
 */
export type Range =
  | number
  | readonly [
      start?: number | null | undefined,
      stop?: number | null | undefined,
      step?: number | null | undefined,
    ]
  | null;

/**
 * A part of `x`: one range for each axis, and everything of the axes that are not named. `x[1, 2:5, ::-1]` of NumPy is
 * `slice(x, 1, [2, 5], [null, null, -1])`.
 *
 * A range that reaches beyond the axis ends with it.
 *
 * @throws RangeError if there is no element at a place, or if there are more ranges than axes.
 *
 * @example
 * ```ts
 * import { arange, slice } from "@diffrax-ts/array";
 *
 * slice(arange(6), [1, -1]).toArray();
 * // → [1, 2, 3, 4]
 * slice(arange(6), [null, null, -2]).toArray();
 * // → [5, 3, 1]
 * slice(arange(6), -1).item();
 * // → 5
 * ```
 */
export function slice<X extends Leaf, const Ranges extends readonly Range[]>(
  x: X,
  ...ranges: Ranges
): Lowered<X, PlacesIn<Ranges>> {
  const array = asTensor(x, "slice");
  const { shape } = array;
  if (ranges.length > shape.length) {
    throw new RangeError(`slice: ${ranges.length} ranges for a tensor of shape [${shape.join()}]`);
  }
  const windows = shape.map((n, axis) => windowOf(ranges[axis], n, axis));
  const [part] = apply("slice", [array], {
    start: windows.map(({ start }) => start),
    limit: windows.map(({ limit }) => limit),
    step: windows.map(({ step }) => step),
  });
  const axes = [...shape.keys()].filter((axis) => windows[axis]!.isReversed);
  const [ordered] = axes.length === 0 ? [part!] : apply("reverse", [part!], { axes });
  return reshape(
    ordered!,
    ordered!.shape.filter((_, axis) => typeof ranges[axis] !== "number"),
  );
}

/** How many of some ranges are single places, which leave their axes out. */
type PlacesIn<
  Ranges extends readonly unknown[],
  Found extends readonly unknown[] = [],
> = Ranges extends readonly []
  ? Found["length"]
  : Ranges extends readonly [infer First, ...infer Others]
    ? [First] extends [number]
      ? PlacesIn<Others, [...Found, First]>
      : [First] extends [readonly unknown[] | null]
        ? PlacesIn<Others, Found>
        : number
    : number;

/** One range of one axis, and everything of the others. */
export function sliceAxis(x: Tensor, axis: number, range: Range): Tensor {
  return slice(x, ...x.shape.slice(0, axis).map(() => null), range);
}

/** What is taken of an axis, in the order in which it lies there. */
interface Window {
  readonly start: number;
  readonly limit: number;
  readonly step: number;
  readonly isReversed: boolean;
}

function windowOf(range: Range | undefined, n: number, axis: number): Window {
  if (typeof range === "number") {
    const place = range < 0 ? range + n : range;
    if (Number.isInteger(range) && place >= 0 && place < n) {
      return { start: place, limit: place + 1, step: 1, isReversed: false };
    }
    throw new RangeError(`slice: index ${range} is outside axis ${axis}, which has ${n} elements`);
  }
  const parts = range ?? [];
  if (!Array.isArray(parts) || parts.length > 3 || !parts.every(isPlace) || parts[2] === 0) {
    const got = Array.isArray(range) ? `[${range.join()}]` : describeValue(range);
    throw new TypeError(
      `slice: the range of axis ${axis} must be an integer, null, or [start?, stop?, step?] with integers and a step that is not 0, got ${got}`,
    );
  }
  const [start, stop] = parts;
  const step = parts[2] ?? 1;
  const within = (place: number, low: number, high: number): number =>
    Math.min(Math.max(place < 0 ? place + n : place, low), high);
  if (step > 0) {
    const from = within(start ?? 0, 0, n);
    return { start: from, limit: Math.max(within(stop ?? n, 0, n), from), step, isReversed: false };
  }
  const last = within(start ?? n - 1, -1, n - 1);
  const end = stop === null || stop === undefined ? -1 : within(stop, -1, n - 1);
  const count = Math.max(Math.ceil((last - end) / -step), 0);
  const first = last + (count - 1) * step;
  return count === 0
    ? { start: 0, limit: 0, step: 1, isReversed: false }
    : { start: first, limit: last + 1, step: -step, isReversed: true };
}

function isPlace(x: unknown): x is number | null | undefined {
  return x === null || x === undefined || Number.isInteger(x);
}
