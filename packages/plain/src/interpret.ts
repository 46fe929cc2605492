import { type Recorder, traceContext, withTrace } from "@diffrax-ts/program";
import { type Callable, isTracedFunction } from "@diffrax-ts/pytree";
import { freeName } from "./freeName.ts";
import { Choice } from "./machine/Choice.ts";
import { standInOf } from "./machine/guards.ts";
import { perform } from "./machine/lift.ts";
import { fail, type Machine, mistake } from "./machine/Machine.ts";
import { newScope } from "./machine/Scope.ts";
import { Tape } from "./machine/Tape.ts";
import { originOf } from "./marks.ts";
import { PlainError } from "./PlainError.ts";
import { isStackOverflow } from "./isStackOverflow.ts";
import { parseFunction } from "./parse/parseFunction.ts";
import type { Unit } from "./parse/Unit.ts";
import { evaluate } from "./syntax/expressions.ts";
import { makeFunction } from "./syntax/makeFunction.ts";
import { runFunction } from "./syntax/runFunction.ts";
import { builtinOf, isLog, keepsValues } from "./values/globals.ts";
import { describe, settled } from "./values/numbers.ts";
import { outward, returned } from "./values/outward.ts";
import { builtinInTurns } from "./turns/builtinInTurns.ts";
import { NotAlike } from "./turns/NotAlike.ts";
import { PerTurn } from "./turns/PerTurn.ts";

/**
 * Runs a function on traced values, by its syntax tree; lists that loops have filled are `Rows` in its result.
 *
 * @param captures - The values of names from outside.
 */
export function interpret(
  unit: Unit,
  captures: Readonly<Record<string, unknown>>,
  args: readonly unknown[],
): unknown {
  const { current } = traceContext();
  const tape = new Tape(current ?? nowhere);
  const m: Machine = {
    tape,
    outermost: tape,
    level: null,
    isTraced: current !== null,
    made: new Map(),
    frozen: new Set(),
    functions: new Set(),
    mixed: new Set(),
    literals: new Set(),
    selections: new Map(),
    lengths: new Map(),
    clock: 0,
    writes: 0,
    turns: 0,
    depth: 0,
    unit,
    at: unit.node,
    evaluate: (node, scope) => evaluate(m, node, scope),
    call: (f, args) => call(m, f, args),
    run: (...of) => runFunction(m, ...of),
  };
  const root = newScope(m, null, captures);
  const run = (): unknown => {
    try {
      const result = makeFunction(m, unit.node, root)(...args);
      m.at = unit.node;
      return returned(m, result);
    } catch (error) {
      // In a branch that may never be taken it is no mistake yet.
      if (error instanceof PlainError && error.isMistake && m.tape.region.depth > 0)
        throw new PlainError(error.sentence, error.excerpt);
      if (!isStackOverflow(error)) throw error;
      return fail(
        m,
        "this is nested too deeply",
        "a recursion or a loop must end by a condition that is known",
      );
    }
  };
  return current === null ? run() : withTrace(tape, run);
}

/** Without a trace all values are known, and nothing is recorded. */
const nowhere: Recorder = {
  closed: true,
  record: () => [],
};

function call(m: Machine, f: unknown, args: readonly unknown[]): unknown {
  if (f instanceof Choice) return perform(m, [f], (g) => call(m, g, args));
  if (typeof f !== "function")
    return mistake(
      m,
      `a function was expected, and this is ${describe(f)}`,
      "look for a misspelt name",
    );
  const callable = f as Callable & ((...args: readonly unknown[]) => unknown);
  if (m.functions.has(callable)) return callable(...args);
  const builtin = builtinOf(callable);
  if (builtin !== undefined) {
    if (m.level !== null && (args.some((x) => x instanceof PerTurn) || isLog(callable)))
      return builtinInTurns(m, callable, builtin, args);
    return keepsValues(callable, args)
      ? builtin(m, args)
      : perform(
          m,
          args.map((x) => standInOf(m, x)),
          (...known) => builtin(m, known),
        );
  }
  const origin = originOf(callable);
  if (origin === callable && isTracedFunction(callable) && m.level !== null) throw new NotAlike();
  if (origin === callable && isTracedFunction(callable))
    return settled(callable(...args.map((arg) => outward(m, arg))));
  const unit = parseFunction(origin);
  const [missing] = unit.free;
  if (missing !== undefined) {
    const [what, wayOut] = freeName(missing.name, unit.name);
    fail(m, `this calls ${unit.name || "a function"}, in which ${what}`, wayOut);
  }
  const name = unit.node.id?.name;
  const known = name === undefined ? {} : { [name]: callable };
  return runFunction(m, unit, unit.node, newScope(m, null, known), args);
}
