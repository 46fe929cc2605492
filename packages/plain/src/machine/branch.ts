import type { Tensor } from "@diffrax-ts/pytree";
import { chooseTruth, logicalOr } from "../values/truth.ts";
import { checkFresh, copyOf, noteChange, refill, restore, stateOf } from "./containers.ts";
import { fail, type Machine } from "./Machine.ts";
import { haveSameKeys, merge, mergeEntries } from "./merge.ts";
import { type Later, Merger } from "./Merger.ts";
import { type Exit, leave, type Outcome, type Truth } from "./Outcome.ts";
import { newRegion, type Region, type State } from "./Region.ts";

/** How a branch ended, and what it wrote to. */
interface Side {
  readonly outcome: Outcome;
  readonly written: ReadonlyMap<object, State>;
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
  const [left, right] = [side(m, when, true, onTrue), side(m, when, false, onFalse)];
  const g = new Merger(m, when, from, [left.written, right.written]);
  const targets = new Set([...left.written.keys(), ...right.written.keys()]);
  const merged = Array.from(targets, (target) => mergeWritten(g, target));
  const [a, b] = [left.outcome, right.outcome];
  const exits = [...a, ...b.filter((exit) => sameExit(a, exit) === undefined)].map((exit) => {
    const [x, y] = [sameExit(a, exit), sameExit(b, exit)];
    const value = x && y ? merge(g, x.value, y.value) : () => exit.value;
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
  g.settle();
  // First all are noted as changed: a choice between them notes how they are.
  for (const { target } of merged) {
    checkFresh(m, target);
    noteChange(m, target);
  }
  for (const { target, contents, home } of merged) {
    refill(target, contents());
    if (home !== undefined) m.made.get(target)!.home = home;
  }
  return exits.map((exit) => exit());
}

function sameExit(outcome: Outcome, { kind, label }: Exit): Exit | undefined {
  return outcome.find((exit) => exit.kind === kind && exit.label === label);
}

interface Merged {
  readonly target: object;
  readonly contents: Later<object>;
  /** The branch that the contents are from, if only one counts. */
  readonly home?: Region | undefined;
}

/** What something is that was written to in one of the branches, or in both. */
function mergeWritten(g: Merger, target: object): Merged {
  const { m, sides } = g;
  const [x, y] = sides.map(({ written }) => written?.get(target)?.contents ?? copyOf(target)) as [
    object,
    object,
  ];
  const is = whereMade(m, target, g.when);
  if (is !== undefined) {
    const { written, region } = sides[is ? 0 : 1];
    const home = written?.has(target) === true ? region : undefined;
    return { target, contents: () => (is ? x : y), home };
  }
  if (Object.getPrototypeOf(target) !== null && !haveSameKeys(x, y))
    fail(
      m,
      "an array or object would have other elements depending on a traced value",
      "give it all its elements first, and change their values",
    );
  return { target, contents: mergeEntries(g, x, y) };
}

/** The value of a condition wherever something exists: it was made in a branch that is taken only there. */
function whereMade(m: Machine, target: object, when: Tensor): boolean | undefined {
  const { facts } = m.tape;
  const ask = (region: Region): boolean | undefined =>
    region.isOpen
      ? facts.get(when)
      : facts.within(region.when as Tensor, region.is, () => ask(region.parent!));
  const { birth } = m.made.get(target)!;
  return birth.isOpen ? undefined : ask(birth);
}

/** Reads a branch, and puts things back to how they were. */
function side(m: Machine, when: Tensor, is: boolean, body: () => Outcome): Side {
  const { tape } = m;
  const parent = tape.region;
  const region = newRegion(parent, when, is, tape.length);
  tape.region = region;
  const outcome = tape.facts.within(when, is, body);
  for (const target of region.saved.keys()) checkFresh(m, target);
  tape.region = parent;
  region.isOpen = false;
  const written = new Map<object, State>();
  for (const [target, before] of region.saved) {
    written.set(target, stateOf(m, target));
    restore(m, target, before);
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

/** What comes after a statement, where the statement ran through. */
export function andThen(m: Machine, outcome: Outcome, rest: () => Outcome): Outcome {
  if (outcome.length === 0) return rest();
  const left = outcome.reduce<Truth>((any, { when }) => logicalOr(any, when), false);
  const is = knownTruth(m, left);
  if (is !== undefined) return is ? outcome : rest();
  const from = outcome.reduce((least, exit) => Math.min(least, exit.from), Infinity);
  return both(m, left as Tensor, () => outcome, rest, from, true);
}

/** What remains when the exits of this kind have arrived where they lead. */
export function arrive(outcome: Outcome, kind: Exit["kind"], labels: readonly string[]): Outcome {
  return outcome.filter((exit) => exit.kind !== kind || !labels.includes(exit.label));
}
