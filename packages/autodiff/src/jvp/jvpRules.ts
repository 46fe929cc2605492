import type { ElementwisePrimitive, Primitive, StructuralPrimitive } from "@diffrax-ts/program";
import { elementwiseJvp } from "./elementwiseJvp.ts";
import { constant, type JvpRules } from "./JvpRule.ts";
import { structuralJvp } from "./structuralJvp.ts";

let rules: JvpRules<ElementwisePrimitive | StructuralPrimitive> | undefined;

/** The rules of all primitives but control flow, calls and buffers. */
export function jvpRules(): JvpRules<ElementwisePrimitive | StructuralPrimitive> {
  return (rules ??= { ...elementwiseJvp(), ...structuralJvp() });
}

/** Whether the tangent of a primitive is zero, whatever the tangents of its inputs are. */
export function isConstant(primitive: Primitive): boolean {
  return (jvpRules() as Partial<JvpRules<Primitive>>)[primitive] === constant;
}
