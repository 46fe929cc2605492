import type { DType } from "@diffrax-ts/pytree";
import { type ArrayValue, zeroValue } from "../ArrayValue.ts";
import { elementaryFunctions } from "../elementary/index.ts";
import { numberOps } from "../elementary/numbers.ts";
import type { BinaryPrimitive, ComparePrimitive, UnaryPrimitive } from "../primitives.ts";
import { isFloat } from "../Type.ts";
import { integerPower } from "./integerPower.ts";
import type { EvaluateRules } from "./EvaluateRule.ts";

type Elementwise =
  | UnaryPrimitive
  | BinaryPrimitive
  | ComparePrimitive
  | "select"
  | "integerPow"
  | "convert"
  | "bitcast"
  | "stopGradient";

/** Runs a function of numbers over the elements. Storing the result rounds it, or wraps it, to the dtype. */
function over(
  dtype: DType,
  inputs: readonly ArrayValue[],
  f: (x: never, y: never, z: never) => number | bigint | boolean,
): readonly ArrayValue[] {
  const shape = inputs.find((input) => input.shape.length > 0)?.shape ?? [];
  const result = zeroValue(dtype, shape);
  const [a, b, c] = inputs;
  const [stepA, stepB, stepC] = inputs.map((input) => (input.shape.length === 0 ? 0 : 1));
  const apply = f as unknown as (x: unknown, y?: unknown, z?: unknown) => number;
  const { data } = result;
  if (
    inputs.length < 3 &&
    dtype === "float64" &&
    inputs.every((input) => input.dtype === "float64")
  ) {
    overDoubles(
      data as Float64Array,
      a!.data as Float64Array,
      stepA!,
      b?.data as Float64Array | undefined,
      stepB ?? 0,
      apply,
    );
    return [result];
  }
  for (let i = 0; i < data.length; i++) {
    data[i] = apply(a!.data[i * stepA!], b?.data[i * (stepB ?? 0)], c?.data[i * (stepC ?? 0)]);
  }
  return [result];
}

/** The most frequent case by itself: engines compile a loop over one kind of array ten times as fast. */
function overDoubles(
  data: Float64Array,
  a: Float64Array,
  stepA: number,
  b: Float64Array | undefined,
  stepB: number,
  f: (x: number, y?: number) => number,
): void {
  if (b === undefined) for (let i = 0; i < data.length; i++) data[i] = f(a[i * stepA]!);
  else for (let i = 0; i < data.length; i++) data[i] = f(a[i * stepA]!, b[i * stepB]);
}

function unary(f: (x: number) => number) {
  return (inputs: readonly ArrayValue[]): readonly ArrayValue[] =>
    over(inputs[0]!.dtype, inputs, f);
}

function binary(f: (x: number, y: number) => number) {
  return (inputs: readonly ArrayValue[]): readonly ArrayValue[] =>
    over(inputs[0]!.dtype, inputs, f);
}

/** A function for floats, one for integers of 32 bits (and truth values), one for 64. */
function byDtype(
  float: (x: number, y: number) => number,
  small: (x: number, y: number) => number,
  wide: (x: bigint, y: bigint) => bigint,
) {
  return (inputs: readonly ArrayValue[]): readonly ArrayValue[] => {
    const { dtype } = inputs[0]!;
    if (dtype === "int64") return over(dtype, inputs, wide);
    return over(dtype, inputs, isFloat(dtype) ? float : small);
  };
}

function compare(f: (x: number, y: number) => boolean) {
  return (inputs: readonly ArrayValue[]): readonly ArrayValue[] => over("bool", inputs, f);
}

/** Reads a stored number the way a shift of its width has to see it. */
const bitsOf = (x: bigint, n: bigint): [bigint, bigint] => [BigInt.asUintN(64, x), n & 63n];

/** The conversion of a number from one dtype to another. */
export function convertTo(dtype: DType, from: DType): (x: never) => number | bigint {
  const float = isFloat(from);
  switch (dtype) {
    case "float64":
    case "float32":
      return (x) => Number(x);
    case "bool":
      return (x) => (Number(x) === 0 ? 0 : 1);
    case "int64":
      return float
        ? (x: number) =>
            BigInt(Math.min(Math.max(Math.trunc(x || 0), -(2 ** 63)), 2 ** 63)) -
            (x >= 2 ** 63 ? 1n : 0n)
        : (x) => BigInt(x);
    case "int32":
      if (from === "int64") return (x: bigint) => Number(BigInt.asIntN(32, x));
      return float ? (x: number) => Math.min(Math.max(x || 0, -(2 ** 31)), 2 ** 31 - 1) : (x) => x;
    case "uint32":
      if (from === "int64") return (x: bigint) => Number(BigInt.asUintN(32, x));
      return float ? (x: number) => Math.min(Math.max(x || 0, 0), 2 ** 32 - 1) : (x) => x;
  }
}

