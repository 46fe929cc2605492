import type { Machine } from "../machine/Machine.ts";
import { newScope } from "../machine/Scope.ts";
import { giveTo } from "../machine/variables.ts";
import { elementOf } from "../values/elements.ts";
import { settled } from "../values/numbers.ts";
import { storageOf, TypedList } from "../values/TypedList.ts";
import { isOutside, refuseInBranch } from "./isOutside.ts";
import { heldAt, placesIn } from "./heldAt.ts";
import { NotAlike } from "./NotAlike.ts";
import { Carried } from "./Carried.ts";
import { type PerTurn } from "./PerTurn.ts";

/** `list[place] = value`, where the place is another one in each turn. */
export function setInTurns(m: Machine, list: unknown, place: PerTurn, value: unknown): void {
  const target = storageOf(list);
  const { level } = m;
  if (!Array.isArray(target) || !m.made.has(target) || m.frozen.has(target)) throw new NotAlike();
  if (level === null || !isOutside(m, level, target)) throw new NotAlike();
  const isPlace = (k: unknown): boolean =>
    Number.isInteger(k) &&
    (k as number) >= 0 &&
    (Array.isArray(list) || (k as number) < (list as TypedList).length);
  if (!place.values.every(isPlace)) throw new NotAlike();
  const element = list instanceof TypedList ? elementOf(m, list.type, value) : value;
  if (place.level === level) {
    refuseInBranch(m);
    const places = placesIn(list, place.values as readonly number[]);
    level.noteWrite({ list: target, places, value: element });
    return;
  }
  // The same place in all turns.
  const held = heldAt(m, list, place);
  if (held === undefined) {
    const holder = newScope(m, null, {}, [], level.parent!.region);
    throw new Carried(holder.vars, "element", { list, place });
  }
  giveTo(m, held.holder, held.key, settled(element));
}
