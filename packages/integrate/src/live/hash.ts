/**
 * A hash of bytes, the same in any process: 64 bits, by FNV-1a and by another of its kind.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function hash(...parts: readonly ArrayBufferView[]): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (const { buffer, byteOffset, byteLength } of parts) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
      b ^= b >>> 15;
    }
  }
  return [a, b].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

/** A hash of a text. */
export function hashText(text: string): string {
  return hash(Uint16Array.from(text, (c) => c.charCodeAt(0)));
}
