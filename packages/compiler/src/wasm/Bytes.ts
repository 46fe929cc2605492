/** A growing list of bytes, with the number formats of the WebAssembly binary format. */
export class Bytes {
  #data = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(x: number): void {
    if (this.#length === this.#data.length) this.#grow(this.#length + 1);
    this.#data[this.#length++] = x;
  }

  /** An unsigned integer below 2³². */
  u32(x: number): void {
    while (x >= 0x80) {
      this.byte((x & 0x7f) | 0x80);
      x >>>= 7;
    }
    this.byte(x);
  }

  /** A signed integer of 32 bits. */
  i32(x: number): void {
    for (;;) {
      const low = x & 0x7f;
      x >>= 7;
      if ((x === 0 && low < 0x40) || (x === -1 && low >= 0x40)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  /** A signed integer of 64 bits. */
  i64(x: bigint): void {
    for (;;) {
      const low = Number(x & 0x7fn);
      x >>= 7n;
      if ((x === 0n && low < 0x40) || (x === -1n && low >= 0x40)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  /** The length of some bytes, and the bytes. */
  sized(bytes: Bytes): void {
    this.u32(bytes.length);
    this.append(bytes);
  }

  append(bytes: Bytes): void {
    this.#grow(this.#length + bytes.length);
    this.#data.set(bytes.view(), this.#length);
    this.#length += bytes.length;
  }

  /** A name: its length in bytes, and its UTF-8 bytes; ASCII only. */
  name(text: string): void {
    this.u32(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** What has been written. Not a copy. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#data.subarray(0, this.#length);
  }

  #grow(length: number): void {
    if (length <= this.#data.length) return;
    const data = new Uint8Array(Math.max(length, 2 * this.#data.length));
    data.set(this.#data);
    this.#data = data;
  }
}
