import type { DType } from "@diffrax-ts/pytree";
import type { ElementwisePrimitive, ParamsOf } from "../primitives.ts";
import { arrayType, bytesOf, isFloat, sameList, showType, type Type } from "../Type.ts";

const floats = "a float type (float64 or float32)";
const numbers = "numbers";
const integers = "integers";
const discrete = "truth values or integers";
const anything = "numbers or truth values";

/** What each takes. */
const operands: Readonly<Record<ElementwisePrimitive, string>> = {
  neg: numbers,
  abs: numbers,
  not: discrete,
  floor: floats,
  ceil: floats,
  trunc: floats,
  round: floats,
  sqrt: floats,
  exp: floats,
  expm1: floats,
  log: floats,
  log1p: floats,
  log2: floats,
  log10: floats,
  sin: floats,
  cos: floats,
  tan: floats,
  asin: floats,
  acos: floats,
  atan: floats,
  sinh: floats,
  cosh: floats,
  tanh: floats,
  asinh: floats,
  acosh: floats,
  atanh: floats,
  cbrt: floats,
  erf: floats,
  erfc: floats,
  erfInv: floats,
  logistic: floats,

  add: numbers,
  sub: numbers,
  mul: numbers,
  div: numbers,
  rem: numbers,
  max: anything,
  min: anything,
  copysign: floats,
  pow: floats,
  atan2: floats,
  and: discrete,
  or: discrete,
  xor: discrete,
  shiftLeft: integers,
  shiftRight: integers,
  shiftRightLogical: integers,

  eq: anything,
  ne: anything,
  lt: anything,
  le: anything,

  select: anything,
  integerPow: floats,
  convert: anything,
  bitcast: anything,
  stopGradient: anything,
};

/** Whether a primitive works element by element. */
export function isElementwise(primitive: string): primitive is ElementwisePrimitive {
  return primitive in operands;
}

/** The names of those that do. */
export function elementwiseNames(): string[] {
  return Object.keys(operands);
}

function isAllowed(words: string, dtype: DType): boolean {
  if (words === floats) return isFloat(dtype);
  if (words === anything) return true;
  return words === numbers
    ? dtype !== "bool"
    : !isFloat(dtype) && (words === discrete || dtype !== "bool");
}

/** One for all. */
const scalarShape: readonly number[] = [];

/** The shape is that of the operands: all the same, but for scalars, which fit every shape when they are constants. */
export function elementwiseShape(
  primitive: ElementwisePrimitive,
  inputs: readonly Type[],
  params: object,
): Type {
  const isSelect = primitive === "select";
  const { dtype } = inputs[isSelect ? 1 : 0]!;
  let shape = scalarShape;
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i]!;
    const wanted = isSelect && i === 0 ? "bool" : dtype;
    if (x.dtype !== wanted) throw new TypeError(`${primitive}: ${wanted} met ${x.dtype}`);
    if (x.shape.length === 0) continue;
    if (shape.length > 0 && !sameList(shape, x.shape)) {
      throw new TypeError(`${primitive}: shapes [${shape.join()}] and [${x.shape.join()}] differ`);
    }
    shape = x.shape;
  }
  if (!isAllowed(operands[primitive], dtype)) {
    throw new TypeError(`${primitive}: expected ${operands[primitive]}, got ${dtype}`);
  }
  switch (primitive as string) {
    case "integerPow": {
      const { exponent } = params as ParamsOf<"integerPow">;
      if (Number.isInteger(exponent)) break;
      throw new RangeError(`integerPow: exponent must be an integer, got ${exponent}`);
    }
    case "convert":
      return arrayType((params as ParamsOf<"convert">).dtype, shape);
    case "bitcast": {
      const { dtype: wanted } = params as ParamsOf<"bitcast">;
      if (bytesOf(wanted) === bytesOf(dtype)) return arrayType(wanted, shape);
      throw new TypeError(`bitcast: ${showType(inputs[0]!)} and ${wanted} are not of one width`);
    }
    case "eq":
    case "ne":
    case "lt":
    case "le":
      return arrayType("bool", shape);
  }
  return arrayType(dtype, shape);
}
