import type {
  AnyNode,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Node,
  Statement,
  SwitchStatement,
  VariableDeclaration,
} from "acorn";
import { andThen, arrive, branch } from "../machine/branch.ts";
import { fail, type Machine, newScope, type Scope, touch } from "../machine/Machine.ts";
import { type Exit, normal, type Outcome } from "../machine/Outcome.ts";
import { elementsOf } from "../values/elements.ts";
import { logicalNot } from "../values/truth.ts";
import { binary, truthOf } from "../values/numbers.ts";
import { makeFunction } from "./makeFunction.ts";
import { bind } from "./patterns.ts";
import { isMissing } from "../isMissing.ts";

/** More turns of loops than this are not written out. */
const mostTurns = 10_000;

/** Runs a statement. */
export function execute(
  m: Machine,
  node: Node,
  scope: Scope,
  labels: readonly string[] = [],
): Outcome {
  const statement = node as Statement;
  m.at = statement;
  switch (statement.type) {
    case "ExpressionStatement":
      m.evaluate(m, statement.expression, scope);
      return normal;
    case "VariableDeclaration":
      declare(m, statement, scope);
      return normal;
    case "FunctionDeclaration":
    case "EmptyStatement":
      return normal;
    case "BlockStatement":
      return breakable(list(m, statement.body, newScope(m, scope)), labels);
    case "ReturnStatement": {
      const value = isMissing(statement.argument)
        ? undefined
        : m.evaluate(m, statement.argument, scope);
      return leave(m, "return", "", value);
    }
    case "BreakStatement":
    case "ContinueStatement":
      return leave(
        m,
        statement.type === "BreakStatement" ? "break" : "continue",
        statement.label?.name ?? "",
        undefined,
      );
    case "LabeledStatement": {
      const inner = [...labels, statement.label.name];
      return breakable(execute(m, statement.body, scope, inner), inner);
    }
    case "IfStatement": {
      const { test, consequent, alternate } = statement;
      const when = truthOf(m, m.evaluate(m, test, scope));
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
      return overLoop(m, statement, (list) => elementsOf(m, list), scope, labels);
    case "ForInStatement":
      return overLoop(m, statement, (object) => Object.keys(object as object), scope, labels);
    case "WhileStatement":
    case "DoWhileStatement": {
      const { test, body } = statement;
      return loop(m, labels, {
        test: () => m.evaluate(m, test, scope),
        body: () => execute(m, body, scope),
        next: () => {},
        testsFirst: statement.type === "WhileStatement",
      });
    }
    case "SwitchStatement":
      return switchOver(m, statement, scope, labels);
    case "ThrowStatement":
      if (m.forks.length > 0)
        fail(
          m,
          "whether this is thrown depends on a traced value",
          "return NaN instead, or check before the solve",
        );
      throw m.evaluate(m, statement.argument, newScope(m, scope, { [inThrow]: true }));
    case "ClassDeclaration":
    case "DebuggerStatement":
    case "TryStatement":
    case "WithStatement":
      return fail(m, `${statement.type} is not read`);
  }
}

/** A variable of the block in which the argument of `throw` is evaluated: its texts may show traced values. */
export const inThrow = "throw";

/** Runs statements one after another, in a scope of their own. */
export function list(m: Machine, statements: readonly AnyNode[], scope: Scope, from = 0): Outcome {
  if (from === 0) hoist(m, statements, scope);
  for (let i = from; i < statements.length; i++) {
    const outcome = m.execute(m, statements[i]!, scope);
    if (outcome.length === 0) continue;
    if (i === statements.length - 1 || outcome.some(({ when }) => when === true)) return outcome;
    return andThen(m, outcome, () => list(m, statements, scope, i + 1));
  }
  return normal;
}

/** Functions can be called before the line in which they are declared. */
function hoist(m: Machine, statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.type !== "FunctionDeclaration" || statement.id === null) continue;
    touch(m, scope.vars);
    scope.vars[statement.id.name] = makeFunction(m, statement, scope);
  }
}

function declare(m: Machine, { declarations, kind }: VariableDeclaration, scope: Scope): void {
  for (const { id, init } of declarations) {
    // `var x;` leaves x as it is.
    if (isMissing(init) && kind === "var") continue;
    const value = isMissing(init) ? undefined : m.evaluate(m, init, scope);
    bind(m, id, value, scope, kind !== "var");
  }
}

function leave(m: Machine, kind: Exit["kind"], label: string, value: unknown): Outcome {
  return [{ kind, label, when: true, value, from: m.tape.length }];
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
  const depth = m.forks.length + mostExits;
  const turn = (): Outcome => {
    if (++m.turns > mostTurns) {
      fail(
        m,
        `more than ${mostTurns} turns of loops, which are all written out`,
        "use array operations or scan in a traced(…) function",
        node,
      );
    }
    if (m.forks.length > depth) {
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
        go === true ? normal : [{ ...leave(m, "break", "", undefined)[0]!, when: logicalNot(go) }];
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
  if (init?.type === "VariableDeclaration") declare(m, init, turn);
  else if (!isMissing(init)) m.evaluate(m, init, turn);
  m.at = node;
  return loop(m, labels, {
    test: () => isMissing(test) || m.evaluate(m, test, turn),
    body: () => execute(m, body, turn),
    next: () => {
      // Each turn has its own variables, for functions made in it.
      turn = newScope(m, scope, turn.vars);
      if (!isMissing(update)) m.evaluate(m, update, turn);
    },
    testsFirst: true,
  });
}

function overLoop(
  m: Machine,
  node: ForOfStatement | ForInStatement,
  elements: (value: unknown) => readonly unknown[],
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const { left, right, body } = node;
  const value = m.evaluate(m, right, scope);
  m.at = right;
  const all = elements(value);
  m.at = node;
  let i = 0;
  return loop(m, labels, {
    test: () => i < all.length,
    body: () => {
      const turn = newScope(m, scope);
      const isNew = left.type === "VariableDeclaration";
      const pattern = isNew ? left.declarations[0]!.id : left;
      bind(m, pattern, all[i], turn, isNew && left.kind !== "var");
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
  { discriminant, cases }: SwitchStatement,
  scope: Scope,
  labels: readonly string[],
): Outcome {
  const value = m.evaluate(m, discriminant, scope);
  const inner = newScope(m, scope);
  let start = cases.findIndex(({ test }) => {
    if (isMissing(test)) return false;
    const isIt = binary(m, "===", value, m.evaluate(m, test, inner));
    return typeof isIt === "boolean"
      ? isIt
      : fail(m, "the case depends on a traced value", "write if and else", discriminant);
  });
  if (start < 0) start = cases.findIndex(({ test }) => isMissing(test));
  if (start < 0) return normal;
  const statements = cases.slice(start).flatMap(({ consequent }) => consequent);
  return arrive(list(m, statements, inner), "break", ["", ...labels]);
}
