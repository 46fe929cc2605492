import { sameNature, type Structure } from "./Structure.ts";

/**
 * Whether two trees with these structures have the same containers, keys and static values.
 *
 * The order in which a record's keys were written does not count. Static values are compared by
 * `Object.is`: functions by identity, `NaN` equals `NaN`, and `0` differs from `-0`.
 *
 * @example
 * ```ts
 * import { structure, structuresEqual } from "@diffrax-ts/pytree";
 *
 * structuresEqual(structure({ x: 1, v: 2 }), structure({ v: 3, x: 4 }));
 * // → true
 * structuresEqual(structure([1, 2]), structure([1, 2, 3]));
 * // → false
 * ```
 */
export function structuresEqual(a: Structure, b: Structure): boolean {
  if (a === b) return true;
  if (
    a.hash !== b.hash ||
    a.tag !== b.tag ||
    a.kind !== b.kind ||
    a.children.length !== b.children.length ||
    !sameNature(a.prototype, b.prototype)
  ) {
    return false;
  }
  if (a.tag === "static") return Object.is(a.value, b.value);
  if (a.tag === "closure" && a.value !== b.value) return false;
  return a.children.every((child, i) => {
    const j = a.keys[i] === b.keys[i] ? i : b.keys.indexOf(a.keys[i]!);
    return j >= 0 && structuresEqual(child, b.children[j]!);
  });
}
