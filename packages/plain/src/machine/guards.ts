import { chooseTruth, logicalNot, logicalOr } from "../values/truth.ts";
import { Choice, type Option } from "./Choice.ts";
import type { Machine } from "./Machine.ts";
import type { Truth } from "./Outcome.ts";
import { Element } from "../turns/Element.ts";
import { isCurrent, optionsNow, resolve } from "./resolve.ts";

/** Whether something holds for a value. */
export function truthOfEach(m: Machine, x: unknown, f: (x: unknown) => Truth): Truth {
  return x instanceof Choice
    ? truthUnderGuards(m, optionsNow(m, x), (value) => f(resolve(m, value)))
    : f(x);
}

/** Whether something holds for the option whose guard holds. */
export function truthUnderGuards(
  m: Machine,
  options: readonly Option[],
  f: (value: unknown) => Truth,
): Truth {
  // What is known of each needs no guard to be seen.
  const sure = options.map(({ value }) => f(value));
  const areSure = sure.every((truth) => typeof truth === "boolean");
  const truths = areSure ? sure : underGuards(m, options, f);
  if (truths.every((truth) => typeof truth === "boolean")) {
    // By the guards alone: where it is one of those for which it holds, or none of those for which it does not.
    const [holds, fails] = [true, false].map((is) =>
      options.filter((_, i) => truths[i] === is).map(({ guard }) => guard()),
    ) as [Truth[], Truth[]];
    if (fails.length === 0) return true;
    return holds.length <= fails.length ? any(holds) : logicalNot(any(fails));
  }
  return truths.reduceRight((rest, truth, i) => {
    const guard = options[i]!.guard();
    return typeof guard === "boolean" ? (guard ? truth : rest) : chooseTruth(guard, truth, rest);
  });
}

function any(truths: readonly Truth[]): Truth {
  return truths.reduce((a, b) => logicalOr(a, b), false);
}

/** What a choice is read in, if none of what it is between was changed since it was made; any other value as it is. */
export function standInOf(m: Machine, x: unknown): unknown {
  if (x instanceof Element) return x.scalar;
  if (!(x instanceof Choice) || !isCurrent(m, x)) return x;
  x.isRead = true;
  return x.standIn;
}

/** Of more values than this it is not noted, while one is looked at, that it is none of the others. */
const mostNoted = 16;

/** `f` of each value, where it is that one. */
export function underGuards<T>(
  m: Machine,
  options: readonly Option[],
  f: (value: unknown) => T,
): readonly T[] {
  const { facts } = m.tape;
  if (options.length > mostNoted) return options.map(({ value }) => f(value));
  const from = (i: number): readonly T[] => {
    if (i === options.length) return [];
    const { value, guard } = options[i]!;
    const when = guard();
    if (i === options.length - 1 || typeof when === "boolean") return [f(value), ...from(i + 1)];
    const first = facts.within(when, true, () => f(value));
    return [first, ...facts.within(when, false, () => from(i + 1))];
  };
  return from(0);
}
