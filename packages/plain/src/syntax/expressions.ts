import type {
  AssignmentExpression,
  CallExpression,
  Expression,
  LogicalExpression,
  MemberExpression,
  NewExpression,
  Node,
  ObjectExpression,
  Pattern,
  SpreadElement,
  TemplateLiteral,
  UpdateExpression,
} from "acorn";
import { branchValue } from "../machine/branch.ts";
import {
  checkFresh,
  fail,
  type Machine,
  mistake,
  own,
  resolve,
  type Scope,
} from "../machine/Machine.ts";
import type { Truth } from "../machine/Outcome.ts";
import { Unsettled } from "../machine/Unsettled.ts";
import { callMethod } from "../values/callMethod.ts";
import { construct } from "../values/construct.ts";
import { elementsOf, isArrayLike } from "../values/elements.ts";
import { isKnownName, knownValue } from "../values/knownNames.ts";
import { binary, isTracedScalar, refuseUnsettled, truthOf, unary } from "../values/numbers.ts";
import { getProperty, keyOf, setProperty } from "../values/properties.ts";
import { makeFunction } from "./makeFunction.ts";
import { bind, holderOf, reference } from "./patterns.ts";
import { inThrow } from "./statements.ts";
import { isMissing } from "../isMissing.ts";

/** What ends an optional chain: `a?.b.c` is undefined if `a` is. */
const broken: unique symbol = /* @__PURE__ */ Symbol("?.");

/** The value of an expression. */
export function evaluate(m: Machine, node: Node, scope: Scope): unknown {
  const expression = node as Expression;
  m.at = expression;
  switch (expression.type) {
    case "Literal":
      return expression.value;
    case "TemplateLiteral":
      return text(m, expression, scope);
    case "Identifier":
      return variable(m, expression.name, scope);
    case "ArrayExpression":
      return own(m, listOf(m, expression.elements, scope));
    case "ObjectExpression":
      return objectOf(m, expression, scope);
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return makeFunction(m, expression, scope);
    case "UnaryExpression":
      return unaryOf(m, expression.operator, expression.argument, scope);
    case "UpdateExpression":
      return update(m, expression, scope);
    case "BinaryExpression": {
      const a = evaluate(m, expression.left, scope);
      const b = evaluate(m, expression.right, scope);
      m.at = expression;
      return binary(m, expression.operator, a, b);
    }
    case "LogicalExpression":
      return logical(m, expression, scope);
    case "AssignmentExpression":
      return assign(m, expression, scope);
    case "ConditionalExpression": {
      const when = truthOf(m, evaluate(m, expression.test, scope));
      return branchValue(
        m,
        when,
        () => evaluate(m, expression.consequent, scope),
        () => evaluate(m, expression.alternate, scope),
      );
    }
    case "SequenceExpression":
      return expression.expressions.reduce<unknown>(
        (_, part) => evaluate(m, part, scope),
        undefined,
      );
    case "MemberExpression":
      return member(m, expression, scope);
    case "ChainExpression": {
      const value = evaluate(m, expression.expression, scope);
      return value === broken ? undefined : value;
    }
    case "CallExpression":
      return callOf(m, expression, scope);
    case "NewExpression":
      return newOf(m, expression, scope);
    case "AwaitExpression":
    case "ClassExpression":
    case "ImportExpression":
    case "MetaProperty":
    case "ParenthesizedExpression":
    case "TaggedTemplateExpression":
    case "ThisExpression":
    case "YieldExpression":
      return fail(m, `${expression.type} is not read`);
  }
}

function variable(m: Machine, name: string, scope: Scope): unknown {
  const holder = holderOf(name, scope);
  if (holder !== null) return resolve(m, holder.vars[name]);
  if (isKnownName(name)) return knownValue(name);
  return fail(m, `"${name}" is not known inside the function`, freeWayOut(name));
}

/** What to do about a name from outside. */
export function freeWayOut(name: string): string {
  return `pass it through args, or list it: plain(f, { ${name} }); for a function that works on tensors write traced(f)`;
}

function listOf(
  m: Machine,
  elements: readonly (Expression | SpreadElement | null)[],
  scope: Scope,
): unknown[] {
  const values: unknown[] = [];
  for (const element of elements) {
    if (element === null) values.push(undefined);
    else if (element.type !== "SpreadElement") values.push(evaluate(m, element, scope));
    else {
      const list = evaluate(m, element.argument, scope);
      m.at = element.argument;
      values.push(...elementsOf(m, list));
    }
  }
  return values;
}

function objectOf(m: Machine, { properties }: ObjectExpression, scope: Scope): unknown {
  const object = own<Record<string, unknown>>(m, {});
  for (const property of properties) {
    if (property.type === "SpreadElement") {
      const value = evaluate(m, property.argument, scope);
      m.at = property.argument;
      refuseUnsettled(m, value);
      if (typeof value !== "object" || value === null) continue;
      checkFresh(m, value);
      Object.assign(object, isArrayLike(value) ? elementsOf(m, value) : value);
    } else {
      const { key, value, computed } = property;
      const name =
        computed || key.type !== "Identifier" ? keyOf(m, evaluate(m, key, scope)) : key.name;
      setProperty(m, object, name, evaluate(m, value, scope));
    }
  }
  return object;
}

