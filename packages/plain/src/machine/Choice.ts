import type { Tensor } from "@diffrax-ts/pytree";
import { chooseTruth } from "../values/truth.ts";
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
  /** What it is between, if that is little. */
  readonly few: ReadonlySet<unknown> | null;
  #options: readonly Option[] | undefined;

  constructor(when: Tensor, a: unknown, b: unknown, what: () => string) {
    this.when = when;
    this.sides = [a, b];
    this.what = what;
    const few = new Set([...(fewOf(a) ?? []), ...(fewOf(b) ?? [])]);
    const isFew = fewOf(a) !== null && fewOf(b) !== null && few.size <= mostOfFew;
    this.few = isFew ? few : null;
    this.cost = Math.min(costOf(a) + costOf(b) + 1, isFew ? few.size - 1 : Infinity);
  }

  /** Whether to choose between the contents of both sides now is no dearer than to choose between all values later. */
  get isChosenAtOnce(): boolean {
    return costOf(this.sides[0]) + costOf(this.sides[1]) + 1 === this.cost;
  }

  /** All that it is between. Equal values are one option: however often two names were swapped, there are two. */
  get options(): readonly Option[] {
    return (this.#options ??= this.#join());
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
    return Array.from(guards, ([value, [a, b]]): Option => {
      let truth: Truth | undefined;
      return { value, guard: () => (truth ??= chooseTruth(this.when, a(), b())) };
    });
  }
}

const mostOfFew = 8;

function always(): Truth {
  return true;
}

function never(): Truth {
  return false;
}

function costOf(x: unknown): number {
  return x instanceof Choice ? x.cost : 0;
}

function fewOf(x: unknown): ReadonlySet<unknown> | null {
  return x instanceof Choice ? x.few : new Set([x]);
}
