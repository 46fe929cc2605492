import { apply, asTensor, type Ranked } from "@diffrax-ts/program";
import type { Leaf } from "@diffrax-ts/pytree";
import { requireCount } from "./shapes.ts";

/** How many zeros to add: a number for both ends of every axis, or `[before, after]` for each axis. */
export type PadWidths = number | readonly (readonly [before: number, after: number])[];

/**
 * `x` with zeros round it.
 *
 * @example
 * ```ts
 * import { pad, tensor } from "@diffrax-ts/array";
 *
 * pad(tensor([1, 2]), [[1, 2]]).toArray();
 * // → [0, 1, 2, 0, 0]
 * ```
 */
export function pad<X extends Leaf>(x: X, widths: PadWidths): Ranked<X> {
  const array = asTensor(x, "pad");
  const { shape } = array;
  const pairs = typeof widths === "number" ? shape.map(() => [widths, widths] as const) : widths;
  if (
    !Array.isArray(pairs) ||
    pairs.length !== shape.length ||
    pairs.some((pair) => pair.length !== 2)
  ) {
    throw new RangeError(
      `pad: widths must be a number or [before, after] for each axis of shape [${shape.join()}], got ${JSON.stringify(widths)}`,
    );
  }
  for (const width of pairs.flat()) requireCount("pad", "a width", width);
  const [low, high] = [pairs.map(([before]) => before), pairs.map(([, after]) => after)];
  return apply("pad", [array], { low, high })[0]!;
}
