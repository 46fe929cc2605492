import { traceContext } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { chooseTruth, logicalAnd, logicalNot } from "../values/truth.ts";
import type { Truth } from "./Outcome.ts";

/** One of the values that a choice is between, and where it is that one. At most one guard holds. */
export interface Option {
  readonly guard: () => Truth;
  readonly value: unknown;
}

/** A number or truth value that was computed in a branch, as something that was made there. */
export class Cell {
  value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * A reference that a condition chose: to one array, object or function or another, or to a number or to nothing.
 *
 * It is never a copy. What is done with it is done with each of the values it is between, under the guard of that
 * value: see `lift.ts`. Its stand-in is what reading it gives as long as none of them has been changed.
 */
export class Choice {
  readonly when: Tensor;
  /** What it is where the condition holds, and where it does not; a number in a `Cell`. */
  readonly sides: readonly [onTrue: unknown, onFalse: unknown];
  /** Whether it is an array, object or function for certain. */
  readonly isReference: boolean;
  /** What was chosen, for errors. */
  readonly what: () => string;
  /** An array, object or tensor whose contents were chosen at the branch; `undefined` if there is none. */
  standIn: unknown = undefined;
  /** The stamps of the two sides when that was. */
  stamps: readonly [number, number] = [0, 0];
  /** So many times anything chosen had been changed when the stand-in was found to be current. */
  seenAt: number = -1;
  /** How many values a read has to choose between, one after the other. */
  readonly cost: number;
  /** Whether to choose between the contents of both sides now is no dearer than to choose between all values later. */
  readonly isChosenAtOnce: boolean;
  /** Whether its stand-in was read: then those values are there, whatever comes of them. */
  isRead: boolean = false;
  /** What it is between, if that is little. */
  readonly few: ReadonlySet<unknown> | null;
  /** How many values there are if those that are equal count each time. */
  readonly leaves: number;
  #options: readonly Option[] | undefined;
  #isTree: boolean | undefined;

  constructor(when: Tensor, a: unknown, b: unknown, what: () => string) {
    this.when = when;
    this.sides = [a, b];
    this.what = what;
    this.isReference = isReference(a) && isReference(b);
    this.leaves = leavesOf(a) + leavesOf(b);
    const few = new Set([...(fewOf(a) ?? []), ...(fewOf(b) ?? [])]);
    const isFew = fewOf(a) !== null && fewOf(b) !== null && few.size <= mostOfFew;
    this.few = isFew ? few : null;
    const atOnce = costOf(a) + costOf(b) + 1;
    const later = isFew ? few.size - 1 : Infinity;
    this.isChosenAtOnce = atOnce <= later;
    this.cost = Math.min(atOnce, later);
  }

  /** All that it is between. Equal values are one option: however often two names were swapped, there are two. */
  get options(): readonly Option[] {
    return (this.#options ??= this.isTree ? this.#list() : this.#join());
  }

  /** Whether no value is on both sides, here or further in: then one condition after the other leads to each. */
  get isTree(): boolean {
    return (this.#isTree ??= this.#count() === this.leaves);
  }

  #count(): number {
    const seen = new Set<unknown>([this]);
    let count = 0;
    for (const x of seen) {
      if (x instanceof Choice) for (const side of x.sides) seen.add(side);
      else count++;
    }
    return count;
  }

  #list(guard: Option["guard"] = always, options: Option[] = []): readonly Option[] {
    for (const [i, side] of this.sides.entries()) {
      const taken = once(() => logicalAnd(guard(), i === 0 ? this.when : logicalNot(this.when)));
      if (side instanceof Choice) side.#list(taken, options);
      else options.push({ value: side, guard: taken });
    }
    return options;
  }

  #join(): readonly Option[] {
    const guards = new Map<unknown, [Option["guard"], Option["guard"]]>();
    for (const [i, side] of this.sides.entries()) {
      const options = side instanceof Choice ? side.options : [{ guard: always, value: side }];
      for (const { guard, value } of options) {
        let both = guards.get(value);
        if (both === undefined) guards.set(value, (both = [never, never]));
        both[i] = guard;
      }
    }
    return Array.from(guards, ([value, [a, b]]): Option => ({
      value,
      guard: once(() => chooseTruth(this.when, a(), b())),
    }));
  }
}

/** Asks for a truth value when it is needed first; anew in the body of a loop that is read at once, and after it. */
function once(ask: () => Truth): () => Truth {
  let truth: Truth | undefined;
  let home: unknown;
  return () => {
    const { current } = traceContext();
    if (truth === undefined || (typeof truth !== "boolean" && home !== current)) {
      truth = ask();
      home = current;
    }
    return truth;
  };
}

const mostOfFew = 8;

function always(): Truth {
  return true;
}

function never(): Truth {
  return false;
}

function costOf(x: unknown): number {
  return x instanceof Choice && !x.isRead ? x.cost : 0;
}

function isReference(x: unknown): boolean {
  if (x instanceof Choice) return x.isReference;
  return typeof x === "function" || (typeof x === "object" && x !== null && !(x instanceof Cell));
}

function leavesOf(x: unknown): number {
  return x instanceof Choice ? x.leaves : 1;
}

function fewOf(x: unknown): ReadonlySet<unknown> | null {
  return x instanceof Choice ? x.few : new Set([x]);
}
