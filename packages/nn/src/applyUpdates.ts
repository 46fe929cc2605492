import { add } from "@diffrax-ts/array";
import { mapLeaves } from "./mapLeaves.ts";

/**
 * The parameters after a step: `params + updates`, leaf by leaf. Numbers stay numbers, and parts stay parts.
 *
 * @throws TypeError that says where `updates` departs from `params`.
 *
 * @example
 * ```ts
 * import { applyUpdates } from "@diffrax-ts/nn";
 *
 * applyUpdates({ a: 1, b: 2 }, { a: 0.5, b: -1 });
 * // → { a: 1.5, b: 1 }
 * ```
 */
export function applyUpdates<Params>(params: Params, updates: NoInfer<Params>): Params {
  return mapLeaves(add, { params, updates });
}
