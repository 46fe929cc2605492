import { Choice } from "../machine/Choice.ts";
import { standInOf } from "../machine/guards.ts";
import type { Machine } from "../machine/Machine.ts";
import { optionsNow } from "../machine/resolve.ts";
import { isArrayLike } from "./isArrayLike.ts";
import { elementTypeOf } from "./TypedList.ts";

/** A choice between arrays of one kind and length: it is gone through as one, and looked at anew for each element. */
export class Chosen {
  readonly choice: Choice;
  /** One of them. */
  readonly like: ArrayLike<unknown>;
  readonly length: number;

  constructor(choice: Choice, like: ArrayLike<unknown>) {
    this.choice = choice;
    this.like = like;
    this.length = like.length;
  }
}

/** The elements of a choice, if it is between arrays of one kind and length. */
export function chosenList(m: Machine, choice: Choice): Chosen | undefined {
  const like = standInOf(m, choice);
  const lists = like instanceof Choice ? optionsNow(m, choice).map(({ value }) => value) : [like];
  const [first] = lists;
  if (!lists.every(isArrayLike) || !isArrayLike(first)) return undefined;
  const isOne = lists.every(
    (list) =>
      list.length === first.length &&
      elementTypeOf(list) === elementTypeOf(first) &&
      Array.from(list, (_, i) => isHole(list, i) === isHole(first, i)).every(Boolean),
  );
  return isOne ? new Chosen(choice, first) : undefined;
}

/** Whether an array has nothing in a place. */
export function isHole(list: unknown, i: number): boolean {
  const like = list instanceof Chosen ? list.like : list;
  return Array.isArray(like) && !(i in like);
}

/** What functions of the user are given for a list: the choice itself. */
export function asGiven(list: unknown): unknown {
  return list instanceof Chosen ? list.choice : list;
}

/** What methods of arrays are called of. */
export type Listed = ArrayLike<unknown> | Chosen;