/** Element by element. */
export function elementwiseEvaluators(): EvaluateRules<Elementwise> {
  const f = elementaryFunctions;
  const o = numberOps;
  const neg = byDtype(
    (x) => -x,
    (x) => -x,
    (x) => -x,
  );
  const logical = (
    small: (x: number, y: number) => number,
    wide: (x: bigint, y: bigint) => bigint,
  ) => byDtype(small, small, wide);
  return {
    neg,
    abs: byDtype(Math.abs, Math.abs, (x) => (x < 0n ? -x : x)),
    not: (inputs) => {
      const { dtype } = inputs[0]!;
      if (dtype === "bool") return over(dtype, inputs, (x: number) => 1 - x);
      return over(dtype, inputs, dtype === "int64" ? (x: bigint) => ~x : (x: number) => ~x);
    },
    floor: unary(Math.floor),
    ceil: unary(Math.ceil),
    trunc: unary(Math.trunc),
    round: unary(o.nearest),
    sqrt: unary(Math.sqrt),
    exp: unary((x) => f.exp(o, x)),
    expm1: unary((x) => f.expm1(o, x)),
    log: unary((x) => f.log(o, x)),
    log1p: unary((x) => f.log1p(o, x)),
    sin: unary((x) => f.sin(o, x)),
    cos: unary((x) => f.cos(o, x)),
    tan: unary((x) => f.tan(o, x)),
    asin: unary((x) => f.asin(o, x)),
    acos: unary((x) => f.acos(o, x)),
    atan: unary((x) => f.atan(o, x)),
    sinh: unary((x) => f.sinh(o, x)),
    cosh: unary((x) => f.cosh(o, x)),
    tanh: unary((x) => f.tanh(o, x)),
    asinh: unary((x) => f.asinh(o, x)),
    acosh: unary((x) => f.acosh(o, x)),
    atanh: unary((x) => f.atanh(o, x)),
    cbrt: unary((x) => f.cbrt(o, x)),
    erf: unary((x) => f.erf(o, x)),
    erfInv: unary((x) => f.erfInv(o, x)),
    logistic: unary((x) => f.logistic(o, x)),

    add: byDtype(
      (x, y) => x + y,
      (x, y) => x + y,
      (x, y) => x + y,
    ),
    sub: byDtype(
      (x, y) => x - y,
      (x, y) => x - y,
      (x, y) => x - y,
    ),
    mul: byDtype(
      (x, y) => x * y,
      Math.imul,
      (x, y) => x * y,
    ),
    // As in JAX, for integers: x / 0 = -1 and x mod 0 = x; quotients are truncated.
    div: byDtype(
      (x, y) => x / y,
      (x, y) => (y === 0 ? -1 : Math.trunc(x / y)),
      (x, y) => (y === 0n ? -1n : x / y),
    ),
    rem: byDtype(
      (x, y) => x % y,
      (x, y) => (y === 0 ? x : x % y),
      (x, y) => (y === 0n ? x : x % y),
    ),
    max: byDtype(
      (x, y) => Math.max(x, y),
      (x, y) => Math.max(x, y),
      (x, y) => (x > y ? x : y),
    ),
    min: byDtype(
      (x, y) => Math.min(x, y),
      (x, y) => Math.min(x, y),
      (x, y) => (x < y ? x : y),
    ),
    copysign: binary(o.copysign),
    pow: binary((x, y) => f.pow(o, x, y)),
    atan2: binary((y, x) => f.atan2(o, y, x)),
    and: logical(
      (x, y) => x & y,
      (x, y) => x & y,
    ),
    or: logical(
      (x, y) => x | y,
      (x, y) => x | y,
    ),
    xor: logical(
      (x, y) => x ^ y,
      (x, y) => x ^ y,
    ),
    shiftLeft: logical(
      (x, n) => x << n,
      (x, n) => x << bitsOf(x, n)[1],
    ),
    shiftRight: (inputs) =>
      inputs[0]!.dtype === "uint32"
        ? over("uint32", inputs, (x: number, n: number) => x >>> n)
        : logical(
            (x, n) => x >> n,
            (x, n) => x >> bitsOf(x, n)[1],
          )(inputs),
    shiftRightLogical: logical(
      (x, n) => x >>> n,
      (x, n) => bitsOf(x, n)[0] >> bitsOf(x, n)[1],
    ),

    eq: compare((x, y) => x === y),
    ne: compare((x, y) => x !== y),
    lt: compare((x, y) => x < y),
    le: compare((x, y) => x <= y),

    select: (inputs) =>
      over(inputs[1]!.dtype, inputs, (p: number, x: number, y: number) => (p === 0 ? y : x)),
    integerPow: (inputs, { exponent }) => {
      const round = inputs[0]!.dtype === "float32" ? Math.fround : (x: number) => x;
      const mul = (x: number, y: number): number => round(x * y);
      return over(inputs[0]!.dtype, inputs, (x: number) =>
        integerPower(x, exponent, mul, (y) => round(1 / y), 1),
      );
    },
    convert: (inputs, { dtype }) => over(dtype, inputs, convertTo(dtype, inputs[0]!.dtype)),
    bitcast: ([x], { dtype }) => {
      const { shape, data } = x!;
      const result = zeroValue(dtype, shape);
      const bytes = new Uint8Array(result.data.buffer);
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return [result];
    },
    stopGradient: ([x]) => [x!],
  };
}
