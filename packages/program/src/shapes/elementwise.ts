import type { DType } from "@diffrax-ts/pytree";
import type { BinaryPrimitive, ComparePrimitive, UnaryPrimitive } from "../primitives.ts";
import { arrayType, bytesOf, isFloat, sameList, showType, type Type } from "../Type.ts";
import type { ShapeRules } from "./ShapeRule.ts";

type Elementwise =
  | UnaryPrimitive
  | BinaryPrimitive
  | ComparePrimitive
  | "select"
  | "integerPow"
  | "convert"
  | "bitcast"
  | "stopGradient";

/** The common shape of operands: all the same, but for scalars, which fit every shape when they are constants. */
function commonShape(name: string, operands: readonly Type[]): readonly number[] {
  let shape: readonly number[] = [];
  for (const operand of operands) {
    if (operand.buffer) throw new TypeError(`${name}: a buffer can only be written to or frozen`);
    if (operand.shape.length === 0) continue;
    if (shape.length > 0 && !sameList(shape, operand.shape)) {
      throw new TypeError(`${name}: shapes [${shape.join()}] and [${operand.shape.join()}] differ`);
    }
    shape = operand.shape;
  }
  return shape;
}

function requireDtype(
  name: string,
  { dtype }: Type,
  allowed: (dtype: DType) => boolean,
  words: string,
): void {
  if (!allowed(dtype)) throw new TypeError(`${name}: expected ${words}, got ${dtype}`);
}

const isNumber = (dtype: DType): boolean => dtype !== "bool";
const isInteger = (dtype: DType): boolean => dtype !== "bool" && !isFloat(dtype);
const isAnything = (): boolean => true;
const isDiscrete = (dtype: DType): boolean => !isFloat(dtype);

function unary(name: string, allowed: (dtype: DType) => boolean, words: string) {
  return ([x]: readonly Type[]): readonly Type[] => {
    requireDtype(name, x!, allowed, words);
    return [arrayType(x!.dtype, commonShape(name, [x!]))];
  };
}

function binary(name: string, allowed: (dtype: DType) => boolean, words: string) {
  return (inputs: readonly Type[]): readonly Type[] => {
    const [x, y] = inputs;
    if (x!.dtype !== y!.dtype) throw new TypeError(`${name}: ${x!.dtype} met ${y!.dtype}`);
    requireDtype(name, x!, allowed, words);
    return [arrayType(x!.dtype, commonShape(name, inputs))];
  };
}

function compare(name: string) {
  return (inputs: readonly Type[]): readonly Type[] => {
    const [x, y] = inputs;
    if (x!.dtype !== y!.dtype) throw new TypeError(`${name}: ${x!.dtype} met ${y!.dtype}`);
    return [arrayType("bool", commonShape(name, inputs))];
  };
}

const floats = "a float type (float64 or float32)";

/** Element by element: the shape is that of the operands. */
export function elementwiseShapes(): ShapeRules<Elementwise> {
  const float = (name: string) => unary(name, isFloat, floats);
  return {
    neg: unary("neg", isNumber, "numbers"),
    abs: unary("abs", isNumber, "numbers"),
    not: unary("not", isDiscrete, "truth values or integers"),
    floor: float("floor"),
    ceil: float("ceil"),
    trunc: float("trunc"),
    round: float("round"),
    sqrt: float("sqrt"),
    exp: float("exp"),
    expm1: float("expm1"),
    log: float("log"),
    log1p: float("log1p"),
    sin: float("sin"),
    cos: float("cos"),
    tan: float("tan"),
    asin: float("asin"),
    acos: float("acos"),
    atan: float("atan"),
    sinh: float("sinh"),
    cosh: float("cosh"),
    tanh: float("tanh"),
    asinh: float("asinh"),
    acosh: float("acosh"),
    atanh: float("atanh"),
    cbrt: float("cbrt"),
    erf: float("erf"),
    erfInv: float("erfInv"),
    logistic: float("logistic"),

    add: binary("add", isNumber, "numbers"),
    sub: binary("sub", isNumber, "numbers"),
    mul: binary("mul", isNumber, "numbers"),
    div: binary("div", isNumber, "numbers"),
    rem: binary("rem", isNumber, "numbers"),
    max: binary("max", isAnything, "numbers or truth values"),
    min: binary("min", isAnything, "numbers or truth values"),
    copysign: binary("copysign", isFloat, floats),
    pow: binary("pow", isFloat, floats),
    atan2: binary("atan2", isFloat, floats),
    and: binary("and", isDiscrete, "truth values or integers"),
    or: binary("or", isDiscrete, "truth values or integers"),
    xor: binary("xor", isDiscrete, "truth values or integers"),
    shiftLeft: binary("shiftLeft", isInteger, "integers"),
    shiftRight: binary("shiftRight", isInteger, "integers"),
    shiftRightLogical: binary("shiftRightLogical", isInteger, "integers"),

    eq: compare("eq"),
    ne: compare("ne"),
    lt: compare("lt"),
    le: compare("le"),

    select: (inputs) => {
      const [pred, onTrue, onFalse] = inputs;
      requireDtype("select", pred!, (dtype) => dtype === "bool", "a condition of truth values");
      if (onTrue!.dtype !== onFalse!.dtype) {
        throw new TypeError(`select: ${onTrue!.dtype} met ${onFalse!.dtype}`);
      }
      return [arrayType(onTrue!.dtype, commonShape("select", inputs))];
    },
    integerPow: ([x], { exponent }) => {
      requireDtype("integerPow", x!, isFloat, floats);
      if (!Number.isInteger(exponent)) {
        throw new RangeError(`integerPow: exponent must be an integer, got ${exponent}`);
      }
      return [arrayType(x!.dtype, x!.shape)];
    },
    convert: ([x], { dtype }) => [arrayType(dtype, commonShape("convert", [x!]))],
    bitcast: ([x], { dtype }) => {
      if (bytesOf(dtype) !== bytesOf(x!.dtype)) {
        throw new TypeError(`bitcast: ${showType(x!)} and ${dtype} are not of one width`);
      }
      return [arrayType(dtype, commonShape("bitcast", [x!]))];
    },
    stopGradient: ([x]) => [arrayType(x!.dtype, commonShape("stopGradient", [x!]))],
  };
}
