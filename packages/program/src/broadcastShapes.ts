/** The shape that two shapes broadcast to. */
export function broadcastShapes(
  name: string,
  a: readonly number[],
  b: readonly number[],
): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new TypeError(`${name}: shapes [${a.join()}] and [${b.join()}] do not go together`);
    }
    return m === 1 ? n : m;
  });
}
