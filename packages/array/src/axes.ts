import { describeValue } from "@diffrax-ts/pytree";

/** One axis, several, or all of them (`null`). Negative ones count from the end. */
export type AxisList = number | readonly number[] | null | undefined;

/** An axis, counted from the front. */
export function axisOf(name: string, axis: number, shape: readonly number[]): number {
  const place = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && place >= 0 && place < shape.length) return place;
  const axes =
    shape.length === 0
      ? "which has no axes"
      : `whose axes are 0 to ${shape.length - 1}, or -1 back`;
  throw new RangeError(
    `${name}: axis ${describeValue(axis)} is not one of shape [${shape.join()}], ${axes}`,
  );
}

/** Axes, counted from the front and in the order in which they were given. */
export function axesOf(name: string, axis: AxisList, shape: readonly number[]): number[] {
  if (axis === null || axis === undefined) return [...shape.keys()];
  if (!Array.isArray(axis)) return [axisOf(name, axis as number, shape)];
  const axes = axis.map((one: number) => axisOf(name, one, shape));
  if (new Set(axes).size < axes.length) {
    throw new RangeError(`${name}: axis [${axis.join()}] names one axis twice`);
  }
  return axes;
}
