import { dotAxes } from "../dotAxes.ts";
import type { ParamsOf, ReducePrimitive, StructuralPrimitive } from "../primitives.ts";
import { arrayType, isFloat, sameList, sizeOf, type Type } from "../Type.ts";

/** The type of the result, or `false` if the inputs do not fit. */
type Rule<P extends StructuralPrimitive> = (
  inputs: readonly Type[],
  params: ParamsOf<P>,
  name: P,
) => Type | false;

function without(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}

function hasAxes({ shape }: Type, axes: readonly number[]): boolean {
  return axes.every((axis) => axis in shape);
}

function areInts(indices: readonly Type[]): boolean {
  return indices.every(({ dtype }) => !isFloat(dtype) && dtype !== "bool");
}

/** Sums and products are of numbers, and the largest of nothing is nothing. */
function reduce(
  [x]: readonly Type[],
  { axes }: ParamsOf<ReducePrimitive>,
  name: ReducePrimitive,
): Type | false {
  const { dtype, shape } = x!;
  const isChoice = name === "reduceMax" || name === "reduceMin";
  return (
    hasAxes(x!, axes) &&
    (isChoice ? axes.every((axis) => shape[axis] !== 0) : dtype !== "bool") &&
    arrayType(dtype, without(shape, axes))
  );
}

function find([x]: readonly Type[], { axis }: ParamsOf<"argmax">): Type | false {
  const { shape } = x!;
  return (shape[axis] ?? 0) > 0 && arrayType("int32", without(shape, [axis]));
}

/** Where elements go. */
export const structuralShapes: { readonly [P in StructuralPrimitive]: Rule<P> } = {
  reduceSum: reduce,
  reduceProd: reduce,
  reduceMax: reduce,
  reduceMin: reduce,
  argmax: find,
  argmin: find,
  cumsum([x], { axis }) {
    return hasAxes(x!, [axis]) && x!;
  },
  dotGeneral([a, b], { contract, batch }) {
    const fits = [contract, batch].every(([axesA, axesB]) =>
      axesA.every((axis, i) => a!.shape[axis] === b!.shape[axesB[i]!]),
    );
    const free = ({ shape }: Type, side: 0 | 1): number[] =>
      dotAxes(shape.length, contract[side], batch[side]).map((axis) => shape[axis]!);
    const paired = batch[0].map((axis) => a!.shape[axis]!);
    return (
      fits &&
      a!.dtype === b!.dtype &&
      arrayType(a!.dtype, [...paired, ...free(a!, 0), ...free(b!, 1)])
    );
  },
  broadcast([x], { shape, axes }) {
    return (
      axes.every(
        (axis, i) =>
          (x!.shape[i] === 1 || x!.shape[i] === shape[axis]) && (i === 0 || axis > axes[i - 1]!),
      ) && arrayType(x!.dtype, shape)
    );
  },
  reshape([x], { shape }) {
    return sizeOf(shape) === sizeOf(x!.shape) && arrayType(x!.dtype, shape);
  },
  transpose([x], { permutation }) {
    const { dtype, shape } = x!;
    const moved = permutation.map((axis) => shape[axis]!);
    return (
      hasAxes(x!, permutation) &&
      new Set(permutation).size === shape.length &&
      arrayType(dtype, moved)
    );
  },
  reverse([x], { axes }) {
    return hasAxes(x!, axes) && x!;
  },
  concatenate(inputs, { axis }) {
    const [first] = inputs;
    if (first === undefined || !hasAxes(first, [axis])) return false;
    const { dtype, shape } = first;
    let length = 0;
    for (const input of inputs) {
      const n = input.shape[axis] ?? 0;
      if (input.dtype !== dtype || !sameList(input.shape, shape.with(axis, n))) return false;
      length += n;
    }
    return arrayType(dtype, shape.with(axis, length));
  },
  pack(inputs, { shape }) {
    const dtype = inputs[0]?.dtype;
    return (
      dtype !== undefined &&
      inputs.length === sizeOf(shape) &&
      inputs.every((x) => x.dtype === dtype && x.shape.length === 0) &&
      arrayType(dtype, shape)
    );
  },
  pad([x], { low, high }) {
    return arrayType(
      x!.dtype,
      x!.shape.map((n, axis) => n + low[axis]! + high[axis]!),
    );
  },
  slice([x], { start, limit, step }) {
    const { dtype, shape } = x!;
    const fits = shape.every(
      (n, axis) =>
        start[axis]! >= 0 && start[axis]! <= limit[axis]! && limit[axis]! <= n && step[axis]! > 0,
    );
    return (
      fits &&
      arrayType(
        dtype,
        shape.map((_, axis) => Math.ceil((limit[axis]! - start[axis]!) / step[axis]!)),
      )
    );
  },
  dynamicSlice([x, ...start], { sizes }) {
    return (
      areInts(start) && sizes.every((n, axis) => n <= x!.shape[axis]!) && arrayType(x!.dtype, sizes)
    );
  },
  dynamicUpdateSlice([x, update, ...start]) {
    const { dtype, shape } = update!;
    return (
      areInts(start) &&
      dtype === x!.dtype &&
      shape.length === x!.shape.length &&
      shape.every((n, axis) => n <= x!.shape[axis]!) &&
      x!
    );
  },
  gather([x, indices], { axis }) {
    return (
      areInts([indices!]) &&
      hasAxes(x!, [axis]) &&
      arrayType(x!.dtype, x!.shape.toSpliced(axis, 1, ...indices!.shape))
    );
  },
  scatterAdd([x, indices, updates], { axis }) {
    const rows = structuralShapes.gather([x!, indices!], { axis }, "gather");
    return rows && updates!.dtype === rows.dtype && sameList(updates!.shape, rows.shape) && x!;
  },
  iota(_, { dtype, shape }) {
    return arrayType(dtype, shape);
  },
};
