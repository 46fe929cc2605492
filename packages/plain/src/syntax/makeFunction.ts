import type { Machine } from "../machine/Machine.ts";
import { newScope, type Scope } from "../machine/Scope.ts";
import type { FunctionNode } from "../parse/Unit.ts";

/** A function that is written inside the one being read. */
export function makeFunction(
  m: Machine,
  node: FunctionNode,
  scope: Scope,
): (...args: readonly unknown[]) => unknown {
  const { unit } = m;
  const name = node.type === "FunctionExpression" ? node.id?.name : undefined;
  // The name of a function expression is known inside of it, and nothing else can be given to it.
  const around = name === undefined ? scope : newScope(m, scope, {}, [name]);
  const made = (...args: readonly unknown[]): unknown => m.run(unit, node, around, args);
  if (name !== undefined) around.vars[name] = made;
  m.functions.add(made);
  return made;
}
