import type { Chosen } from "./Chosen.ts";
import type { TypedList } from "./TypedList.ts";

/**
 * What `keys`, `values` and `entries` of an array give: it is gone through once, element by element.
 *
 * As in JavaScript it looks at the array at each turn, which may have been changed by then.
 */
export class Iteration {
  readonly list: readonly unknown[] | TypedList | Chosen;
  readonly gives: "keys" | "values" | "entries";
  isUsed = false;

  constructor(list: readonly unknown[] | TypedList | Chosen, gives: Iteration["gives"]) {
    this.list = list;
    this.gives = gives;
  }

  get length(): number {
    return this.list.length;
  }
}
