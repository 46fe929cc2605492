import type { TensorData } from "@diffrax-ts/pytree";
import { type ArrayValue, contiguous, zeroValue } from "../ArrayValue.ts";
import type { ParamsOf, ReducePrimitive } from "../primitives.ts";
import { allocate, isFloat, rowMajor, sizeOf } from "../Type.ts";
import type { EvaluateRules } from "./EvaluateRule.ts";

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

/** The elements at a strided view of an array, as a new array. */
function view(
  x: ArrayValue,
  shape: readonly number[],
  stride: readonly number[],
  offset = 0,
): ArrayValue {
  return { dtype: x.dtype, shape, data: contiguous(x.dtype, shape, x.data, stride, offset) };
}

/** Writes an array to a strided view of another. */
function writeView(
  target: TensorData,
  stride: readonly number[],
  offset: number,
  source: ArrayValue,
): void {
  // The places of a view are those that a view of 0, 1, 2, … would hold.
  const places = contiguous("int32", source.shape, Int32Array.from(target.keys()), stride, offset);
  for (let i = 0; i < source.data.length; i++) target[Number(places[i])] = source.data[i]!;
}

/** The axes that are left first, then those given: `[outer, inner]` as a matrix. */
function asMatrix(
  x: ArrayValue,
  axes: readonly number[],
): { rows: number; columns: number; data: TensorData; kept: number[] } {
  const keptAxes = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  const stride = rowMajor(x.shape);
  const order = [...keptAxes, ...axes];
  const shape = order.map((axis) => x.shape[axis]!);
  const moved = view(
    x,
    shape,
    order.map((axis) => stride[axis]!),
  );
  const kept = keptAxes.map((axis) => x.shape[axis]!);
  const rows = sizeOf(kept);
  return { rows, columns: rows === 0 ? 0 : moved.data.length / rows, data: moved.data, kept };
}

type Combine = (x: never, y: never) => number | bigint;

function reduce(start: number, float: Combine, small: Combine, wide: Combine) {
  return (
    [x]: readonly ArrayValue[],
    { axes }: ParamsOf<ReducePrimitive>,
  ): readonly ArrayValue[] => {
    const { rows, columns, data, kept } = asMatrix(x!, axes);
    const { dtype } = x!;
    const result = zeroValue(dtype, kept);
    const f = (dtype === "int64" ? wide : isFloat(dtype) ? float : small) as (
      x: unknown,
      y: unknown,
    ) => number;
    // One element, so that each sum is rounded to the dtype as compiled code rounds it.
    const total = allocate(dtype, 1);
    for (let row = 0; row < rows; row++) {
      total[0] = columns === 0 ? (dtype === "int64" ? BigInt(start) : start) : data[row * columns]!;
      for (let i = 1; i < columns; i++) total[0] = f(total[0], data[row * columns + i]);
      result.data[row] = total[0]!;
    }
    return [result];
  };
}

/** The first place where nothing is better; a NaN is better than any number. */
function argReduce(better: (x: number | bigint, y: number | bigint) => boolean) {
  return (
    [x]: readonly ArrayValue[],
    { axis }: { readonly axis: number },
  ): readonly ArrayValue[] => {
    const { rows, columns, data, kept } = asMatrix(x!, [axis]);
    const result = zeroValue("int32", kept);
    for (let row = 0; row < rows; row++) {
      let best = 0;
      for (let i = 1; i < columns; i++) {
        const champion = data[row * columns + best]!;
        const candidate = data[row * columns + i]!;
        const championIsNaN = champion !== champion;
        if (!championIsNaN && (candidate !== candidate || better(candidate, champion))) best = i;
      }
      result.data[row] = best;
    }
    return [result];
  };
}

function clampStart(
  x: ArrayValue,
  sizes: readonly number[],
  start: readonly ArrayValue[],
): number[] {
  return sizes.map((n, axis) =>
    Math.min(Math.max(Number(start[axis]!.data[0]), 0), x.shape[axis]! - n),
  );
}

const offsetOf = (start: readonly number[], stride: readonly number[]): number =>
  start.reduce((sum, s, axis) => sum + s * stride[axis]!, 0);

