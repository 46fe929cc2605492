import type { Machine } from "../machine/Machine.ts";
import { elementOf } from "../values/elements.ts";
import { TypedList } from "../values/TypedList.ts";
import { isOutside, refuseInBranch } from "./isOutside.ts";
import { placesIn } from "./laneElement.ts";
import { NotAlike } from "./NotAlike.ts";
import { type PerTurn } from "./PerTurn.ts";

/** `list[place] = value`, where the place is another one in each turn. */
export function setInTurns(m: Machine, list: unknown, place: PerTurn, value: unknown): void {
  const target = list instanceof TypedList ? list.storage : list;
  const { level } = m;
  if (!Array.isArray(target) || !m.made.has(target) || m.frozen.has(target)) throw new NotAlike();
  if (level === null || place.level !== level || !isOutside(m, level, target)) throw new NotAlike();
  refuseInBranch(m);
  const isPlace = (k: unknown): boolean =>
    Number.isInteger(k) &&
    (k as number) >= 0 &&
    (Array.isArray(list) || (k as number) < (list as TypedList).length);
  if (!place.values.every(isPlace)) throw new NotAlike();
  const places = placesIn(list, place.values as readonly number[]);
  const element = list instanceof TypedList ? elementOf(m, list.type, value) : value;
  level.noteWrite({ list: target, places, value: element });
}
