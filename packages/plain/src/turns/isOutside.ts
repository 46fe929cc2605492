import type { Machine } from "../machine/Machine.ts";
import type { Level } from "./Level.ts";
import { NotAlike } from "./NotAlike.ts";

/** Whether something was not made in the body of a loop that is read at once. */
export function isOutside(m: Machine, level: Level, target: object): boolean {
  let region = m.made.get(target)?.birth ?? null;
  while (region !== null && region.parent !== null) region = region.parent;
  return !(region === level.region || isWithin(m, level, region));
}

/** A body within the body. */
function isWithin(m: Machine, level: Level, region: object | null): boolean {
  for (let inner = m.level; inner !== null && inner !== level; inner = inner.parent)
    if (inner.region === region) return true;
  return false;
}

/** What turns do to what is outside is done in each of them. @throws NotAlike where a condition says in which. */
export function refuseInBranch(m: Machine): void {
  if (m.tape.region.depth > 0) throw new NotAlike();
}
