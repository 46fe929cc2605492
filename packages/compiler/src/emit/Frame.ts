/** A piece of the memory of one call. */
export interface Storage {
  readonly offset: number;
  readonly bytes: number;
}

/** Where the pool of constants begins: after the word that says which assertion failed. */
const start = 16;

/**
 * The memory of one call, laid out while its code is written: the offset of every array and every constant is
 * known then. Pieces are given back when nothing needs them any more, and used again.
 */
export class Frame {
  #size = start;
  /** Free pieces, by offset; no two touch. */
  #free: { offset: number; bytes: number }[] = [];
  /** Free places for scalars. */
  #scalars: number[] = [];
  /** Free places of the pool. */
  #pool: number[] = [];
  readonly #constants = new Map<bigint, number>();
  /** What has to be in memory before a call: offsets and bytes. */
  readonly initial: { readonly offset: number; readonly data: ArrayBufferView }[] = [];
  readonly #bits = new BigInt64Array(1);
  readonly #floats = new Float64Array(this.#bits.buffer);

  /** The bytes of the whole. */
  get size(): number {
    return this.#size;
  }

  /** A piece for `bytes` bytes, at a multiple of 16. */
  allocate(bytes: number): Storage {
    const rounded = Math.max(16, Math.ceil(bytes / 16) * 16);
    let best: { offset: number; bytes: number } | undefined;
    for (const piece of this.#free) {
      if (piece.bytes >= rounded && (best === undefined || piece.bytes < best.bytes)) best = piece;
    }
    if (best === undefined) return this.reserve(rounded);
    const { offset } = best;
    best.offset += rounded;
    best.bytes -= rounded;
    if (best.bytes === 0) this.#free.splice(this.#free.indexOf(best), 1);
    return { offset, bytes: rounded };
  }

  /** A piece that is used for nothing else before or after. */
  reserve(bytes: number): Storage {
    const storage = { offset: this.#size, bytes: Math.max(16, Math.ceil(bytes / 16) * 16) };
    this.#size += storage.bytes;
    return storage;
  }

  /** Lays out the memory of a function that is called from several places: it shares none with its callers. */
  apart(layout: () => void): void {
    const [free, scalars] = [this.#free, this.#scalars];
    this.#free = [];
    this.#scalars = [];
    layout();
    this.#free = free;
    this.#scalars = scalars;
  }

  /** The offset of a place for one scalar. */
  scalar(): number {
    if (this.#scalars.length === 0) {
      const { offset } = this.reserve(16);
      this.#scalars.push(offset + 8, offset);
    }
    return this.#scalars.pop()!;
  }

  releaseScalar(offset: number): void {
    this.#scalars.push(offset);
  }

  /** Gives a piece back. */
  release({ offset, bytes }: Storage): void {
    let merged = { offset, bytes };
    this.#free = this.#free.filter((piece) => {
      if (piece.offset + piece.bytes === merged.offset) {
        merged = { offset: piece.offset, bytes: piece.bytes + merged.bytes };
        return false;
      }
      if (merged.offset + merged.bytes === piece.offset) {
        merged = { offset: merged.offset, bytes: merged.bytes + piece.bytes };
        return false;
      }
      return true;
    });
    this.#free.push(merged);
  }

  /** The offset of a float64 constant. */
  float(x: number): number {
    this.#floats[0] = x;
    return this.constant(this.#bits[0]!);
  }

  /** The offset of a float32 constant. */
  float32(x: number): number {
    const [bits] = new Uint32Array(Float32Array.of(x).buffer);
    return this.constant(BigInt(bits!));
  }

  /** The offset of a constant of 64 bits. */
  constant(bits: bigint): number {
    let offset = this.#constants.get(bits);
    if (offset === undefined) {
      offset = this.#poolPlace();
      this.#constants.set(bits, offset);
      this.#writePool(offset, bits);
    }
    return offset;
  }

  /** Memory with these bytes in it before every call. */
  array(data: ArrayBufferView): Storage {
    const storage = this.reserve(data.byteLength);
    this.initial.push({ offset: storage.offset, data });
    return storage;
  }

  #poolPlace(): number {
    if (this.#pool.length === 0) {
      const data = new BigInt64Array(this.#constants.size < 64 ? 64 : 256);
      const { offset } = this.array(data);
      for (let i = data.length - 1; i >= 0; i--) this.#pool.push(offset + 8 * i);
    }
    return this.#pool.pop()!;
  }

  #writePool(offset: number, bits: bigint): void {
    for (const { offset: first, data } of this.initial) {
      if (data instanceof BigInt64Array && offset >= first && offset < first + data.byteLength) {
        data[(offset - first) / 8] = bits;
      }
    }
  }
}
