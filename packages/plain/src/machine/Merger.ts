import { cond } from "@diffrax-ts/autodiff";
import { where } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { settled } from "../values/numbers.ts";
import type { Machine } from "./Machine.ts";
import { newRegion, type Region, type State } from "./Region.ts";
import type { View } from "./resolve.ts";

/** A value that can be asked for when everything has been chosen. */
export type Later<T = unknown> = () => T;

/** How one of the two branches left things. */
export interface MergedSide extends View {
  readonly region: Region;
}

/**
 * Puts the results of two branches together.
 *
 * What differs is noted first and chosen all at once: by `select`, where both sides are cheap; else by a `cond`,
 * inside which the operations of each branch are recorded again, so that only one is computed and differentiated.
 */
export class Merger {
  readonly m: Machine;
  readonly when: Tensor;
  /** The place on the tape before which nothing was computed that only one of the branches needs. */
  readonly from: number;
  readonly sides: readonly [MergedSide, MergedSide];
  /** References that were chosen between: the same two are one choice. */
  readonly pairs: Map<unknown, Map<unknown, Later>> = new Map();
  readonly #onTrue: Tensor[] = [];
  readonly #onFalse: Tensor[] = [];
  #chosen: readonly Tensor[] = [];

  constructor(
    m: Machine,
    when: Tensor,
    from: number,
    written: readonly [ReadonlyMap<object, State>, ReadonlyMap<object, State>] | null = null,
  ) {
    this.m = m;
    this.when = when;
    this.from = from;
    const side = (is: boolean): MergedSide => {
      const region = { ...newRegion(m.tape.region, when, is, from), isOpen: false };
      const ofSide = written?.[is ? 0 : 1] ?? null;
      const isOther = Array.from(ofSide?.keys() ?? []).some((x) => m.made.get(x)!.isChosen);
      return { since: from, region, written: ofSide, isOther };
    };
    this.sides = [side(true), side(false)];
  }

  /** Notes two tensors of one type. */
  leaf(a: Tensor, b: Tensor): Later {
    const place = this.#onTrue.push(a) - 1;
    this.#onFalse.push(b);
    return () => settled(this.#chosen[place]);
  }

  /** Chooses; afterwards the values can be asked for. */
  settle(): void {
    const { m, when, from } = this;
    const [onTrue, onFalse] = [this.#onTrue, this.#onFalse];
    if (onTrue.length === 0) return;
    const [needA, needB] = [m.tape.needed(onTrue, from), m.tape.needed(onFalse, from)];
    this.#chosen =
      m.tape.areCostly(needA) || m.tape.areCostly(needB)
        ? cond(
            when,
            () => m.tape.replay(needA, onTrue),
            () => m.tape.replay(needB, onFalse),
          )
        : onTrue.map((x, i) => where(when, x, onFalse[i]!));
  }
}
