import { sameList } from "@diffrax-ts/program";
import type { Machine } from "../machine/Machine.ts";
import { storageOf, TypedList } from "../values/TypedList.ts";
import { NotAlike } from "./NotAlike.ts";
import type { Carried } from "./Carried.ts";
import type { PerTurn } from "./PerTurn.ts";

/**
 * Where an element is held that a loop hands from turn to turn, at a place that differs in the turns of a loop round it.
 *
 * @throws NotAlike if it may be another element of the same array.
 */
export function heldAt(m: Machine, list: unknown, place: PerTurn): Carried | undefined {
  for (let { level } = m; level !== null && level !== place.level; level = level.parent)
    for (const { carried } of level.carries) {
      const { element } = carried;
      if (element === undefined || storageOf(element.list) !== storageOf(list)) continue;
      const at = element.place as PerTurn;
      const [a, b] = [placesOf(element.list, at), placesOf(list, place)];
      if (at.level !== place.level || !sameList(a, b)) throw new NotAlike();
      return carried;
    }
  return undefined;
}

function placesOf(list: unknown, { values }: PerTurn): readonly number[] {
  return placesIn(list, values as readonly number[]);
}

/** The places in what holds the elements of a list. */
export function placesIn(list: unknown, places: readonly number[]): readonly number[] {
  return list instanceof TypedList ? places.map((k) => k + list.offset) : places;
}
