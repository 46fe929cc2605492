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
import { freeName } from "../freeName.ts";
import { isMissing } from "../isMissing.ts";
import { branchValue } from "../machine/branch.ts";
import { Choice } from "../machine/Choice.ts";
import { own } from "../machine/containers.ts";
import { standInOf, truthOfEach } from "../machine/guards.ts";
import { look, perform, read } from "../machine/lift.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { type Scope } from "../machine/Scope.ts";
import { valueIn } from "../machine/variables.ts";
import type { RefusedType } from "../parse/checkFunction.ts";
import { callMethod } from "../values/callMethod.ts";
import { callArrayMethod, isChanging } from "../values/arrayMethods.ts";
import { Chosen, chosenList } from "../values/Chosen.ts";
import { construct } from "../values/construct.ts";
import { elementsOf } from "../values/elements.ts";
import { isKnownName, knownValue } from "../values/knownNames.ts";
import { isTracedScalar, refuseUnsettled, truthOf } from "../values/numbers.ts";
import { binary, type Operator, type Sign, unary } from "../values/operators.ts";
import { getProperty, propertyOf, setPropertyOf, spread } from "../values/properties.ts";
import { keyOf, textOf } from "../values/texts.ts";
import { isCounter } from "./isCounter.ts";
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
      return listOf(m, expression.elements, scope);
    case "ObjectExpression":
      return objectOf(m, expression, scope);
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return makeFunction(m, expression, scope);
    case "UnaryExpression": {
      const { argument, operator } = expression;
      const value = evaluate(m, argument, scope);
      m.at = argument;
      // Whether it is true is asked of choices, too.
      if (operator === "!") return unary(m, operator, value);
      return read(m, [value], (x) => unary(m, operator as Sign, x));
    }
    case "UpdateExpression":
      return isCounter(expression) ? undefined : update(m, expression, scope);
    case "BinaryExpression": {
      const a = evaluate(m, expression.left, scope);
      const b = evaluate(m, expression.right, scope);
      m.at = expression;
      return operate(m, expression.operator as Operator, a, b);
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
      return read(m, [value], (x) => (x === broken ? undefined : x));
    }
    case "CallExpression":
      return callOf(m, expression, scope);
    case "NewExpression": {
      const made = evaluate(m, expression.callee, scope);
      const args = listOf(m, expression.arguments, scope);
      m.at = expression;
      return perform(m, [args], (list) => construct(m, made, list as readonly unknown[]));
    }
  }
}

function variable(m: Machine, name: string, scope: Scope): unknown {
  const holder = holderOf(m, name, scope);
  if (holder !== null) return valueIn(m, holder.vars, name);
  if (isKnownName(name)) return knownValue(name);
  return fail(m, `"${name}" is not known inside the function`, freeName(name)[1]);
}

/** The values of a list; a choice of lists where what is spread has another length depending on a condition. */
function listOf(
  m: Machine,
  elements: readonly (Expression | SpreadElement | null)[],
  scope: Scope,
): unknown {
  const parts: unknown[] = [];
  for (const element of elements) {
    if (element === null) parts.push(Array<unknown>(1));
    else if (element.type !== "SpreadElement") parts.push([evaluate(m, element, scope)]);
    else {
      const list = evaluate(m, element.argument, scope);
      m.at = element.argument;
      const copy = read(m, [list], (x) => own(m, [...elementsOf(m, x)]));
      parts.push(standInOf(m, copy));
    }
  }
  return look(m, parts, (...lists) => own(m, ([] as unknown[]).concat(...lists)));
}

function objectOf(m: Machine, { properties }: ObjectExpression, scope: Scope): unknown {
  const object = own<Record<string, unknown>>(m, {});
  for (const property of properties) {
    if (property.type === "SpreadElement") {
      const value = evaluate(m, property.argument, scope);
      m.at = property.argument;
      const copy = standInOf(
        m,
        read(m, [value], (x) => own(m, spread(m, x))),
      );
      refuseUnsettled(m, copy);
      Object.assign(object, copy);
    } else {
      const key = keyIn(m, property.key, property.computed, scope);
      setPropertyOf(m, object, key, evaluate(m, property.value, scope));
    }
  }
  return object;
}

