import type { Tensor } from "@diffrax-ts/pytree";
import { Element } from "./Element.ts";
import { arrayOfRows } from "./vectorOf.ts";

/** A list that loops have filled, which is handed on as an array where one is wanted, or as a list of its numbers. */
export class Rows {
  readonly #items: readonly unknown[];

  /** @param items - Numbers, elements of vectors, and lists of these. */
  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  /** `undefined` if its rows have different lengths, or its elements different dtypes. */
  get array(): Tensor | undefined {
    return arrayOfRows(this.#items);
  }

  get list(): readonly unknown[] {
    return listOf(this.#items);
  }
}

function listOf(items: readonly unknown[]): readonly unknown[] {
  return items.map((x) => {
    if (x instanceof Element) return x.scalar;
    return Array.isArray(x) ? listOf(x) : x;
  });
}

/** What was handed on, with lists in the place of `Rows`. */
export function withLists(x: unknown): unknown {
  if (x instanceof Rows) return x.list;
  if (Array.isArray(x)) return x.map(withLists);
  if (typeof x !== "object" || x === null || Object.getPrototypeOf(x) !== Object.prototype)
    return x;
  return Object.fromEntries(Object.entries(x).map(([key, child]) => [key, withLists(child)]));
}
