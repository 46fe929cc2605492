import { isTensor } from "@diffrax-ts/pytree";
import { PlainError } from "../PlainError.ts";
import { branch, branchValue } from "./branch.ts";
import { Cell, Choice, type Option } from "./Choice.ts";
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
  const options = optionsNow(m, choice);
  for (const { value } of options) if (value instanceof Cell) checkFresh(m, value);
  const place = m.tape.length;
  const results = underGuards(m, options, (value) =>
    orRefuse(m, choice, options, () => f(resolve(m, value))),
  );
  return results.reduceRight((rest, result, i) =>
    chooseValue(m, options[i]!.guard(), result, rest, place),
  );
}

function inEach<T>(
  m: Machine,
  choice: Choice,
  f: (x: unknown) => T,
  choose: (guard: Truth, onTrue: () => T, onFalse: () => T) => T,
): T {
  const options = optionsNow(m, choice);
  const from = (i: number): T => {
    const { value, guard } = options[i]!;
    const run = (): T => orRefuse(m, choice, options, () => f(resolve(m, value)));
    return i === options.length - 1 ? run() : choose(guard(), run, () => from(i + 1));
  };
  return from(0);
}

/** What would be a mistake with one of the values may never come to pass. */
function orRefuse<T>(m: Machine, choice: Choice, options: readonly Option[], f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (!(error instanceof PlainError) || !error.isMistake || options.length === 1) throw error;
    return fail(m, choice.what(), "give it a number on both sides of the condition");
  }
}