/** `a && b`, `a || b` or `a ?? b`. */
function decide(m: Machine, operator: LogicalOperator, a: unknown, b: () => unknown): unknown {
  if (operator === "??") return branchValue(m, truthOfEach(m, a, isMissing), b, () => a);
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
  return set(operate(m, how, old, operand));
}

function update(
  m: Machine,
  { operator, argument, prefix }: UpdateExpression,
  scope: Scope,
): unknown {
  const { get, set } = place(m, argument, scope);
  const old = read(m, [get()], (x) => unary(m, "+", x));
  const now = set(operate(m, operator === "++" ? "+" : "-", old, 1));
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
      get: () => propertyOf(m, object, key),
      set: (value) => {
        m.at = target;
        setPropertyOf(m, object, key, value);
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
  const isChain = node.optional || (node.object.type !== "Identifier" && object instanceof Choice);
  if (!isChain) return propertyOf(m, object, key);
  return read(m, [object, key], (x, k) =>
    x === broken || (node.optional && isMissing(x)) ? broken : getProperty(m, x, keyOf(m, k)),
  );
}

function callOf(m: Machine, node: CallExpression, scope: Scope): unknown {
  const { callee, optional } = node;
  const args = (): unknown => {
    const list = listOf(m, node.arguments, scope);
    m.at = node;
    return list;
  };
  if (callee.type === "MemberExpression") {
    const object = evaluate(m, callee.object, scope);
    if (object === broken || (callee.optional && isMissing(object))) return broken;
    const key = keyIn(m, callee.property, callee.computed, scope);
    m.at = callee;
    const isChosen = object instanceof Choice || key instanceof Choice;
    const isSpread = node.arguments.some(({ type }) => type === "SpreadElement");
    // Before the method is looked up only where they have to be the same for several.
    const early = !optional && !callee.optional && (isChosen || isSpread) ? args() : undefined;
    return perform(m, [methodHolder(m, object, key), key, early], (x, k, list) => {
      if (x === broken || (callee.optional && isMissing(x))) return broken;
      m.at = callee;
      const known = (): readonly unknown[] => listIn(m, list ?? args());
      return x instanceof Chosen
        ? callArrayMethod(m, x, k as string, known())
        : callMethod(m, x, keyOf(m, k), optional ? broken : undefined, known);
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
  return perform(m, [f, optional ? undefined : args()], (g, list) =>
    optional && isMissing(g) ? broken : m.call(g, listIn(m, list ?? args())),
  );
}

/** A list that is no choice. */
function listIn(m: Machine, list: unknown): readonly unknown[] {
  refuseUnsettled(m, list);
  return list as readonly unknown[];
}

/** What a method is called of: where it changes nothing, a choice between arrays of one length is one of its own. */
function methodHolder(m: Machine, object: unknown, key: unknown): unknown {
  if (!(object instanceof Choice) || typeof key !== "string" || isChanging(key)) return object;
  return chosenList(m, object) ?? standInOf(m, object);
}

function text(m: Machine, { quasis, expressions }: TemplateLiteral, scope: Scope): unknown {
  let result: unknown = quasis[0]!.value.cooked!;
  for (const [i, expression] of expressions.entries()) {
    const value = evaluate(m, expression, scope);
    const isShown = isTracedScalar(value) && holderOf(m, inThrow, scope) !== null;
    const after = quasis[i + 1]!.value.cooked!;
    result = read(m, [result, value], (before, x) => {
      const shown = isShown ? String(x) : textOf(m, x);
      return (before as string) + shown + after;
    });
  }
  return result;
}

/** The value of a binary operator. */
function operate(m: Machine, operator: Operator, a: unknown, b: unknown): unknown {
  // Whether two are the same is asked of what is chosen, not of what stands in for it.
  return operator.startsWith("==") || operator.startsWith("!=")
    ? binary(m, operator, a, b)
    : read(m, [a, b], (x, y) => binary(m, operator, x, y));
}
