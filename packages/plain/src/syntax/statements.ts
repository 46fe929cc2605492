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
import { isMissing } from "../isMissing.ts";
import { andThen, arrive, branch } from "../machine/branch.ts";
import { Choice } from "../machine/Choice.ts";
import { standInOf } from "../machine/guards.ts";
import { lengthOf, read, runEach } from "../machine/lift.ts";
import { countTurns, fail, type Machine } from "../machine/Machine.ts";
import { leave, normal, type Outcome } from "../machine/Outcome.ts";
import { newScope, type Scope, undeclared } from "../machine/Scope.ts";
import type { RefusedType } from "../parse/checkFunction.ts";
import { elementAt, liveElements } from "../values/elements.ts";
import { recordOf } from "../values/globals.ts";
import { truthOf } from "../values/numbers.ts";
import { binary } from "../values/operators.ts";
import { logicalNot } from "../values/truth.ts";
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

interface Loop {
  readonly test: () => unknown;
  readonly body: () => Outcome;
  readonly next: () => void;
  readonly testsFirst: boolean;
}

/** So many times in a row a loop may be left on a condition that is not known. */
const mostExits = 200;

/** Writes a loop out, turn by turn. */
function loop(
  m: Machine,
  labels: readonly string[],
  { test, body, next, testsFirst }: Loop,
): Outcome {
  const own = ["", ...labels];
  const node = m.at;
  const deepest = m.tape.region.depth + mostExits;
  const turn = (): Outcome => {
    countTurns(m, 1, node);
    if (m.tape.region.depth > deepest) {
      fail(
        m,
        "the number of turns of this loop depends on a traced value",
        "loop to a bound that is known, such as fixed(n) in args, or use whileLoop in a traced(…) function",
        node,
      );
    }
    return arrive(body(), "continue", own);
  };
  const turns = (isTested: boolean): Outcome => {
    for (let tests = isTested; ; tests = true) {
      // A test that fails is a break.
      const go = !tests || truthOf(m, test());
      if (go === false) return normal;
      const left =
        go === true ? normal : leave("break", m.tape.length, "", undefined, logicalNot(go));
      const outcome = andThen(m, left, turn);
      if (outcome.some(({ when }) => when === true)) return outcome;
      if (outcome.length > 0) {
        return andThen(m, outcome, () => {
          next();
          return turns(true);
        });
      }
      next();
    }
  };
  return arrive(turns(testsFirst), "break", own);
}

function forLoop(m: Machine, node: ForStatement, scope: Scope, labels: readonly string[]): Outcome {
  const { init, test, update, body } = node;
  let turn = newScope(m, scope);
  if (init?.type === "VariableDeclaration") {
    hoist(m, [init], turn);
    declare(m, init, turn);
  } else if (!isMissing(init)) m.evaluate(init, turn);
  m.at = node;
  return loop(m, labels, {
    test: () => isMissing(test) || m.evaluate(test, turn),
    body: () => execute(m, body, turn),
    next: () => {
      // Each turn has its own variables, for functions made in it.
      turn = newScope(m, scope, turn.vars, turn.constants);
      if (!isMissing(update)) m.evaluate(update, turn);
    },
    testsFirst: true,
  });
}

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
    return overLoop(m, node, { length: () => keys.length, at: (i) => keys[i] }, scope, labels);
  });
}

/** The elements of a value. A choice is looked at anew in each turn, as an array is. */
function elementsIn(m: Machine, value: unknown): Sequence {
  if (value instanceof Choice) {
    return {
      length: () => lengthOf(m, value, (x) => liveElements(m, x).length),
      at: (i) => read(m, [value], (x) => elementAt(m, liveElements(m, x), i)),
    };
  }
  const all = liveElements(m, value);
  return { length: () => all.length, at: (i) => elementAt(m, all, i) };
}

/** What a loop goes over. */
interface Sequence {
  readonly length: () => unknown;
  readonly at: (i: number) => unknown;
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
  let i = 0;
  return loop(m, labels, {
    test: () => binary(m, "<", i, length()),
    body: () => {
      const turn = newScope(m, scope);
      hoist(m, [left], turn);
      const isNew = left.type === "VariableDeclaration";
      const pattern = isNew ? left.declarations[0]!.id : left;
      bind(m, pattern, at(i), turn, isNew && left.kind !== "var");
      return execute(m, body, turn);
    },
    next: () => {
      i++;
    },
    testsFirst: true,
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
