import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { PlainError } from "../PlainError.ts";
import { branch, branchValue } from "./branch.ts";
import { Cell, Choice } from "./Choice.ts";
import { checkFresh } from "./containers.ts";
import { standInOf, underGuards } from "./guards.ts";
import { fail, type Machine } from "./Machine.ts";
import { chooseValue } from "./merge.ts";
import type { Outcome, Truth } from "./Outcome.ts";
import { isCurrent, optionsNow, resolve } from "./resolve.ts";

/**
 * Reads something of values: of each that a choice is between, put together.
 *
 * A choice that has a stand-in is read there, so this is for what does not ask which value it is, and changes none.
 */
export function read<Values extends readonly unknown[]>(
  m: Machine,
  values: Values,
  f: (...values: Values) => unknown,
): unknown {
  return look(m, values.map((x) => standInOf(m, x)) as never, f);
}

/** The same for what asks which value it is. */
export function look<Values extends readonly unknown[]>(
  m: Machine,
  values: Values,
  f: (...values: Values) => unknown,
): unknown {
  const i = values.findIndex((x) => x instanceof Choice);
  if (i < 0) return f(...values);
  return ofEach(m, values[i] as Choice, (x) => look(m, values.with(i, x) as never, f));
}

/** Does something with values that may change them or anything else: with each, as branches of a condition. */
export function perform<Values extends readonly unknown[]>(
  m: Machine,
  values: Values,
  f: (...values: Values) => unknown,
): unknown {
  const i = values.findIndex((x) => x instanceof Choice);
  if (i < 0) return f(...values);
  return inEach(
    m,
    values[i] as Choice,
    (x) => perform(m, values.with(i, x) as never, f),
    (guard, onTrue, onFalse) => branchValue(m, guard, onTrue, onFalse),
  );
}

/** Runs a statement for each value that one is between. */
export function runEach(m: Machine, value: unknown, run: (value: unknown) => Outcome): Outcome {
  if (!(value instanceof Choice)) return run(value);
  return inEach(m, value, run, (guard, onTrue, onFalse) => branch(m, guard, onTrue, onFalse));
}

/**
 * How many elements something has. Where that depends on what was chosen, the number stays known for each of the values
 * there are to choose from, so that a loop over the elements ends.
 */
export function lengthOf(m: Machine, x: unknown, of: (x: unknown) => unknown): unknown {
  if (!(x instanceof Choice) || isCurrent(m, x)) return of(standInOf(m, x));
  const options = optionsNow(m, x).map(({ guard, value }) => ({
    guard,
    value: of(resolve(m, value)),
  }));
  const length = look(m, [x], of);
  if (isTensor(length) && options.every(({ value }) => typeof value === "number"))
    m.lengths.set(length, options);
  return length;
}

function ofEach(m: Machine, choice: Choice, f: (x: unknown) => unknown): unknown {
  const { tape } = m;
  const begin = tape.length;
  let isDear = false;
  const g = (x: unknown): unknown => {
    const place = tape.length;
    const result = f(x);
    isDear ||= isTensor(result) && tape.areCostly(tape.needed([result], place));
    return result;
  };
  // What was there before is chosen between as it is.
  const put = (when: Truth, a: unknown, b: unknown): unknown =>
    chooseValue(m, when, a, b, isDear ? begin : tape.length);
  if (choice.isTree) {
    return alongTree(m, choice, g, (when, onTrue, onFalse) => {
      const a = tape.facts.within(when, true, onTrue);
      return put(when, a, tape.facts.within(when, false, onFalse));
    });
  }
  const options = optionsNow(m, choice);
  const results = underGuards(m, options, (value) =>
    orRefuse(m, choice, options.length === 1, () => g(resolve(m, value))),
  );
  return results.reduceRight((rest, result, i) => put(options[i]!.guard(), result, rest));
}

function inEach<T>(
  m: Machine,
  choice: Choice,
  f: (x: unknown) => T,
  choose: (guard: Truth, onTrue: () => T, onFalse: () => T) => T,
): T {
  if (choice.isTree) return alongTree(m, choice, f, choose);
  const options = optionsNow(m, choice);
  const from = (i: number): T => {
    const { value, guard } = options[i]!;
    const run = (): T => orRefuse(m, choice, options.length === 1, () => f(resolve(m, value)));
    return i === options.length - 1 ? run() : choose(guard(), run, () => from(i + 1));
  };
  return from(0);
}

/** The same where no value is on both sides of a condition: by one condition after the other, without guards. */
function alongTree<T>(
  m: Machine,
  choice: Choice,
  f: (x: unknown) => T,
  choose: (when: Tensor, onTrue: () => T, onFalse: () => T) => T,
): T {
  const { facts } = m.tape;
  // What is known may be known of a value alone: that it is not nothing.
  const possible = new Set(
    facts.path.length === 0
      ? choice.options.map(({ value }) => value)
      : optionsNow(m, choice).map(({ value }) => value),
  );
  const isPossible = (x: unknown): boolean =>
    x instanceof Choice ? x.sides.some(isPossible) : possible.has(x);
  const at = (x: unknown, isCertain: boolean): T => {
    if (!(x instanceof Choice)) {
      if (x instanceof Cell) checkFresh(m, x);
      return orRefuse(m, choice, isCertain, () => f(resolve(m, x)));
    }
    const [onTrue, onFalse] = x.sides;
    const is = facts.get(x.when) ?? (isPossible(onTrue) ? undefined : false);
    if (is === undefined && !isPossible(onFalse)) return at(onTrue, isCertain);
    return is === undefined
      ? choose(
          x.when,
          () => at(onTrue, false),
          () => at(onFalse, false),
        )
      : at(is ? onTrue : onFalse, isCertain);
  };
  return at(choice, true);
}

/** What would be a mistake with one of the values may never come to pass. */
function orRefuse<T>(m: Machine, choice: Choice, isCertain: boolean, f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (!(error instanceof PlainError) || !error.isMistake || isCertain) throw error;
    return fail(m, choice.what(), "give it a number on both sides of the condition");
  }
}
