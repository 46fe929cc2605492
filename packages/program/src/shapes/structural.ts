import type { ReducePrimitive } from "../primitives.ts";
import { arrayType, isFloat, sameList, showType, sizeOf, type Type } from "../Type.ts";
import type { ShapeRules } from "./ShapeRule.ts";

type Structural =
  | ReducePrimitive
  | "argmax"
  | "argmin"
  | "cumsum"
  | "dotGeneral"
  | "broadcast"
  | "reshape"
  | "transpose"
  | "reverse"
  | "concatenate"
  | "pack"
  | "pad"
  | "slice"
  | "dynamicSlice"
  | "dynamicUpdateSlice"
  | "gather"
  | "scatterAdd"
  | "iota";

function requireArray(name: string, ...inputs: readonly Type[]): void {
  for (const input of inputs) {
    if (input.buffer) throw new TypeError(`${name}: a buffer can only be written to or frozen`);
  }
}

function requireAxis(name: string, axis: number, { shape }: Type): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
    throw new RangeError(`${name}: axis ${axis} is not one of shape [${shape.join()}]`);
  }
}

function requireInt(name: string, index: Type): void {
  if (isFloat(index.dtype) || index.dtype === "bool") {
    throw new TypeError(`${name}: an index must be of an integer type, got ${showType(index)}`);
  }
}

