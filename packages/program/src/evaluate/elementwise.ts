import type { DType, TensorData } from "@diffrax-ts/pytree";
import type { ArrayValue } from "../ArrayValue.ts";
import { numberOps } from "../elementary/numbers.ts";
import {
  type BinaryPrimitive,
  type ComparePrimitive,
  definitionFor,
  type ElementaryPrimitive,
  type ElementwisePrimitive,
  type ParamsOf,
  type UnaryPrimitive,
} from "../primitives.ts";
import { allocate, isFloat, type Type } from "../Type.ts";
import { integerPower } from "./integerPower.ts";

/** One element of the result, which is rounded or wrapped to the dtype where it is stored. */
export type Operation = (x: never, y: never, z: never) => number | bigint | boolean;

type Table<Name extends string, T, B = T> = Readonly<Record<Name, (x: T, y: T, z: T) => T | B>>;
type Plain = Exclude<
  UnaryPrimitive | BinaryPrimitive | ComparePrimitive | "select",
  ElementaryPrimitive
>;
/** What int64 does not have, or has without bigints. */
type FloatOnly =
  | ComparePrimitive
  | "select"
  | "floor"
  | "ceil"
  | "trunc"
  | "round"
  | "sqrt"
  | "copysign";

const floats: Table<Plain, number, boolean> = {
  neg: (x) => -x,
  abs: Math.abs,
  not: (x) => 1 - x, // of truth values
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: numberOps.nearest,
  sqrt: Math.sqrt,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  rem: (x, y) => x % y,
  max: (x, y) => Math.max(x, y),
  min: (x, y) => Math.min(x, y),
  copysign: numberOps.copysign,
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  shiftLeft: (x, n) => x << n,
  shiftRight: (x, n) => x >> n,
  shiftRightLogical: (x, n) => x >>> n,
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  select: (p, x, y) => (p === 0 ? y : x),
};

// What is other for integers. As in JAX, x / 0 = -1 and x mod 0 = x; quotients are truncated where they are stored.
const integers: Table<"not" | "mul" | "div" | "rem", number> = {
  not: (x) => ~x,
  mul: Math.imul,
  div: (x, y) => (y === 0 ? -1 : x / y),
  rem: (x, y) => (y === 0 ? x : x % y),
};

const wide: Table<Exclude<Plain, FloatOnly>, bigint> = {
  neg: (x) => -x,
  abs: (x) => (x < 0n ? -x : x),
  not: (x) => ~x,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => (y === 0n ? -1n : x / y),
  rem: (x, y) => (y === 0n ? x : x % y),
  max: (x, y) => (x > y ? x : y),
  min: (x, y) => (x < y ? x : y),
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  shiftLeft: (x, n) => x << (n & 63n),
  shiftRight: (x, n) => x >> (n & 63n),
  shiftRightLogical: (x, n) => BigInt.asUintN(64, x) >> (n & 63n),
};

/** The conversion of a number from one dtype to another. */
export function convertTo(dtype: DType, from: DType): Operation {
  const float = isFloat(from);
  if (isFloat(dtype)) return Number;
  if (dtype === "bool") return (x) => Number(x) !== 0;
  if (dtype === "int64") {
    return float
      ? (x: number) =>
          BigInt(Math.min(Math.max(Math.trunc(x || 0), -(2 ** 63)), 2 ** 63)) -
          (x >= 2 ** 63 ? 1n : 0n)
      : BigInt;
  }
  if (from === "int64") return (x: bigint) => Number(BigInt.asIntN(32, x));
  if (!float) return (x) => x;
  const least = dtype === "int32" ? -(2 ** 31) : 0;
  return (x: number) => Math.min(Math.max(x || 0, least), least + 2 ** 32 - 1);
}

/** What a primitive does to elements of one dtype. */
export function operation(
  primitive: ElementwisePrimitive,
  dtype: DType,
  params: object = {},
): Operation {
  if ("define" in params) {
    const define = definitionFor(dtype, params as ParamsOf<"sin">);
    return (x: number, y: number) => define(numberOps, x, y);
  }
  switch (primitive as string) {
    case "convert":
      return convertTo((params as ParamsOf<"convert">).dtype, dtype);
    case "integerPow": {
      const { exponent } = params as ParamsOf<"integerPow">;
      const round = dtype === "float32" ? Math.fround : Number;
      const mul = (x: number, y: number): number => round(x * y);
      return (x: number) => integerPower(x, exponent, mul, (y) => round(1 / y), 1);
    }
    case "shiftRight":
      if (dtype === "uint32") return floats.shiftRightLogical;
  }
  const table =
    dtype === "int64" && primitive in wide
      ? wide
      : !isFloat(dtype) && dtype !== "bool" && primitive in integers
        ? integers
        : floats;
  return table[primitive as keyof typeof table];
}

/** The elements of the result. */
export function evaluateElementwise(
  primitive: ElementwisePrimitive,
  inputs: readonly ArrayValue[],
  params: object,
  { dtype, shape }: Type,
): TensorData {
  const [a, b, c] = inputs;
  const { data: x, dtype: from } = a!;
  if (primitive === "stopGradient") return x;
  const result = allocate(dtype, shape);
  if (primitive === "bitcast") {
    new Uint8Array(result.buffer).set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength));
    return result;
  }
  const [stepA, stepB, stepC] = inputs.map((input) => (input.shape.length === 0 ? 0 : 1));
  const f = operation(primitive, from, params) as (x: unknown, y?: unknown, z?: unknown) => number;
  const [y, z] = [b?.data, c?.data];
  if (z === undefined && [result, x, y ?? x].every((data) => data instanceof Float64Array)) {
    overDoubles(result as Float64Array, x as Float64Array, stepA!, y as Float64Array, stepB!, f);
  } else {
    for (let i = 0; i < result.length; i++) {
      result[i] = f(x[i * stepA!], y?.[i * stepB!], z?.[i * stepC!]);
    }
  }
  return result;
}

/** The most frequent case by itself: engines compile a loop over one kind of array ten times as fast. */
function overDoubles(
  result: Float64Array,
  x: Float64Array,
  stepX: number,
  y: Float64Array | undefined,
  stepY: number,
  f: (x: number, y?: number) => number,
): void {
  if (y === undefined) for (let i = 0; i < result.length; i++) result[i] = f(x[i * stepX]!);
  else for (let i = 0; i < result.length; i++) result[i] = f(x[i * stepX]!, y[i * stepY]);
}
