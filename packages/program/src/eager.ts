import type { Tensor } from "@diffrax-ts/pytree";
import type { ControlPrimitive, Primitive } from "./primitives.ts";
import type { Type } from "./Type.ts";

/**
 * Applies a primitive to tensors with numbers by other means than the evaluator, with the same bits.
 *
 * @param type - Of the result.
 * @returns The result, or `null` to leave it to the evaluator.
 */
export type RunEagerly = (
  primitive: Exclude<Primitive, ControlPrimitive>,
  inputs: readonly Tensor[],
  params: object,
  type: Type,
) => Tensor | null;

let runEagerly: RunEagerly | null = null;

/** What is asked first where a primitive is applied outside of a trace: what compiles is above this package, and hands itself over. */
export function eagerly(): RunEagerly | null {
  return runEagerly;
}

/** Has primitives that are applied outside of a trace run by something else than the evaluator; `null` for the evaluator again. */
export function runEagerlyBy(run: RunEagerly | null): void {
  runEagerly = run;
}
