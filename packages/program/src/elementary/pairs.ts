import type { ExactOps } from "./exact.ts";

/** `x` with its last 27 bits cleared: the product of two such values is exact. */
export function high<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  return o.fromBits(o.iand(o.bits(x), o.integer(-0x8000000n)));
}

/** `s + e = a + b` exactly, `s` the rounded sum (Knuth 1969). */
export function twoSum<V, I, B>(o: ExactOps<V, I, B>, a: V, b: V): readonly [V, V] {
  const s = o.add(a, b);
  const bPart = o.sub(s, a);
  return [s, o.add(o.sub(a, o.sub(s, bPart)), o.sub(b, bPart))];
}

/** `s + e = a + b` exactly where `a = 0` or `|a| ≥ |b|` (Dekker 1971). */
export function fastTwoSum<V, I, B>(o: ExactOps<V, I, B>, a: V, b: V): readonly [V, V] {
  const s = o.add(a, b);
  return [s, o.sub(b, o.sub(s, a))];
}

/** `value - root²` where `root` is near `√value`; only the last subtraction rounds. */
export function squareResidue<V, I, B>(o: ExactOps<V, I, B>, value: V, root: V): V {
  const top = high(o, root);
  return o.sub(o.sub(value, o.mul(top, top)), o.mul(o.sub(root, top), o.add(root, top)));
}
