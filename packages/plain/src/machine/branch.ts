import type { Tensor } from "@diffrax-ts/pytree";
import { chooseTruth, logicalOr } from "../values/truth.ts";
import { copyOf, fail, type Fork, type Machine, refill, touch } from "./Machine.ts";
import { haveSameKeys, mergerOf } from "./mergerOf.ts";
import { type Exit, leave, type Outcome, type Truth } from "./Outcome.ts";

/** How a branch ended, and what it wrote to. */
interface Side {
  readonly outcome: Outcome;
  readonly written: ReadonlyMap<object, object>;
}

/**
 * Reads one of two branches, or both if the condition is not known: then each variable, element and property
 * that one of them wrote to is put together from both, and so is what they return.
 */
export function branch(
  m: Machine,
  when: Truth,
  onTrue: () => Outcome,
  onFalse: () => Outcome,
): Outcome {
  const is = knownTruth(m, when);
  if (is !== undefined) return is ? onTrue() : onFalse();
  return both(m, when as Tensor, onTrue, onFalse, m.tape.length, false);
}

function knownTruth(m: Machine, when: Truth): boolean | undefined {
  return typeof when === "boolean" ? when : m.tape.facts.get(when);
}

/**
 * @param from - The place on the tape before which nothing was computed that only one of them needs.
 * @param isTaken - Where the condition holds, one of the exits of the first branch is taken for certain.
 */
function both(
  m: Machine,
  when: Tensor,
  onTrue: () => Outcome,
  onFalse: () => Outcome,
  from: number,
  isTaken: boolean,
): Outcome {
  const sides = [side(m, when, true, onTrue), side(m, when, false, onFalse)];
  const { merge, contents, settle } = mergerOf(m, when, from);
  const targets = new Set(sides.flatMap(({ written }) => [...written.keys()]));
  const merged = Array.from(targets, (target) => {
    const [x, y] = sides.map(({ written }) => written.get(target) ?? copyOf(target)) as [
      object,
      object,
    ];
    if (Object.getPrototypeOf(target) !== null && !haveSameKeys(x, y))
      fail(
        m,
        "an array or object would have other elements depending on a traced value",
        "give it all its elements first, and change their values",
      );
    return [target, contents(x, y)] as const;
  });
  const [a, b] = sides.map(({ outcome }) => outcome) as [Outcome, Outcome];
  const exits = [...a, ...b.filter((exit) => sameExit(a, exit) === undefined)].map((exit) => {
    const [x, y] = [sameExit(a, exit), sameExit(b, exit)];
    const value = x && y ? merge(x.value, y.value) : () => exit.value;
    return (): Exit => ({
      ...exit,
      when:
        isTaken && y === undefined
          ? exit.when
          : chooseTruth(when, x?.when ?? false, y?.when ?? false),
      value: value(),
      from,
    });
  });
  settle();
  for (const [target, values] of merged) {
    touch(m, target);
    refill(target, values());
  }
  return exits.map((exit) => exit());
}

function sameExit(outcome: Outcome, { kind, label }: Exit): Exit | undefined {
  return outcome.find((exit) => exit.kind === kind && exit.label === label);
}

/** Reads a branch, and puts things back to how they were. */
function side(m: Machine, when: Tensor, is: boolean, body: () => Outcome): Side {
  const fork: Fork = { start: m.clock++, saved: new Map() };
  m.forks.push(fork);
  const outcome = m.tape.facts.within(when, is, body);
  m.forks.pop();
  const written = new Map<object, object>();
  for (const [target, before] of fork.saved) {
    written.set(target, copyOf(target));
    refill(target, before);
  }
  return { outcome, written };
}

/** The value of one of two expressions, or of both put together. */
export function branchValue(
  m: Machine,
  when: Truth,
  onTrue: () => unknown,
  onFalse: () => unknown,
): unknown {
  return branch(
    m,
    when,
    () => leave("return", 0, "", onTrue()),
    () => leave("return", 0, "", onFalse()),
  )[0]!.value;
}

/** `f` of each of the two values that one is, put together. */
export function lift(m: Machine, x: object, f: (x: unknown) => unknown): unknown {
  const { when, side } = m.choices.get(x)!;
  const [a, b] = [side(true), side(false)];
  return branchValue(
    m,
    when,
    () => f(a),
    () => f(b),
  );
}

/** What comes after a statement, where the statement ran through. */
export function andThen(m: Machine, outcome: Outcome, rest: () => Outcome): Outcome {
  if (outcome.length === 0) return rest();
  const left = outcome.reduce<Truth>((any, { when }) => logicalOr(any, when), false);
  const is = knownTruth(m, left);
  if (is !== undefined) return is ? outcome : rest();
  const from = Math.min(...outcome.map((exit) => exit.from));
  return both(m, left as Tensor, () => outcome, rest, from, true);
}

/** What remains when the exits of this kind have arrived where they lead. */
export function arrive(outcome: Outcome, kind: Exit["kind"], labels: readonly string[]): Outcome {
  return outcome.filter((exit) => exit.kind !== kind || !labels.includes(exit.label));
}
