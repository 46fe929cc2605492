import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { apply } from "./apply.ts";
import { asOperand } from "./asTensor.ts";
import { elementwise } from "./elementwise.ts";
import { isTraced } from "./isTraced.ts";
import { requireIntegers } from "./refusals.ts";
import { scalarTensor } from "./tensorOf.ts";
import type { Type } from "./Type.ts";

/** Indices of an axis of `n` elements, counted from the front. Those out of range stay so. */
export function fromFront(name: string, index: Tensor, n: number): Tensor {
  requireIntegers(name, index as unknown as Type);
  if (index.dtype === "uint32") return index;
  const isNegative = elementwise("lt", index, 0);
  return apply("select", [isNegative, elementwise("add", index, n), index], {})[0]!;
}

/** The element or sub-array of `x` at leading indices. */
export function elementAt(x: Tensor, indices: readonly Leaf[]): Tensor {
  const { shape } = x;
  if (indices.length > shape.length) {
    throw new RangeError(`at: ${indices.length} indices for a tensor of shape [${shape.join()}]`);
  }
  const start = indices.map((leaf, axis) => {
    const n = shape[axis]!;
    const place = asOperand(leaf, "at");
    if (typeof place !== "number") requireIntegers("at", place as unknown as Type, true);
    if (typeof place !== "number" && isTraced(place)) return fromFront("at", place, n);
    const index = typeof place === "number" ? place : place.item();
    const i = index < 0 ? index + n : index;
    if (!Number.isInteger(index) || i < 0 || i >= n) {
      throw new RangeError(`at: index ${index} is outside axis ${axis}, which has ${n} elements`);
    }
    return i;
  });
  const rest = shape.slice(start.length);
  const from = [...start, ...rest.map(() => 0)];
  const sizes = [...start.map(() => 1), ...rest];
  const [element] = from.every((i) => typeof i === "number")
    ? apply("slice", [x], {
        start: from,
        limit: from.map((i, axis) => i + sizes[axis]!),
        step: shape.map(() => 1),
      })
    : apply(
        "dynamicSlice",
        [x, ...from.map((i) => (typeof i === "number" ? scalarTensor("int32", i) : i))],
        { sizes },
      );
  return apply("reshape", [element!], { shape: rest })[0]!;
}
