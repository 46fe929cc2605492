import type { ParamsOf, Primitive } from "../primitives.ts";
import type { Type } from "../Type.ts";
import { controlShapes } from "./control.ts";
import { elementwiseShapes } from "./elementwise.ts";
import type { ShapeRules } from "./ShapeRule.ts";
import { structuralShapes } from "./structural.ts";

let rules: ShapeRules<Primitive> | undefined;

/**
 * The types of what a primitive returns.
 *
 * @throws TypeError or RangeError if the inputs do not fit.
 */
export function shapePrimitive<P extends Primitive>(
  primitive: P,
  inputs: readonly Type[],
  params: ParamsOf<P>,
): readonly Type[] {
  rules ??= { ...elementwiseShapes(), ...structuralShapes(), ...controlShapes() };
  return rules[primitive](inputs, params);
}

/** The names of all primitives. */
export function allPrimitives(): Primitive[] {
  rules ??= { ...elementwiseShapes(), ...structuralShapes(), ...controlShapes() };
  return Object.keys(rules) as Primitive[];
}