function unaryOf(m: Machine, operator: string, argument: Expression, scope: Scope): unknown {
  if (operator === "delete")
    fail(m, "delete is not read", "make a new object: const { key, ...rest } = object");
  const value = evaluate(m, argument, scope);
  m.at = argument;
  return unary(m, operator, value);
}

function logical(m: Machine, { operator, left, right }: LogicalExpression, scope: Scope): unknown {
  return decide(m, operator, evaluate(m, left, scope), () => evaluate(m, right, scope));
}

/** `a && b`, `a || b` or `a ?? b`. */
function decide(m: Machine, operator: string, a: unknown, b: () => unknown): unknown {
  if (operator === "??") {
    return a instanceof Unsettled ? m.lift(m, a, (value) => value ?? b()) : (a ?? b());
  }
  const when: Truth = truthOf(m, a);
  return operator === "&&" ? branchValue(m, when, b, () => a) : branchValue(m, when, () => a, b);
}

function assign(m: Machine, expression: AssignmentExpression, scope: Scope): unknown {
  const { operator, left, right } = expression;
  if (operator === "=") {
    // The target is looked up first, as in JavaScript, where that can make a difference.
    const target = left.type === "MemberExpression" ? reference(m, left, scope) : null;
    const value = evaluate(m, right, scope);
    m.at = left;
    if (target === null) bind(m, left, value, scope, false);
    else setProperty(m, target.object, target.key, value);
    return value;
  }
  const { get, set } = place(m, left, scope);
  const how = operator.slice(0, -1);
  if (how === "&&" || how === "||" || how === "??") {
    return decide(m, how, get(), () => set(evaluate(m, right, scope)));
  }
  const old = get();
  const operand = evaluate(m, right, scope);
  m.at = expression;
  return set(binary(m, how, old, operand));
}

function update(
  m: Machine,
  { operator, argument, prefix }: UpdateExpression,
  scope: Scope,
): unknown {
  const { get, set } = place(m, argument, scope);
  const old = unary(m, "+", get());
  const now = set(binary(m, operator === "++" ? "+" : "-", old, 1));
  return prefix ? now : old;
}

interface Place {
  readonly get: () => unknown;
  readonly set: (value: unknown) => unknown;
}

/** What an assignment reads and writes; the object and the key are computed once. */
function place(m: Machine, target: Expression | Pattern, scope: Scope): Place {
  if (target.type === "MemberExpression") {
    const { object, key } = reference(m, target, scope);
    return {
      get: () => getProperty(m, object, key),
      set: (value) => {
        m.at = target;
        setProperty(m, object, key, value);
        return value;
      },
    };
  }
  return {
    get: () => evaluate(m, target, scope),
    set: (value) => {
      bind(m, target as Pattern, value, scope, false);
      return value;
    },
  };
}

function member(m: Machine, node: MemberExpression, scope: Scope): unknown {
  const object = evaluate(m, node.object, scope);
  if (object === broken || (node.optional && isMissing(object))) return broken;
  const key = keyIn(m, node, scope);
  m.at = node;
  return getProperty(m, object, key);
}

function keyIn(
  m: Machine,
  { property, computed }: MemberExpression,
  scope: Scope,
): string | number {
  if (!computed) return (property as { readonly name: string }).name;
  const key = evaluate(m, property, scope);
  m.at = property;
  return keyOf(m, key);
}

function callOf(m: Machine, node: CallExpression, scope: Scope): unknown {
  const { callee, optional } = node;
  if (callee.type === "MemberExpression") {
    const object = evaluate(m, callee.object, scope);
    if (object === broken || (callee.optional && isMissing(object))) return broken;
    const key = keyIn(m, callee, scope);
    m.at = callee;
    return callMethod(m, object, key, optional ? broken : undefined, () => {
      const args = listOf(m, node.arguments, scope);
      m.at = node;
      return args;
    });
  }
  const f = evaluate(m, callee, scope);
  if (f === broken || (optional && isMissing(f))) return broken;
  if (f === undefined)
    mistake(
      m,
      "a function was expected, and this is undefined",
      "look for a misspelt name",
      callee,
    );
  const args = listOf(m, node.arguments, scope);
  m.at = node;
  return m.call(m, f, args);
}

function newOf(m: Machine, node: NewExpression, scope: Scope): unknown {
  const made = evaluate(m, node.callee, scope);
  const args = listOf(m, node.arguments, scope);
  m.at = node;
  return construct(m, made, args);
}

function text(m: Machine, { quasis, expressions }: TemplateLiteral, scope: Scope): unknown {
  let result = quasis[0]!.value.cooked!;
  for (const [i, expression] of expressions.entries()) {
    const value = evaluate(m, expression, scope);
    if (isTracedScalar(value) && holderOf(inThrow, scope) === null) {
      fail(m, "a text cannot hold a traced value", "leave it out of the text");
    }
    refuseUnsettled(m, value);
    result += String(value) + quasis[i + 1]!.value.cooked!;
  }
  return result;
}