function without(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduce(name: ReducePrimitive) {
  return (
    [x]: readonly Type[],
    { axes }: { readonly axes: readonly number[] },
  ): readonly Type[] => {
    requireArray(name, x!);
    for (const axis of axes) requireAxis(name, axis, x!);
    if (x!.dtype === "bool" && (name === "reduceSum" || name === "reduceProd")) {
      throw new TypeError(`${name}: expected numbers, got bool; convert them with astype first`);
    }
    if (
      (name === "reduceMax" || name === "reduceMin") &&
      axes.some((axis) => x!.shape[axis] === 0)
    ) {
      throw new RangeError(`${name}: shape [${x!.shape.join()}] has no elements to choose from`);
    }
    return [arrayType(x!.dtype, without(x!.shape, axes))];
  };
}

function argReduce(name: string) {
  return ([x]: readonly Type[], { axis }: { readonly axis: number }): readonly Type[] => {
    requireArray(name, x!);
    requireAxis(name, axis, x!);
    if (x!.shape[axis] === 0) throw new RangeError(`${name}: axis ${axis} has no elements`);
    return [arrayType("int32", without(x!.shape, [axis]))];
  };
}

/** Where elements go: reductions, contractions, and changes of shape. */
export function structuralShapes(): ShapeRules<Structural> {
  return {
    reduceSum: reduce("reduceSum"),
    reduceProd: reduce("reduceProd"),
    reduceMax: reduce("reduceMax"),
    reduceMin: reduce("reduceMin"),
    argmax: argReduce("argmax"),
    argmin: argReduce("argmin"),
    cumsum: ([x], { axis }) => {
      requireArray("cumsum", x!);
      requireAxis("cumsum", axis, x!);
      return [arrayType(x!.dtype, x!.shape)];
    },
    dotGeneral: ([a, b], { contract, batch }) => {
      requireArray("dotGeneral", a!, b!);
      if (a!.dtype !== b!.dtype) throw new TypeError(`dotGeneral: ${a!.dtype} met ${b!.dtype}`);
      for (const [axesA, axesB] of [contract, batch]) {
        for (const [i, axis] of axesA.entries()) {
          if (a!.shape[axis] !== b!.shape[axesB[i]!]) {
            throw new TypeError(
              `dot: shapes [${a!.shape.join()}] and [${b!.shape.join()}] differ along the axes to contract`,
            );
          }
        }
      }
      const kept = batch[0].map((axis) => a!.shape[axis]!);
      const restA = without(a!.shape, [...contract[0], ...batch[0]]);
      const restB = without(b!.shape, [...contract[1], ...batch[1]]);
      return [arrayType(a!.dtype, [...kept, ...restA, ...restB])];
    },
    broadcast: ([x], { shape, axes }) => {
      requireArray("broadcast", x!);
      for (const [i, axis] of axes.entries()) {
        if (x!.shape[i] !== 1 && x!.shape[i] !== shape[axis]) {
          throw new TypeError(
            `broadcast: shape [${x!.shape.join()}] does not fit into [${shape.join()}]`,
          );
        }
      }
      return [arrayType(x!.dtype, shape)];
    },
    reshape: ([x], { shape }) => {
      requireArray("reshape", x!);
      if (sizeOf(shape) !== sizeOf(x!.shape)) {
        throw new TypeError(
          `reshape: ${showType(x!)} does not have the number of elements of [${shape.join()}]`,
        );
      }
      return [arrayType(x!.dtype, shape)];
    },
    transpose: ([x], { permutation }) => {
      requireArray("transpose", x!);
      if (
        !sameList(
          permutation.toSorted((a, b) => a - b),
          [...x!.shape.keys()],
        )
      ) {
        throw new RangeError(
          `transpose: [${permutation.join()}] is no order of the axes of [${x!.shape.join()}]`,
        );
      }
      return [
        arrayType(
          x!.dtype,
          permutation.map((axis) => x!.shape[axis]!),
        ),
      ];
    },
    reverse: ([x], { axes }) => {
      requireArray("reverse", x!);
      for (const axis of axes) requireAxis("reverse", axis, x!);
      return [arrayType(x!.dtype, x!.shape)];
    },
    concatenate: (inputs, { axis }) => {
      requireArray("concatenate", ...inputs);
      const first = inputs[0];
      if (first === undefined)
        throw new RangeError("concatenate: expected at least one tensor, got none");
      requireAxis("concatenate", axis, first);
      let length = 0;
      for (const input of inputs) {
        if (
          input.dtype !== first.dtype ||
          !sameList(without(input.shape, [axis]), without(first.shape, [axis])) ||
          input.shape.length !== first.shape.length
        ) {
          throw new TypeError(
            `concatenate: ${showType(first)} and ${showType(input)} do not go together along axis ${axis}`,
          );
        }
        length += input.shape[axis]!;
      }
      return [arrayType(first.dtype, first.shape.with(axis, length))];
    },
    pack: (inputs, { shape }) => {
      const first = inputs[0];
      if (first === undefined || inputs.length !== sizeOf(shape)) {
        throw new RangeError(`pack: ${inputs.length} scalars do not make shape [${shape.join()}]`);
      }
      for (const input of inputs) {
        if (input.dtype !== first.dtype || input.shape.length > 0) {
          throw new TypeError(
            `pack: expected scalars of one dtype, got ${showType(first)} and ${showType(input)}`,
          );
        }
      }
      return [arrayType(first.dtype, shape)];
    },
    pad: ([x], { low, high }) => {
      requireArray("pad", x!);
      return [
        arrayType(
          x!.dtype,
          x!.shape.map((n, axis) => n + low[axis]! + high[axis]!),
        ),
      ];
    },
    slice: ([x], { start, limit, step }) => {
      requireArray("slice", x!);
      return [
        arrayType(
          x!.dtype,
          x!.shape.map((n, axis) => {
            const [from, to, by] = [start[axis]!, limit[axis]!, step[axis]!];
            if (!(from >= 0 && from <= to && to <= n && by > 0)) {
              throw new RangeError(
                `slice: ${from}:${to}:${by} is outside axis ${axis} of shape [${x!.shape.join()}]`,
              );
            }
            return Math.ceil((to - from) / by);
          }),
        ),
      ];
    },
    dynamicSlice: ([x, ...start], { sizes }) => {
      requireArray("dynamicSlice", x!);
      for (const index of start) requireInt("dynamicSlice", index);
      for (const [axis, n] of sizes.entries()) {
        if (n > x!.shape[axis]!) {
          throw new RangeError(
            `dynamicSlice: ${n} elements do not fit into axis ${axis} of [${x!.shape.join()}]`,
          );
        }
      }
      return [arrayType(x!.dtype, sizes)];
    },
    dynamicUpdateSlice: ([x, update, ...start]) => {
      requireArray("dynamicUpdateSlice", x!, update!);
      for (const index of start) requireInt("dynamicUpdateSlice", index);
      if (
        x!.dtype !== update!.dtype ||
        x!.shape.length !== update!.shape.length ||
        update!.shape.some((n, axis) => n > x!.shape[axis]!)
      ) {
        throw new TypeError(
          `dynamicUpdateSlice: ${showType(update!)} does not fit into ${showType(x!)}`,
        );
      }
      return [arrayType(x!.dtype, x!.shape)];
    },
    gather: ([x, indices], { axis }) => {
      requireArray("gather", x!, indices!);
      requireInt("gather", indices!);
      requireAxis("gather", axis, x!);
      return [arrayType(x!.dtype, x!.shape.toSpliced(axis, 1, ...indices!.shape))];
    },
    scatterAdd: ([x, indices, updates], { axis }) => {
      requireArray("scatterAdd", x!, indices!, updates!);
      requireInt("scatterAdd", indices!);
      requireAxis("scatterAdd", axis, x!);
      if (
        x!.dtype !== updates!.dtype ||
        !sameList(updates!.shape, x!.shape.toSpliced(axis, 1, ...indices!.shape))
      ) {
        throw new TypeError(
          `scatterAdd: updates ${showType(updates!)} do not fit into ${showType(x!)}`,
        );
      }
      return [arrayType(x!.dtype, x!.shape)];
    },
    iota: (_, { dtype, shape }) => [arrayType(dtype, shape)],
  };
}

/** The axes of an operand of `dotGeneral` that are neither contracted nor paired, in order. */
export function dotAxes(
  rank: number,
  contract: readonly number[],
  batch: readonly number[],
): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !contract.includes(axis) && !batch.includes(axis),
  );
}
