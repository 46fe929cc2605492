import type { Closure } from "./closure.ts";
import { isPlainPrototype, nothing, type Structure } from "./Structure.ts";
import { partBrand } from "./part.ts";

/**
 * Puts leaves back into a structure: the inverse of `flatten`.
 *
 * Containers are new objects with the keys, the order of keys and the prototype of the tree that the
 * structure was made from. A part without leaves is that part itself.
 *
 * @param leaves - In the order of `flatten`; `[structure.size]`. They may be anything.
 * @throws RangeError if there are more or fewer leaves than the structure has places.
 *
 * @example
 * ```ts
 * import { structure, unflatten } from "@diffrax-ts/pytree";
 *
 * unflatten(structure({ x: 1, v: [2, 3] }), ["v0", "v1", "x"]);
 * // → { x: "x", v: ["v0", "v1"] }
 * ```
 */
export function unflatten(structure: Structure, leaves: readonly unknown[]): unknown {
  requireLeaves("unflatten", structure, leaves);
  return build(structure, leaves, 0, false);
}

/** Fails unless there is a leaf for each place. */
export function requireLeaves(name: string, { size }: Structure, leaves: readonly unknown[]): void {
  if (leaves.length !== size)
    throw new RangeError(`${name}: the structure has ${size} leaves, got ${leaves.length}`);
}

/** Rebuilds `node` with the leaves from `start` on; `unwrap` puts numbers in place of `fixed` ones. */
export function build(
  node: Structure,
  leaves: readonly unknown[],
  start: number,
  unwrap: boolean,
): unknown {
  const { tag, value, keys, children, starts, kind, prototype } = node;
  if (tag === "leaf" || tag === "arrayLeaf") return leaves[start];
  if (tag === "static") return value;
  const inside = (child: Structure, i: number): unknown =>
    build(child, leaves, start + starts[i]!, unwrap && kind === undefined);
  if (tag === "closure") return (value as Closure["make"])(inside(children[0]!, 0));
  if (unwrap && kind === "fixed") return children[keys.indexOf("value")]!.value;
  if (value !== nothing && (!unwrap || kind !== undefined)) return value;
  if (tag === "array") return children.map(inside);

  const record: Record<PropertyKey, unknown> =
    prototype !== null && isPlainPrototype(prototype) ? {} : Object.create(prototype);
  for (let i = 0; i < children.length; i++) record[keys[i]!] = inside(children[i]!, i);
  if (kind !== undefined && record[partBrand] !== kind) record[partBrand] = kind;
  return record;
}
