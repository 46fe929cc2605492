import type { Primitive } from "./primitives.ts";
import { elementwiseShapes } from "./shapes/elementwise.ts";

let names: ReadonlySet<string> | undefined;

/** Whether a primitive works element by element. */
export function isElementwise(primitive: Primitive): boolean {
  names ??= new Set(Object.keys(elementwiseShapes()));
  return names.has(primitive);
}