function dotGeneral(
  inputs: readonly ArrayValue[],
  params: ParamsOf<"dotGeneral">,
): readonly ArrayValue[] {
  const [a, b] = inputs;
  const { contract, batch } = params;
  const arrange = (x: ArrayValue, side: 0 | 1) => {
    const fixed = new Set([...batch[side], ...contract[side]]);
    const free = [...x.shape.keys()].filter((axis) => !fixed.has(axis));
    const order = [...batch[side], ...free, ...contract[side]];
    const stride = rowMajor(x.shape);
    const { data } = view(
      x,
      order.map((axis) => x.shape[axis]!),
      order.map((axis) => stride[axis]!),
    );
    return { data, free: free.map((axis) => x.shape[axis]!) };
  };
  const [left, right] = [arrange(a!, 0), arrange(b!, 1)];
  const batchShape = batch[0].map((axis) => a!.shape[axis]!);
  const [m, n] = [sizeOf(left.free), sizeOf(right.free)];
  const length = sizeOf(contract[0].map((axis) => a!.shape[axis]!));
  const { dtype } = a!;
  const result = zeroValue(dtype, [...batchShape, ...left.free, ...right.free]);
  const round = dtype === "float32" ? Math.fround : (x: number) => x;
  const small = !isFloat(dtype);
  for (let i = 0; i < result.data.length; i++) {
    const row = Math.floor(i / n);
    const column = Math.floor(row / m) * n + (i % n);
    // From the first product to the last, one after the other: the order every kernel keeps to.
    let sum: number | bigint = dtype === "int64" ? 0n : 0;
    for (let k = 0; k < length; k++) {
      const x = left.data[row * length + k]!;
      const y = right.data[column * length + k]!;
      if (typeof sum === "bigint") sum = BigInt.asIntN(64, sum + (x as bigint) * (y as bigint));
      else if (small) sum = (sum + Math.imul(x as number, y as number)) | 0;
      else {
        const product = round((x as number) * (y as number));
        sum = k === 0 ? product : round(sum + product);
      }
    }
    result.data[i] = sum;
  }
  return [result];
}

