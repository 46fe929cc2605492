import type { Tensor } from "@diffrax-ts/pytree";
import { chooseTruth, logicalAnd, logicalNot, logicalOr } from "../values/truth.ts";
import { copyOf, fail, type Fork, type Machine, refill, touch } from "./Machine.ts";
import { haveSameKeys, Merger } from "./Merger.ts";
import { type Exit, normal, type Outcome, type Truth } from "./Outcome.ts";
import type { Unsettled } from "./Unsettled.ts";

/** How a branch ended, and what it wrote to. */
interface Side {
  readonly outcome: Outcome;
  readonly written: ReadonlyMap<object, object>;
}

/**
 * Reads one of two branches, or both if the condition is not known: then each variable, element and property
 * that one of them wrote to is put together from both, and so is what they return.
 *
 * @param from - The place on the tape before which nothing was computed that only one of them needs.
 */
export function branch(
  m: Machine,
  when: Truth,
  onTrue: () => Outcome,
  onFalse: () => Outcome,
  from: number = m.tape.length,
): Outcome {
  const is = typeof when === "boolean" ? when : m.tape.facts.get(when);
  if (is !== undefined) return is ? onTrue() : onFalse();
  return both(m, when as Tensor, onTrue, onFalse, from, false);
}

/** @param isTaken - Where the condition holds, one of the exits of the first branch is taken for certain. */
function both(
  m: Machine,
  when: Tensor,
  onTrue: () => Outcome,
  onFalse: () => Outcome,
  from: number,
  isTaken: boolean,
): Outcome {
  const a = side(m, when, true, onTrue);
  const b = side(m, when, false, onFalse);
  const merger = newMerger(m, when, from);
  const merged: [object, () => object][] = [];
  for (const target of new Set([...a.written.keys(), ...b.written.keys()])) {
    const [x, y] = [
      a.written.get(target) ?? copyOf(target),
      b.written.get(target) ?? copyOf(target),
    ];
    if (Object.getPrototypeOf(target) !== null && !haveSameKeys(x, y)) {
      fail(
        m,
        "an array or object would have other elements depending on a traced value",
        "give it all its elements first, and change their values",
      );
    }
    merged.push([target, merger.contents(x, y)]);
  }
  const exits = mergeOutcomes(merger, { when, a: a.outcome, b: b.outcome, from, isTaken });
  merger.settle();
  for (const [target, contents] of merged) {
    touch(m, target);
    refill(target, contents());
  }
  return exits();
}

/** The value of one of two expressions, or of both put together. */
export function branchValue(
  m: Machine,
  when: Truth,
  onTrue: () => unknown,
  onFalse: () => unknown,
): unknown {
  const leave = (value: unknown): Outcome => [
    { kind: "return", label: "", when: true, value, from: 0 },
  ];
  return branch(
    m,
    when,
    () => leave(onTrue()),
    () => leave(onFalse()),
  )[0]!.value;
}

/** `f` of each of the two values that one is, put together. */
export function lift(m: Machine, x: Unsettled, f: (x: unknown) => unknown): unknown {
  const { when, onTrue, onFalse } = m.choices.get(x)!;
  return branchValue(
    m,
    when,
    () => f(onTrue),
    () => f(onFalse),
  );
}

/** Puts two values together, of which the condition chooses one. */
export function chooseValue(
  m: Machine,
  when: Truth,
  a: unknown,
  b: unknown,
  from: number,
): unknown {
  if (typeof when === "boolean") return when ? a : b;
  const merger = newMerger(m, when, from);
  const value = merger.merge(a, b);
  merger.settle();
  return value();
}

function newMerger(m: Machine, when: Tensor, from: number): Merger {
  return new Merger(m, when, from, (f, g, args) =>
    branchValue(
      m,
      when,
      () => m.call(m, f, args),
      () => m.call(m, g, args),
    ),
  );
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

interface Outcomes {
  readonly when: Tensor;
  readonly a: Outcome;
  readonly b: Outcome;
  readonly from: number;
  readonly isTaken: boolean;
}

function mergeOutcomes(merger: Merger, { when, a, b, from, isTaken }: Outcomes): () => Outcome {
  const shared = a.flatMap((exit) => {
    const other = b.find((candidate) => isSameExit(exit, candidate));
    if (other === undefined) return [];
    const value = merger.merge(exit.value, other.value);
    return [
      () => ({ ...exit, when: chooseTruth(when, exit.when, other.when), value: value(), from }),
    ];
  });
  const only = (x: Outcome, y: Outcome, condition: () => Truth): Outcome =>
    x
      .filter((exit) => !y.some((other) => isSameExit(exit, other)))
      .map(({ kind, label, when, value }) => {
        return { kind, label, when: logicalAnd(condition(), when), value, from };
      });
  return () => [
    ...shared.map((make) => make()),
    ...only(a, b, () => isTaken || when),
    ...only(b, a, () => logicalNot(when)),
  ];
}

function isSameExit(a: Exit, b: Exit): boolean {
  return a.kind === b.kind && a.label === b.label;
}

/** When a statement was left early. */
function leftWhen(outcome: Outcome): Truth {
  return outcome.reduce<Truth>((any, { when }) => logicalOr(any, when), false);
}

/** What comes after a statement, where the statement ran through. */
export function andThen(m: Machine, outcome: Outcome, rest: () => Outcome): Outcome {
  if (outcome.length === 0) return rest();
  const left = leftWhen(outcome);
  const is = typeof left === "boolean" ? left : m.tape.facts.get(left);
  if (is !== undefined) return is ? outcome : rest();
  return both(
    m,
    left as Tensor,
    () => outcome,
    rest,
    Math.min(...outcome.map(({ from }) => from)),
    true,
  );
}

/** What remains when the exits of this kind have arrived where they lead. */
export function arrive(outcome: Outcome, kind: Exit["kind"], labels: readonly string[]): Outcome {
  return outcome.length === 0
    ? normal
    : outcome.filter((exit) => exit.kind !== kind || !labels.includes(exit.label));
}
