import { describeValue } from "@diffrax-ts/pytree";

/** A shape as a list of lengths. */
export function shapeOf(name: string, shape: number | readonly number[]): readonly number[] {
  const lengths = typeof shape === "number" ? [shape] : shape;
  if (Array.isArray(lengths) && lengths.every((n) => Number.isInteger(n) && n >= 0))
    return [...lengths];
  throw new TypeError(
    `${name}: shape must be a list of lengths, each an integer >= 0, got ${Array.isArray(shape) ? `[${shape.join()}]` : describeValue(shape)}`,
  );
}
