import type { ParamsOf, Primitive } from "../primitives.ts";
import { showType, type Type } from "../Type.ts";
import { controlShapes, isControl } from "./control.ts";
import { elementwiseNames, elementwiseShape, isElementwise } from "./elementwise.ts";
import { structuralShapes } from "./structural.ts";

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
  const isOnElements = isElementwise(primitive);
  if (!isOnElements && isControl(primitive)) {
    return controlShapes[primitive](inputs, params as never, primitive as never);
  }
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i]!.buffer)
      throw new TypeError(`${primitive}: a buffer can only be written to or frozen`);
  }
  if (isOnElements) return [elementwiseShape(primitive, inputs, params)];
  const type = structuralShapes[primitive as "iota"](inputs, params as never, primitive as never);
  if (type !== false) return [type];
  const types = inputs.map(showType).join(", ");
  throw new TypeError(
    `${primitive}: ${JSON.stringify(params)} does not fit ${types || "no input"}`,
  );
}

/** The names of all primitives. */
export function allPrimitives(): Primitive[] {
  return [
    ...elementwiseNames(),
    ...Object.keys(structuralShapes),
    ...Object.keys(controlShapes),
  ] as Primitive[];
}
