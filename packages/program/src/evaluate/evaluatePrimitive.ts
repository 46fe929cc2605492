import type { ArrayValue } from "../ArrayValue.ts";
import type { ControlPrimitive, ParamsOf, Primitive } from "../primitives.ts";
import { isElementwise } from "../shapes/elementwise.ts";
import { shapePrimitive } from "../shapes/shapePrimitive.ts";
import type { Type } from "../Type.ts";
import { evaluateElementwise } from "./elementwise.ts";
import { structuralEvaluators } from "./structural.ts";

/**
 * The output of one primitive, computed in plain JavaScript: the reference for compiled code.
 *
 * @throws TypeError or RangeError if the inputs do not fit.
 */
export function evaluatePrimitive<P extends Exclude<Primitive, ControlPrimitive>>(
  primitive: P,
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
): ArrayValue {
  const [type] = shapePrimitive(primitive, inputs as readonly unknown[] as readonly Type[], params);
  return evaluateTyped(primitive, inputs, params, type!);
}

/** The same where the type of the output is known. */
export function evaluateTyped<P extends Exclude<Primitive, ControlPrimitive>>(
  primitive: P,
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
  type: Type,
): ArrayValue {
  const { dtype, shape } = type;
  const data = isElementwise(primitive)
    ? evaluateElementwise(primitive, inputs, params, type)
    : structuralEvaluators[primitive as "iota"](type, inputs, params as never, primitive as never);
  return { dtype, shape, data };
}
