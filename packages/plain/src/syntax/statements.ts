import type {
  AnyNode,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Statement,
  SwitchCase,
  SwitchStatement,
  VariableDeclaration,
} from "acorn";
import { isTensor } from "@diffrax-ts/pytree";
import { isMissing } from "../isMissing.ts";
import { andThen, arrive, branch } from "../machine/branch.ts";
import { Choice } from "../machine/Choice.ts";
import { standInOf } from "../machine/guards.ts";
import { lengthOf, read, runEach } from "../machine/lift.ts";
import { fail, type Machine } from "../machine/Machine.ts";
import { leave, normal, type Outcome } from "../machine/Outcome.ts";
import { newScope, type Scope, undeclared } from "../machine/Scope.ts";
import type { RefusedType } from "../parse/checkFunction.ts";
import { elementAt, liveElements } from "../values/elements.ts";
import { recordOf } from "../values/globals.ts";
import { truthOf } from "../values/numbers.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { PerTurn } from "../turns/PerTurn.ts";
import { fewestTurns, mayBeTogether } from "../turns/together.ts";
import { binary, type Operator } from "../values/operators.ts";
import { type Counter, counterOf } from "./counterOf.ts";
import { type Counted, countedLoop, loop, type Loop, turnByTurn } from "./loop.ts";
import { makeFunction } from "./makeFunction.ts";
import { namesOf } from "./namesOf.ts";
import { bind } from "./patterns.ts";

/** Runs a statement. */
function execute(m: Machine, node: AnyNode, scope: Scope, labels: readonly string[] = []): Outcome {
  const statement = node as Exclude<Statement, { type: RefusedType }>;
  m.at = statement;
  switch (statement.type) {
    case "ExpressionStatement":
      m.evaluate(statement.expression, scope);
      return normal;
    case "VariableDeclaration":
      declare(m, statement, scope);
      return normal;
    case "FunctionDeclaration":
    case "EmptyStatement":
      return normal;
    case "BlockStatement":
      return breakable(block(m, statement.body, newScope(m, scope)), labels);
    case "ReturnStatement": {
      const value = isMissing(statement.argument)
        ? undefined
        : m.evaluate(statement.argument, scope);
      return leave("return", m.tape.length, "", value);
    }
    case "BreakStatement":
      return leave("break", m.tape.length, statement.label?.name);
    case "ContinueStatement":
      return leave("continue", m.tape.length, statement.label?.name);
    case "LabeledStatement": {
      const inner = [...labels, statement.label.name];
      return breakable(execute(m, statement.body, scope, inner), inner);
    }
    case "IfStatement": {
      const { test, consequent, alternate } = statement;
      const when = truthOf(m, m.evaluate(test, scope));
      return branch(
        m,
        when,
        () => execute(m, consequent, scope),
        () => (isMissing(alternate) ? normal : execute(m, alternate, scope)),
      );
    }
    case "ForStatement":
      return forLoop(m, statement, scope, labels);
    case "ForOfStatement":
      return forOfLoop(m, statement, scope, labels);
    case "ForInStatement":
      return forInLoop(m, statement, scope, labels);
    case "WhileStatement":
    case "DoWhileStatement": {
      const { test, body } = statement;
      return loop(m, labels, {
        test: () => m.evaluate(test, scope),
        body: () => execute(m, body, scope),
        next: () => {},
        testsFirst: statement.type === "WhileStatement",
      });
    }
    case "SwitchStatement":
      return switchOver(m, statement, scope, labels);
    case "ThrowStatement":
      if (m.tape.region.depth > 0)
        fail(
          m,
          "whether this is thrown depends on a traced value",
          "return NaN instead, or check before the solve",
        );
      throw m.evaluate(statement.argument, newScope(m, scope, { [inThrow]: true }));
  }
}

/** A variable of the block in which the argument of `throw` is evaluated: its texts may show traced values. */
export const inThrow = "throw";