/** Where elements go. */
export function structuralEvaluators(): EvaluateRules<Structural> {
  const plus = (x: number, y: number): number => x + y;
  return {
    reduceSum: reduce(0, plus, plus, (x: bigint, y: bigint) => x + y),
    reduceProd: reduce(
      1,
      (x: number, y: number) => x * y,
      Math.imul,
      (x: bigint, y: bigint) => x * y,
    ),
    reduceMax: reduce(0, Math.max, Math.max, (x: bigint, y: bigint) => (x > y ? x : y)),
    reduceMin: reduce(0, Math.min, Math.min, (x: bigint, y: bigint) => (x < y ? x : y)),
    argmax: argReduce((x, y) => x > y),
    argmin: argReduce((x, y) => x < y),
    cumsum: ([x], { axis, reverse }) => {
      const { dtype, shape, data } = x!;
      const result = zeroValue(dtype, shape);
      const stride = rowMajor(shape)[axis]!;
      const n = shape[axis]!;
      for (let i = 0; i < data.length; i++) {
        const place = reverse ? data.length - 1 - i : i;
        const turn = Math.floor(place / stride) % n;
        const isFirst = turn === (reverse ? n - 1 : 0);
        const before = reverse ? place + stride : place - stride;
        result.data[place] = isFirst
          ? data[place]!
          : (result.data[before] as number) + (data[place] as number); // bigints add alike
      }
      return [result];
    },
    dotGeneral,
    broadcast: ([x], { shape, axes }) => {
      const stride = rowMajor(x!.shape);
      const spread = shape.map(() => 0);
      for (const [i, axis] of axes.entries()) spread[axis] = x!.shape[i] === 1 ? 0 : stride[i]!;
      return [view(x!, shape, spread)];
    },
    reshape: ([x], { shape }) => [{ ...x!, shape }],
    transpose: ([x], { permutation }) => {
      const stride = rowMajor(x!.shape);
      return [
        view(
          x!,
          permutation.map((axis) => x!.shape[axis]!),
          permutation.map((axis) => stride[axis]!),
        ),
      ];
    },
    reverse: ([x], { axes }) => {
      const stride = rowMajor(x!.shape);
      let offset = 0;
      for (const axis of axes) {
        offset += (x!.shape[axis]! - 1) * stride[axis]!;
        stride[axis] = -stride[axis]!;
      }
      return [view(x!, x!.shape, stride, offset)];
    },
    concatenate: (inputs, { axis }) => {
      const length = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
      const result = zeroValue(inputs[0]!.dtype, inputs[0]!.shape.with(axis, length));
      const stride = rowMajor(result.shape);
      let start = 0;
      for (const input of inputs) {
        writeView(result.data, stride, start * stride[axis]!, input);
        start += input.shape[axis]!;
      }
      return [result];
    },
    pack: (inputs, { shape }) => {
      const result = zeroValue(inputs[0]!.dtype, shape);
      for (const [i, input] of inputs.entries()) result.data[i] = input.data[0]!;
      return [result];
    },
    pad: ([x], { low, high }) => {
      const result = zeroValue(
        x!.dtype,
        x!.shape.map((n, axis) => n + low[axis]! + high[axis]!),
      );
      const stride = rowMajor(result.shape);
      writeView(result.data, stride, offsetOf(low, stride), x!);
      return [result];
    },
    slice: ([x], { start, limit, step }) => {
      const stride = rowMajor(x!.shape);
      const shape = start.map((from, axis) => Math.ceil((limit[axis]! - from) / step[axis]!));
      return [
        view(
          x!,
          shape,
          stride.map((s, axis) => s * step[axis]!),
          offsetOf(start, stride),
        ),
      ];
    },
    dynamicSlice: ([x, ...start], { sizes }) => {
      const stride = rowMajor(x!.shape);
      return [view(x!, sizes, stride, offsetOf(clampStart(x!, sizes, start), stride))];
    },
    dynamicUpdateSlice: ([x, update, ...start]) => {
      const result = zeroValue(x!.dtype, x!.shape);
      const stride = rowMajor(x!.shape);
      writeView(result.data, stride, 0, x!);
      writeView(
        result.data,
        stride,
        offsetOf(clampStart(x!, update!.shape, start), stride),
        update!,
      );
      return [result];
    },
    gather: ([x, indices], { axis }) => {
      const { dtype, shape, data } = x!;
      const result = zeroValue(dtype, shape.toSpliced(axis, 1, ...indices!.shape));
      const inner = sizeOf(shape.slice(axis + 1));
      const count = indices!.data.length;
      const n = shape[axis]!;
      for (let i = 0; i < result.data.length; i++) {
        const outer = Math.floor(i / (inner * count));
        const index = Number(indices!.data[Math.floor(i / inner) % count]);
        const row = Math.min(Math.max(index, 0), n - 1);
        result.data[i] = data[(outer * n + row) * inner + (i % inner)]!;
      }
      return [result];
    },
    scatterAdd: ([x, indices, updates], { axis }) => {
      const { dtype, shape } = x!;
      const result = zeroValue(dtype, shape);
      writeView(result.data, rowMajor(shape), 0, x!);
      const inner = sizeOf(shape.slice(axis + 1));
      const count = indices!.data.length;
      const n = shape[axis]!;
      for (let i = 0; i < updates!.data.length; i++) {
        const outer = Math.floor(i / (inner * count));
        const row = Number(indices!.data[Math.floor(i / inner) % count]);
        if (row < 0 || row >= n) continue;
        const place = (outer * n + row) * inner + (i % inner);
        result.data[place] = (result.data[place] as number) + (updates!.data[i] as number); // bigints add alike
      }
      return [result];
    },
    iota: (_, { dtype, shape, axis }) => {
      const result = zeroValue(dtype, shape);
      const stride = rowMajor(shape)[axis]!;
      for (let i = 0; i < result.data.length; i++) {
        const index = Math.floor(i / stride) % shape[axis]!;
        result.data[i] = dtype === "int64" ? BigInt(index) : index;
      }
      return [result];
    },
  };
}
