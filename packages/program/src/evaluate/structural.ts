import type { DType, TensorData } from "@diffrax-ts/pytree";
import { type ArrayValue, contiguous } from "../ArrayValue.ts";
import { dotAxes } from "../dotAxes.ts";
import type { ParamsOf, ReducePrimitive, StructuralPrimitive } from "../primitives.ts";
import { allocate, rowMajor, sizeOf, type Type } from "../Type.ts";
import { operation } from "./elementwise.ts";

/** The elements of the result, whose type is known. */
type Rule<P extends StructuralPrimitive> = (
  type: Type,
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
  name: P,
) => TensorData;

/** The elements at a strided view of an array. */
function view({ dtype, shape }: Type, x: ArrayValue, stride: readonly number[], offset = 0) {
  return contiguous(dtype, shape, x.data, stride, offset);
}

/** The elements with the axes in another order. */
function permuted({ dtype, shape, data }: ArrayValue, order: readonly number[]): TensorData {
  const stride = rowMajor(shape);
  const [dims, strides] = [shape, stride].map((list) => order.map((axis) => list[axis]!));
  return contiguous(dtype, dims!, data, strides!, 0);
}

/** Writes an array to a strided view of another. */
function write(
  target: TensorData,
  stride: readonly number[],
  offset: number,
  { shape, data }: ArrayValue,
): void {
  const index = shape.map(() => 0);
  let place = offset;
  for (let i = 0; i < data.length; i++) {
    target[place] = data[i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      place -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

function zeros({ dtype, shape }: Type): TensorData {
  return allocate(dtype, shape);
}

/** `add` or `mul` or … of two elements of a dtype. */
function pairwise(name: "add" | "mul" | "max" | "min", dtype: DType) {
  return operation(name, dtype) as (x: unknown, y: unknown) => number;
}

const combined = {
  reduceSum: "add",
  reduceProd: "mul",
  reduceMax: "max",
  reduceMin: "min",
} as const;

function reduce(
  type: Type,
  [x]: readonly ArrayValue[],
  { axes }: ParamsOf<ReducePrimitive>,
  name: ReducePrimitive,
): TensorData {
  const { dtype } = type;
  const result = zeros(type);
  const data = permuted(x!, [...dotAxes(x!.shape.length, axes, []), ...axes]);
  const length = data.length / result.length;
  const f = pairwise(combined[name], dtype);
  // One element, so that each sum is rounded to the dtype as compiled code rounds it.
  const total = allocate(dtype, 1);
  const empty = name === "reduceProd" ? 1 : 0;
  for (let row = 0; row < result.length; row++) {
    total[0] = data[row * length] ?? (dtype === "int64" ? BigInt(empty) : empty);
    for (let i = 1; i < length; i++) total[0] = f(total[0], data[row * length + i]);
    result[row] = total[0]!;
  }
  return result;
}

/** The first place where nothing is better; a NaN is better than any number. */
function find(
  type: Type,
  [x]: readonly ArrayValue[],
  { axis }: ParamsOf<"argmax">,
  name: "argmax" | "argmin",
): TensorData {
  const result = zeros(type);
  const data = permuted(x!, [...dotAxes(x!.shape.length, [axis], []), axis]);
  const length = x!.shape[axis]!;
  for (let row = 0; row < result.length; row++) {
    let best = row * length;
    for (let i = best + 1; i < (row + 1) * length; i++) {
      const [champion, candidate] = [data[best]!, data[i]!];
      if (champion !== champion) break;
      const isBetter = name === "argmax" ? candidate > champion : candidate < champion;
      if (isBetter || candidate !== candidate) best = i;
    }
    result[row] = best - row * length;
  }
  return result;
}

/** Rows at indices: read, each clamped to the range, or added to, unless out of range. */
function rows(
  result: TensorData,
  { shape, data, dtype }: ArrayValue,
  axis: number,
  indices: ArrayValue,
  updates: ArrayValue | undefined,
): TensorData {
  const inner = sizeOf(shape.slice(axis + 1));
  const count = indices.data.length;
  const n = shape[axis]!;
  const add = pairwise("add", dtype);
  for (let i = 0; i < (updates?.data ?? result).length; i++) {
    const index = Number(indices.data[Math.floor(i / inner) % count]);
    const row = Math.min(Math.max(index, 0), n - 1);
    const place = (Math.floor(i / (inner * count)) * n + row) * inner + (i % inner);
    if (updates === undefined) result[i] = data[place]!;
    else if (index >= 0 && index === row) result[place] = add(result[place], updates.data[i]);
  }
  return result;
}

const offsetOf = (start: readonly number[], stride: readonly number[]): number =>
  start.reduce((sum, s, axis) => sum + s * stride[axis]!, 0);

/** Where a window starts, moved so that it lies inside. */
function startOf(
  shape: readonly number[],
  sizes: readonly number[],
  start: readonly ArrayValue[],
): number {
  return offsetOf(
    sizes.map((n, axis) => Math.min(Math.max(Number(start[axis]!.data[0]), 0), shape[axis]! - n)),
    rowMajor(shape),
  );
}

/** Where elements go. */
export const structuralEvaluators: { readonly [P in StructuralPrimitive]: Rule<P> } = {
  reduceSum: reduce,
  reduceProd: reduce,
  reduceMax: reduce,
  reduceMin: reduce,
  argmax: find,
  argmin: find,
  cumsum({ dtype, shape }, [x], { axis, reverse }) {
    const result = x!.data.slice();
    const stride = rowMajor(shape)[axis]!;
    const n = shape[axis]!;
    const add = pairwise("add", dtype);
    for (let i = 0; i < result.length; i++) {
      const place = reverse ? result.length - 1 - i : i;
      const turn = Math.floor(place / stride) % n;
      if (turn === (reverse ? n - 1 : 0)) continue;
      result[place] = add(result[reverse ? place + stride : place - stride], result[place]);
    }
    return result;
  },
  dotGeneral(type, [a, b], { contract, batch }) {
    const { dtype } = type;
    const arrange = (x: ArrayValue, side: 0 | 1): TensorData =>
      permuted(x, [
        ...batch[side],
        ...dotAxes(x.shape.length, contract[side], batch[side]),
        ...contract[side],
      ]);
    const [left, right] = [arrange(a!, 0), arrange(b!, 1)];
    const length = sizeOf(contract[0].map((axis) => a!.shape[axis]!));
    const count = sizeOf(batch[0].map((axis) => a!.shape[axis]!));
    const [m, n] = [left, right].map(({ length: size }) => size / (count * length));
    const result = zeros(type);
    const [add, mul] = [pairwise("add", dtype), pairwise("mul", dtype)];
    const [product, sum] = [allocate(dtype, 1), allocate(dtype, 1)];
    for (let i = 0; i < result.length; i++) {
      const row = Math.floor(i / n!);
      const column = Math.floor(row / m!) * n! + (i % n!);
      // From the first product to the last, one after the other: the order every kernel keeps to.
      for (let k = 0; k < length; k++) {
        product[0] = mul(left[row * length + k], right[column * length + k]);
        sum[0] = k === 0 ? product[0] : add(sum[0], product[0]);
      }
      result[i] = sum[0]!;
    }
    return result;
  },
  broadcast(type, [x], { shape, axes }) {
    const stride = rowMajor(x!.shape);
    const spread = shape.map(() => 0);
    for (const [i, axis] of axes.entries()) spread[axis] = x!.shape[i] === 1 ? 0 : stride[i]!;
    return view(type, x!, spread);
  },
  reshape(_, [x]) {
    return x!.data;
  },
  transpose(_, [x], { permutation }) {
    return permuted(x!, permutation);
  },
  reverse(type, [x], { axes }) {
    const stride = rowMajor(x!.shape);
    let offset = 0;
    for (const axis of axes) {
      offset += (x!.shape[axis]! - 1) * stride[axis]!;
      stride[axis] = -stride[axis]!;
    }
    return view(type, x!, stride, offset);
  },
  concatenate(type, inputs, { axis }) {
    const result = zeros(type);
    const stride = rowMajor(type.shape);
    let start = 0;
    for (const input of inputs) {
      write(result, stride, start * stride[axis]!, input);
      start += input.shape[axis]!;
    }
    return result;
  },
  pack(type, inputs) {
    const result = zeros(type);
    for (const [i, input] of inputs.entries()) result[i] = input.data[0]!;
    return result;
  },
  pad(type, [x], { low }) {
    const result = zeros(type);
    const stride = rowMajor(type.shape);
    write(result, stride, offsetOf(low, stride), x!);
    return result;
  },
  slice(type, [x], { start, step }) {
    const stride = rowMajor(x!.shape);
    return view(
      type,
      x!,
      stride.map((s, axis) => s * step[axis]!),
      offsetOf(start, stride),
    );
  },
  dynamicSlice(type, [x, ...start], { sizes }) {
    return view(type, x!, rowMajor(x!.shape), startOf(x!.shape, sizes, start));
  },
  dynamicUpdateSlice({ shape }, [x, update, ...start]) {
    const result = x!.data.slice();
    write(result, rowMajor(shape), startOf(shape, update!.shape, start), update!);
    return result;
  },
  gather(type, [x, indices], { axis }) {
    return rows(zeros(type), x!, axis, indices!, undefined);
  },
  scatterAdd(_, [x, indices, updates], { axis }) {
    return rows(x!.data.slice(), x!, axis, indices!, updates);
  },
  iota(type, _, { shape, axis }) {
    const result = zeros(type);
    const stride = rowMajor(shape)[axis]!;
    const convert = type.dtype === "int64" ? BigInt : Number;
    for (let i = 0; i < result.length; i++)
      result[i] = convert(Math.floor(i / stride) % shape[axis]!);
    return result;
  },
};