/** Runs the statements of a block, in a scope of their own. */
export function block(m: Machine, statements: readonly AnyNode[], scope: Scope): Outcome {
  hoist(m, statements, scope);
  return list(m, statements, scope);
}

/** What a block declares is there from its beginning: functions, and names without values. */
function hoist(m: Machine, statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.type === "FunctionDeclaration" && statement.id !== null)
      scope.vars[statement.id.name] = makeFunction(m, statement, scope);
    if (statement.type !== "VariableDeclaration" || statement.kind === "var") continue;
    const names = statement.declarations.flatMap(({ id }) => namesOf(id));
    for (const name of names) scope.vars[name] = undeclared;
    if (statement.kind === "const") scope.constants.push(...names);
  }
}

function list(m: Machine, statements: readonly AnyNode[], scope: Scope, from = 0): Outcome {
  for (let i = from; i < statements.length; i++) {
    const outcome = execute(m, statements[i]!, scope);
    if (outcome.length === 0) continue;
    if (i === statements.length - 1 || outcome.some(({ when }) => when === true)) return outcome;
    return andThen(m, outcome, () => list(m, statements, scope, i + 1));
  }
  return normal;
}

function declare(m: Machine, { declarations, kind }: VariableDeclaration, scope: Scope): void {
  for (const { id, init } of declarations) {
    // `var x;` leaves x as it is.
    if (isMissing(init) && kind === "var") continue;
    const value = isMissing(init) ? undefined : m.evaluate(init, scope);
    bind(m, id, value, scope, kind !== "var");
  }
}

function breakable(outcome: Outcome, labels: readonly string[]): Outcome {
  return arrive(outcome, "break", labels);
}

function forLoop(m: Machine, node: ForStatement, scope: Scope, labels: readonly string[]): Outcome {
  const { init, test, update, body } = node;
  let turn = newScope(m, scope);
  if (init?.type === "VariableDeclaration") {
    hoist(m, [init], turn);
    declare(m, init, turn);
  } else if (!isMissing(init)) m.evaluate(init, turn);
  m.at = node;
  const parts: Loop = {
    test: () => isMissing(test) || m.evaluate(test, turn),
    body: () => execute(m, body, turn),
    next: () => {
      // Each turn has its own variables, for functions made in it.
      turn = newScope(m, scope, turn.vars, turn.constants);
      if (!isMissing(update)) m.evaluate(update, turn);
    },
    testsFirst: true,
  };
  const counter = mayBeTogether(m) ? counterOf(node) : null;
  if (counter === null) return loop(m, labels, parts);
  const indices = indicesOf(m, counter, turn);
  m.at = node;
  if (indices === null) return loop(m, labels, parts);
  const { name, step } = counter;
  const inTurn = (index: unknown): Scope => newScope(m, scope, { [name]: index });
  const counted: Counted = {
    indices,
    test: (index) => truthOf(m, m.evaluate(counter.test, inTurn(index))),
    body: (index) => execute(m, body, inTurn(index)),
  };
  return countedLoop(m, labels, counted, () => {
    turn = inTurn(indices.at(-1)! + step);
    return turnByTurn(m, labels, parts);
  });
}

/** The numbers that a loop counts; `null` if they are few, or not known. */
function indicesOf(
  m: Machine,
  { name, step, test, bound }: Counter,
  scope: Scope,
): readonly number[] | null {
  const first = scope.vars[name];
  const last = m.evaluate(bound, scope);
  if (typeof first !== "number" || typeof last !== "number") return null;
  const n = Math.abs((last - first) / step);
  if (!(n >= fewestTurns - 1 && n <= mostIndices)) return null;
  const indices: number[] = [];
  for (let i = first; binary(m, test.operator as Operator, i, last) === true; i += step)
    indices.push(i);
  return indices.length < fewestTurns ? null : indices;
}

/** So many turns may be read at once. */
const mostIndices = 10_000_000;

