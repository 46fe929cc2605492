import type { Callable } from "@diffrax-ts/pytree";
import type { Machine } from "../machine/Machine.ts";
import type { Scope } from "../machine/Scope.ts";
import type { FunctionNode } from "../parse/Unit.ts";

/** A function that is written inside the one being read. */
export function makeFunction(m: Machine, node: FunctionNode, scope: Scope): Callable {
  const { unit } = m;
  const made = (...args: readonly unknown[]): unknown => m.run(unit, node, scope, args);
  m.functions.add(made);
  return made;
}
