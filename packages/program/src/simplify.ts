import type { Tensor } from "@diffrax-ts/pytree";
import { evaluatePrimitive } from "./evaluate/evaluatePrimitive.ts";
import type { ParamsOf, Primitive } from "./primitives.ts";
import { type Atom, isConcrete, isScalarConstant } from "./Atom.ts";
import { type Equation } from "./Program.ts";
import { isControl } from "./shapes/control.ts";
import { valueOf } from "./ArrayValue.ts";
import { constantFrom } from "./constants.ts";
import { isFloat, sameList, sizeOf, type Type } from "./Type.ts";

/**
 * An atom that is equal to what the equation would give, to the last bit, -0 and NaN included; or nothing.
 *
 * @param definitions - The equations that made variables, by their ids.
 */
export function simplify<P extends Primitive>(
  primitive: P,
  inputs: readonly Atom[],
  params: ParamsOf<P>,
  type: Type,
  definitions: readonly (Equation | undefined)[],
): Atom | undefined {
  const x = inputs[0];
  const y = inputs[1];
  if (x === undefined) return undefined;
  const sameAsX = x.dtype === type.dtype && sameList(x.shape, type.shape) ? x : undefined;
  switch (primitive as string) {
    case "add":
      // x + -0 = x; but -0 + 0 = 0. Integers have one zero.
      if (isNothing(y, type)) return sameAsX;
      if (isNothing(x, type) && sameShape(y, type)) return y;
      break;
    case "sub":
      if (isNumber(y, 0)) return sameAsX;
      break;
    case "mul":
      if (isNumber(y, 1)) return sameAsX;
      if (isNumber(x, 1) && sameShape(y, type)) return y;
      break;
    case "div":
      if (isNumber(y, 1)) return sameAsX;
      break;
    case "neg":
    case "not": {
      const inner = isConcrete(x) ? undefined : definitions[x.id];
      if (inner?.primitive === primitive) return inner.inputs[0];
      break;
    }
    case "and":
      if (type.dtype === "bool") {
        if (isNumber(y, 1)) return sameAsX;
        if (isNumber(x, 1) && sameShape(y, type)) return y;
        if (isNumber(x, 0) && type.shape.length === 0) return x;
        if (isNumber(y, 0) && type.shape.length === 0) return y;
      }
      break;
    case "or":
      if (type.dtype === "bool") {
        if (isNumber(y, 0)) return sameAsX;
        if (isNumber(x, 0) && sameShape(y, type)) return y;
        if (isNumber(x, 1) && type.shape.length === 0) return x;
        if (isNumber(y, 1) && type.shape.length === 0) return y;
      }
      break;
    case "select": {
      const z = inputs[2];
      if (y === z && sameShape(y, type)) return y;
      if (isScalarConstant(x)) {
        const chosen = x.scalar === 0 ? z : y;
        if (sameShape(chosen, type)) return chosen;
      }
      break;
    }
    case "integerPow":
      if ((params as ParamsOf<"integerPow">).exponent === 1) return x;
      break;
    case "convert":
    case "bitcast":
    case "broadcast":
    case "reshape":
      if (sameAsX !== undefined) return sameAsX;
      if (primitive !== "broadcast") {
        const inner = isConcrete(x) ? undefined : definitions[x.id];
        if (
          inner?.primitive === primitive &&
          sameShape(inner.inputs[0], type) &&
          inner.inputs[0].dtype === type.dtype &&
          (primitive !== "convert" || (type.dtype === "float32" && x.dtype === "float64"))
        ) {
          return inner.inputs[0];
        }
      }
      break;
    case "transpose":
      if ((params as ParamsOf<"transpose">).permutation.every((axis, i) => axis === i)) return x;
      break;
    case "reverse":
      if (isOfOne(x, (params as ParamsOf<"reverse">).axes)) return x;
      break;
    case "concatenate":
      if (inputs.length === 1) return x;
      break;
    case "slice":
    case "dynamicSlice":
    case "pad":
      if (sameAsX !== undefined) return sameAsX;
      break;
    case "dynamicUpdateSlice":
      if (sameShape(y, type)) return y;
      break;
    case "reduceSum":
    case "reduceMax":
    case "reduceMin":
    case "reduceProd":
      if ((params as ParamsOf<"reduceSum">).axes.length === 0) return x;
      break;
  }
  // Constants are computed at once, while they stay small.
  for (let i = 0; i < inputs.length; i++) if (inputs[i]!.trace !== undefined) return undefined;
  if (sizeOf(type.shape) > 64 || isControl(primitive)) return undefined;
  const values = inputs.map((input) => valueOf(input as Tensor));
  return constantFrom(evaluatePrimitive(primitive, values, params));
}

/** Whether `simplify` looks at what made the operands, or at which they are, beside their types and those that are constants. */
export function dependsOnOrigin(primitive: Primitive, inputs: readonly Atom[]): boolean {
  switch (primitive as string) {
    case "neg":
    case "not":
    case "bitcast":
    case "reshape":
      return true;
    case "select":
      return inputs[1] === inputs[2];
    case "convert":
      return inputs[0]!.dtype === "float64";
    default:
      return false;
  }
}

/** Whether an atom is what adds nothing. */
function isNothing(atom: Atom | undefined, { dtype }: Type): boolean {
  return isScalarConstant(atom) && Object.is(Number(atom.scalar), isFloat(dtype) ? -0 : 0);
}

/** Whether an array has one element along each of some axes. */
function isOfOne({ shape }: Atom, axes: readonly number[]): boolean {
  return axes.every((axis) => shape[axis] === 1);
}

function isNumber(atom: Atom | undefined, value: number): boolean {
  return isScalarConstant(atom) && Object.is(Number(atom.scalar), value);
}

function sameShape(atom: Atom | undefined, { shape }: Type): atom is Atom {
  return atom !== undefined && sameList(atom.shape, shape);
}