function forOfLoop(
  m: Machine,
  node: ForOfStatement,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const value = m.evaluate(node.right, scope);
  m.at = node.right;
  return overLoop(m, node, elementsIn(m, value), scope, labels);
}

function forInLoop(
  m: Machine,
  node: ForInStatement,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const value = m.evaluate(node.right, scope);
  m.at = node.right;
  return runEach(m, standInOf(m, value), (x) => {
    const keys = isMissing(x) ? [] : Object.keys(recordOf(m, x));
    return overLoop(
      m,
      node,
      { length: () => keys.length, at: (i) => keyAt(keys, i) },
      scope,
      labels,
    );
  });
}

function keyAt(keys: readonly string[], i: number | PerTurn): unknown {
  if (i instanceof PerTurn) throw new NotAlike();
  return keys[i];
}

/** The elements of a value. A choice is looked at anew in each turn, as an array is. */
function elementsIn(m: Machine, value: unknown): Sequence {
  if (value instanceof Choice) {
    return {
      length: () => lengthOf(m, value, (x) => liveElements(m, x).length),
      at: (i) => read(m, [value], (x) => elementAt(m, liveElements(m, x), i)),
    };
  }
  if (isTensor(value) && value.shape.length > 0)
    return { length: () => value.shape[0]!, at: (i) => elementAt(m, value, i) };
  const all = liveElements(m, value);
  return { length: () => all.length, at: (i) => elementAt(m, all, i) };
}

/** What a loop goes over. */
interface Sequence {
  readonly length: () => unknown;
  readonly at: (i: number | PerTurn) => unknown;
}

function overLoop(
  m: Machine,
  node: ForOfStatement | ForInStatement,
  { length, at }: Sequence,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const { left, body } = node;
  m.at = node;
  const testAt = (i: unknown): unknown => binary(m, "<", i, length());
  const bodyAt = (i: unknown): Outcome => {
    const turn = newScope(m, scope);
    hoist(m, [left], turn);
    const isNew = left.type === "VariableDeclaration";
    const pattern = isNew ? left.declarations[0]!.id : left;
    bind(m, pattern, at(i as number), turn, isNew && left.kind !== "var");
    return execute(m, body, turn);
  };
  let i = 0;
  const parts: Loop = {
    test: () => testAt(i),
    body: () => bodyAt(i),
    next: () => {
      i++;
    },
    testsFirst: true,
  };
  const n = mayBeTogether(m) ? length() : 0;
  if (typeof n !== "number" || n < fewestTurns) return loop(m, labels, parts);
  const counted: Counted = {
    indices: Array.from({ length: n }, (_, k) => k),
    test: (index) => truthOf(m, testAt(index)),
    body: bodyAt,
  };
  return countedLoop(m, labels, counted, () => {
    i = n;
    return turnByTurn(m, labels, parts);
  });
}

function switchOver(
  m: Machine,
  statement: SwitchStatement,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const value = m.evaluate(statement.discriminant, scope);
  return runEach(m, value, (x) => switchOn(m, x, statement, scope, labels));
}

function switchOn(
  m: Machine,
  value: unknown,
  { discriminant, cases }: SwitchStatement,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const inner = newScope(m, scope);
  const statementsOf = (cases: readonly SwitchCase[]): AnyNode[] =>
    cases.flatMap(({ consequent }) => consequent);
  hoist(m, statementsOf(cases), inner);
  let start = cases.findIndex(({ test }) => {
    if (isMissing(test)) return false;
    const isIt = binary(m, "===", value, m.evaluate(test, inner));
    return typeof isIt === "boolean"
      ? isIt
      : fail(m, "the case depends on a traced value", "write if and else", discriminant);
  });
  if (start < 0) start = cases.findIndex(({ test }) => isMissing(test));
  if (start < 0) return normal;
  return breakable(list(m, statementsOf(cases.slice(start)), inner), ["", ...labels]);
}
