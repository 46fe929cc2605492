import type {
  AssignmentExpression,
  CallExpression,
  Expression,
  LogicalOperator,
  MemberExpression,
  Node,
  ObjectExpression,
  Pattern,
  SpreadElement,
  TemplateLiteral,
  UpdateExpression,
} from "acorn";
import { isMissing } from "../isMissing.ts";
import { branchValue } from "../machine/branch.ts";
import { fail, type Machine, mistake, own, resolve, type Scope } from "../machine/Machine.ts";
import { Unsettled } from "../machine/Unsettled.ts";
import type { RefusedType } from "../parse/checkFunction.ts";
import { callMethod } from "../values/callMethod.ts";
import { construct } from "../values/construct.ts";
import { elementsOf } from "../values/elements.ts";
import { isKnownName, knownValue } from "../values/knownNames.ts";
import { isTracedScalar, truthOf } from "../values/numbers.ts";
import { binary, type Operator, type Sign, unary } from "../values/operators.ts";
import { getProperty, setProperty, spread } from "../values/properties.ts";
import { textOf } from "../values/texts.ts";
import { makeFunction } from "./makeFunction.ts";
import { bind, holderOf, keyIn, reference } from "./patterns.ts";
import { inThrow } from "./statements.ts";

/** What ends an optional chain: `a?.b.c` is undefined if `a` is. */
const broken: unique symbol = /* @__PURE__ */ Symbol("?.");

/** The value of an expression. */
export function evaluate(m: Machine, node: Node, scope: Scope): unknown {
  const expression = node as Exclude<Expression, { type: RefusedType | "ParenthesizedExpression" }>;
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
    case "UnaryExpression": {
      const { argument, operator } = expression;
      const value = evaluate(m, argument, scope);
      m.at = argument;
      return unary(m, operator as Sign, value);
    }
    case "UpdateExpression":
      return update(m, expression, scope);
    case "BinaryExpression": {
      const a = evaluate(m, expression.left, scope);
      const b = evaluate(m, expression.right, scope);
      m.at = expression;
      return binary(m, expression.operator as Operator, a, b);
    }
    case "LogicalExpression": {
      const { operator, left, right } = expression;
      return decide(m, operator, evaluate(m, left, scope), () => evaluate(m, right, scope));
    }
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
    case "NewExpression": {
      const made = evaluate(m, expression.callee, scope);
      const args = listOf(m, expression.arguments, scope);
      m.at = expression;
      return construct(m, made, args);
    }
  }
}

function variable(m: Machine, name: string, scope: Scope): unknown {
  const holder = holderOf(m, name, scope);
  if (holder !== null) return resolve(m, holder.vars[name]);
  if (isKnownName(name)) return knownValue(name);
  return fail(m, `"${name}" is not known inside the function`, freeWayOut(name));
}

/** What to do about a name from outside. */
export function freeWayOut(name: string, ofFunction = "f"): string {
  return `pass it through args, or list it: plain(${ofFunction || "f"}, { ${name} }); for a function that works on tensors write traced(f)`;
}

function listOf(
  m: Machine,
  elements: readonly (Expression | SpreadElement | null)[],
  scope: Scope,
): unknown[] {
  const values: unknown[] = [];
  for (const element of elements) {
    if (element === null) values.length++;
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
      Object.assign(object, spread(m, value));
    } else {
      const key = keyIn(m, property.key, property.computed, scope);
      setProperty(m, object, key, evaluate(m, property.value, scope));
    }
  }
  return object;
}

/** `a && b`, `a || b` or `a ?? b`. */
function decide(m: Machine, operator: LogicalOperator, a: unknown, b: () => unknown): unknown {
  if (operator === "??") {
    return a instanceof Unsettled ? m.lift(a, (value) => value ?? b()) : (a ?? b());
  }
  const when = truthOf(m, a);
  return operator === "&&" ? branchValue(m, when, b, () => a) : branchValue(m, when, () => a, b);
}

function assign(m: Machine, expression: AssignmentExpression, scope: Scope): unknown {
  const { operator, left } = expression;
  const right = (): unknown => evaluate(m, expression.right, scope);
  // The target is looked up first, as in JavaScript.
  const { get, set } = place(m, left, scope);
  if (operator === "=") return set(right());
  const how = operator.slice(0, -1) as Operator | LogicalOperator;
  if (how === "&&" || how === "||" || how === "??")
    return decide(m, how, get(), () => set(right()));
  const old = get();
  const operand = right();
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
  const key = keyIn(m, node.property, node.computed, scope);
  m.at = node;
  return getProperty(m, object, key);
}

function callOf(m: Machine, node: CallExpression, scope: Scope): unknown {
  const { callee, optional } = node;
  if (callee.type === "MemberExpression") {
    const object = evaluate(m, callee.object, scope);
    if (object === broken || (callee.optional && isMissing(object))) return broken;
    const key = keyIn(m, callee.property, callee.computed, scope);
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
  return m.call(f, args);
}

function text(m: Machine, { quasis, expressions }: TemplateLiteral, scope: Scope): unknown {
  let result = quasis[0]!.value.cooked!;
  for (const [i, expression] of expressions.entries()) {
    const value = evaluate(m, expression, scope);
    const isShown = isTracedScalar(value) && holderOf(m, inThrow, scope) !== null;
    const shown = isShown ? String : (x: unknown) => textOf(m, x);
    result += shown(value) + quasis[i + 1]!.value.cooked!;
  }
  return result;
}
