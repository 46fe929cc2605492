import { own } from "../machine/containers.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import { chooseValue } from "../machine/merge.ts";
import { newScope, type Scope, undeclared } from "../machine/Scope.ts";
import type { FunctionNode, Unit } from "../parse/Unit.ts";
import { namesOf } from "./namesOf.ts";
import { bind } from "./patterns.ts";
import { block } from "./statements.ts";
import { variablesOf } from "./variablesOf.ts";

/** More calls within calls than this most likely never end. */
const deepestCall = 200;

/** Runs the body of a function. */
export function runFunction(
  m: Machine,
  unit: Unit,
  node: FunctionNode,
  scope: Scope,
  args: readonly unknown[],
): unknown {
  if (m.depth >= deepestCall) {
    fail(
      m,
      `more than ${deepestCall} calls within calls`,
      "a recursion must end by a condition that does not depend on a traced value",
    );
  }
  const { unit: outer, at } = m;
  m.unit = unit;
  m.depth++;
  const inner = newScope(m, scope);
  // A default may use what stands before it, and nothing from outside that has the name of a parameter after it.
  for (const name of node.params.flatMap(namesOf)) inner.vars[name] = undeclared;
  for (const [i, parameter] of node.params.entries()) {
    if (parameter.type === "RestElement")
      bind(m, parameter.argument, own(m, args.slice(i)), inner, true);
    else bind(m, parameter, args[i], inner, true);
  }
  const result = runBody(m, node, variableScope(m, node, inner));
  m.depth--;
  m.unit = outer;
  m.at = at;
  return result;
}

/**
 * The scope of what `var` declares: that of the parameters, if these are simple names. Otherwise functions in
 * their defaults keep seeing the parameters, and a variable of the same name starts with the value of its parameter.
 */
function variableScope(m: Machine, { params, body }: FunctionNode, parameters: Scope): Scope {
  const scope = params.every(({ type }) => type === "Identifier")
    ? parameters
    : newScope(m, parameters);
  for (const name of variablesOf(body))
    if (!(name in scope.vars)) scope.vars[name] = parameters.vars[name];
  return scope;
}

function runBody(m: Machine, { body }: FunctionNode, scope: Scope): unknown {
  if (body.type !== "BlockStatement") return m.evaluate(body, scope);
  const [exit] = block(m, body.body, scope);
  return exit === undefined
    ? undefined
    : chooseValue(m, exit.when, exit.value, undefined, exit.from);
}
