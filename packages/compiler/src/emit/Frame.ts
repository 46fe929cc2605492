import type { DType } from "@diffrax-ts/pytree";
import { FreePieces, type Storage } from "./FreePieces.ts";
import { isNarrow } from "./FunctionEmitter.ts";

/** From this size on arrays that lie one behind the other are kept apart by a line of a cache. */
const pageBytes = 4096;
const lineBytes = 64;

/** Memory with something in it before every call. */
interface Initial {
  readonly offset: number;
  readonly data: ArrayBufferView;
}

/**
 * The memory of one call, laid out while its code is written: the offset of every array and every constant is
 * known then. Pieces are given back when nothing needs them any more, and used again.
 */
export class Frame {
  /** The bytes of the whole. It begins with the two words that say which assertion failed, and with which of its messages. */
  size = 16;
  readonly #initial: Initial[] = [];
  #free = new FreePieces();
  /** Free pieces for one scalar each. There may be very many, so they are not joined again. */
  #scalars: Storage[] = [];
  /** Numbers, and those that fill a vector: their places by their bits. */
  readonly #constants = [new Map<bigint, number>(), new Map<bigint, number>()] as const;
  /** The places of float64 numbers but zeros, of which there are two. */
  readonly #floats = new Map<number, number>();
  /** The end of the pool of constants, which has places left. */
  #pool = new BigInt64Array(0);
  #poolOffset = 0;
  #used = 0;
  readonly #bits = new DataView(new ArrayBuffer(8));

  /** What has to be in it before every call. */
  get initial(): readonly Initial[] {
    const ofPool = this.#pool.subarray(0, this.#used);
    return this.#initial.map((one) => (one.data === this.#pool ? { ...one, data: ofPool } : one));
  }

  /** A piece for `bytes` bytes; if it is for more than one scalar, at a multiple of 16. */
  allocate(bytes: number): Storage {
    if (bytes <= 8) {
      if (this.#scalars.length === 0) {
        const offset = this.reserve(16);
        this.#scalars.push({ offset: offset + 8, bytes: 8 }, { offset, bytes: 8 });
      }
      return this.#scalars.pop()!;
    }
    // Arrays whose lengths are a power of two must not begin a power of two apart: rows of several that are used together, as those of what
    // a loop remembers, would all fall into one set of a cache.
    const wanted = roundUp(bytes) + (bytes >= pageBytes ? lineBytes : 0);
    const best = this.#free.take(wanted);
    if (best === undefined) return { offset: this.reserve(wanted), bytes: wanted };
    const { offset, bytes: all } = best;
    if (all > wanted) this.#free.add({ offset: offset + wanted, bytes: all - wanted });
    return { offset, bytes: wanted };
  }

  /** The offset of a piece that is used for nothing else before or after. */
  reserve(bytes: number): number {
    const offset = this.size;
    this.size += roundUp(bytes);
    return offset;
  }

  /** Lays out the memory of a function that is called from several places: it shares none with its callers. */
  apart(layout: () => void): void {
    const [free, scalars] = [this.#free, this.#scalars];
    this.#free = new FreePieces();
    this.#scalars = [];
    layout();
    this.#free = free;
    this.#scalars = scalars;
  }

  /** Gives a piece back. */
  release(storage: Storage): void {
    if (storage.bytes === 8) this.#scalars.push(storage);
    else this.#free.add(storage);
  }

  /** The offset of a number in the pool of constants. */
  number(dtype: DType, x: number | bigint): number {
    // A big integer takes long to make, and longer to find.
    const isPlain = dtype === "float64" && x !== 0;
    let offset = isPlain ? this.#floats.get(x as number) : undefined;
    if (offset === undefined) {
      offset = this.#constant(this.#bitsOf(dtype, x), 1);
      if (isPlain) this.#floats.set(x as number, offset);
    }
    return offset;
  }

  /** The 64 bits of a number, or 32 and nothing. A truth value is all ones or all zeros. */
  #bitsOf(dtype: DType, x: number | bigint): bigint {
    const bits = this.#bits;
    bits.setBigInt64(0, dtype === "int64" ? BigInt(x) : dtype === "bool" ? -BigInt(x) : 0n, true);
    if (dtype === "int32" || dtype === "uint32") bits.setInt32(0, Number(x), true);
    if (dtype === "float64") bits.setFloat64(0, Number(x), true);
    if (dtype === "float32") bits.setFloat32(0, Number(x), true);
    return bits.getBigInt64(0, true);
  }

  /** The offset of a number in all lanes of a vector: a vector is loaded by one instruction, a number that is spread over one by two. */
  vector(dtype: DType, x: number | bigint): number {
    const bits = this.#bitsOf(dtype, x);
    return this.#constant(isNarrow(dtype) ? bits | (bits << 32n) : bits, 2);
  }

  #constant(word: bigint, count: 1 | 2): number {
    const known = this.#constants[count - 1]!;
    let offset = known.get(word);
    if (offset !== undefined) return offset;
    this.#used += this.#used % count; // a vector begins at a multiple of 16
    if (this.#used === this.#pool.length) {
      this.#pool = new BigInt64Array(this.#pool.length === 0 ? 64 : 256);
      this.#poolOffset = this.array(this.#pool);
      this.#used = 0;
    }
    offset = this.#poolOffset + 8 * this.#used;
    known.set(word, offset);
    this.#pool.fill(word, this.#used, this.#used + count);
    this.#used += count;
    return offset;
  }

  /** The offset of memory with these bytes in it before every call. */
  array(data: ArrayBufferView): number {
    const offset = this.reserve(data.byteLength);
    this.#initial.push({ offset, data });
    return offset;
  }
}

function roundUp(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}
