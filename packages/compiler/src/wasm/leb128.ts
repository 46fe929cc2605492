// Numbers of the binary format, appended to bytes.

/** An unsigned integer below 2³². */
export function unsigned(bytes: number[], x: number): void {
  for (; x >= 0x80; x >>>= 7) bytes.push((x & 0x7f) | 0x80);
  bytes.push(x);
}

/** A signed integer of 32 bits. */
export function signed(bytes: number[], x: number): void {
  for (; x < -0x40 || x >= 0x40; x >>= 7) bytes.push((x & 0x7f) | 0x80);
  bytes.push(x & 0x7f);
}

/** A signed integer of 64 bits. */
export function signed64(bytes: number[], x: bigint): void {
  for (; x < -0x40n || x >= 0x40n; x >>= 7n) bytes.push(Number(x & 0x7fn) | 0x80);
  bytes.push(Number(x & 0x7fn));
}
