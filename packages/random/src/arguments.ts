import { broadcastTo, ravel } from "@diffrax-ts/array";
import {
  asTensor,
  astype,
  broadcastShapes,
  isFloat,
  isTraced,
  less,
  sameList,
} from "@diffrax-ts/program";
import { describeValue, type DType, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** A shape as a list of lengths. */
export function shapeOf(name: string, shape: number | readonly number[]): readonly number[] {
  const lengths = typeof shape === "number" ? [shape] : shape;
  if (Array.isArray(lengths) && lengths.every((n) => Number.isInteger(n) && n >= 0))
    return [...lengths];
  throw new TypeError(
    `${name}: shape must be a list of lengths, each an integer >= 0, got ${Array.isArray(shape) ? `[${shape.join()}]` : describeValue(shape)}`,
  );
}

/** The shape asked for, or else that of the parameters together. @throws TypeError if they do not fit into it. */
export function shapeFor(
  name: string,
  shape: number | readonly number[] | undefined,
  parameters: Readonly<Record<string, readonly number[]>>,
): readonly number[] {
  if (shape === undefined)
    return Object.values(parameters).reduce((all, one) => broadcastShapes(name, all, one), []);
  const wanted = shapeOf(name, shape);
  for (const [argument, own] of Object.entries(parameters)) {
    const padding = wanted.length - own.length;
    if (own.every((n, i) => n === 1 || n === wanted[padding + i])) continue;
    throw new TypeError(
      `${name}: ${argument} of shape [${own.join()}] does not fit into shape [${wanted.join()}]`,
    );
  }
  return wanted;
}

/** A parameter of a distribution as floats. @throws TypeError for what is no number. */
export function floats(
  name: string,
  argument: string,
  x: Leaf,
  dtype?: "float64" | "float32",
): Tensor {
  const given = asTensor(x, `${name}: ${argument}`);
  return astype(given, dtype ?? (isFloat(given.dtype) ? given.dtype : "float64"));
}

/** The dtype of floats. @throws TypeError for others. */
export function floatType(name: string, dtype: DType): "float64" | "float32" {
  if (dtype === "float64" || dtype === "float32") return dtype;
  throw new TypeError(`${name}: dtype must be float64 or float32, got ${describeValue(dtype)}`);
}

/** Checks what is known of a parameter now. @throws RangeError that says which number is meant. */
export function checkKnown(
  name: string,
  argument: string,
  x: Tensor,
  { isRight, must }: { readonly isRight: (value: number) => boolean; readonly must: string },
): void {
  if (isTraced(x)) return;
  for (const value of elements(x)) {
    if (isRight(value)) continue;
    throw new RangeError(`${name}: ${argument} must ${must}, got ${String(value)}`);
  }
}

/** A parameter repeated to the shape of the result. */
export function spread(x: Tensor, shape: readonly number[]): Tensor {
  return sameList(x.shape, shape) ? x : broadcastTo(x, shape);
}

/** The number of an axis, which may be counted from the end. @throws RangeError if there is none. */
export function axisOf(name: string, axis: number, shape: readonly number[]): number {
  const place = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(place) && place >= 0 && place < shape.length) return place;
  throw new RangeError(
    `${name}: axis ${describeValue(axis)} does not exist in shape [${shape.join()}]`,
  );
}

/** Checks that what is known of two bounds is in order. */
export function checkOrder(name: string, bounds: Readonly<Record<string, Tensor>>): void {
  const [[lower, low], [upper, high]] = Object.entries(bounds) as [
    [string, Tensor],
    [string, Tensor],
  ];
  if (isTraced(low) || isTraced(high) || elements(less(low, high)).every(Boolean)) return;
  throw new RangeError(
    `${name}: ${lower} must be less than ${upper}, got ${describe(low)} and ${describe(high)}`,
  );
}

/** The numbers of a tensor that is known. */
export function elements(x: Tensor): readonly number[] {
  return [...ravel(x)];
}

function describe(x: Tensor): string {
  return x.shape.length === 0 ? String(x.item()) : describeValue(x);
}
