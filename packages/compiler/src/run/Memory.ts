import { newMemory } from "../wasm/engine.ts";

/** The bytes of a page of WebAssembly memory. */
const pageBytes = 65536;

/** A piece of memory that belongs to one call. */
export interface Block {
  readonly memory: Memory;
  readonly address: number;
  readonly bytes: number;
}

/** One WebAssembly memory: it grows as calls need more, up to a limit, and never shrinks. */
export class Memory {
  /** Whether it is there as long as the library is. */
  readonly stays: boolean;
  readonly #memory: WebAssembly.Memory;
  readonly #limit: number;
  #f64: Float64Array;
  #view: DataView;
  #bytes: number;
  #inUse = 0;
  /** By address; what lies between them is free. */
  readonly #blocks: Block[] = [];
  /** Whose constants were written last, and where. */
  #writer: object | null = null;
  #writtenAt = 0;

  constructor(limit: number, stays = false) {
    const memory = newMemory();
    this.stays = stays;
    this.#limit = limit;
    this.#memory = memory;
    this.#f64 = new Float64Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#bytes = memory.buffer.byteLength;
  }

  /** The memory to import. */
  get memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /** All of it as float64. Replaced whenever the memory grows. */
  get f64(): Float64Array {
    if (this.#f64.length === 0) this.#renew();
    return this.#f64;
  }

  /** All of it, for numbers of any type. Replaced whenever the memory grows. */
  get view(): DataView {
    if (this.#f64.length === 0) this.#renew();
    return this.#view;
  }

  /** The bytes in use by calls. */
  get bytesInUse(): number {
    return this.#inUse;
  }

  /** The bytes there are. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * A block of so many bytes; `null` if there is none within the limit.
   *
   * @throws RangeError if there is no more memory.
   */
  allocate(bytes: number): Block | null {
    if (this.#inUse + bytes > this.#limit) return null;
    const blocks = this.#blocks;
    let address = 0;
    let i = 0;
    for (; i < blocks.length && blocks[i]!.address - address < bytes; i++)
      address = blocks[i]!.address + blocks[i]!.bytes;
    const end = address + bytes;
    if (end > this.#limit) return null;
    if (end > this.#bytes) this.#grow(end - this.#bytes, bytes);
    const block = { memory: this, address, bytes };
    blocks.splice(i, 0, block);
    this.#inUse += bytes;
    return block;
  }

  /** @returns Whether it was not given back before. */
  release(block: Block): boolean {
    const place = this.#blocks.indexOf(block);
    if (place < 0) return false;
    this.#blocks.splice(place, 1);
    this.#inUse -= block.bytes;
    return true;
  }

  /**
   * Whether the constants that somebody wrote at an address are still there: no block was begun since, in all of this memory, but by
   * the same writer at the same address. Says that they will be.
   */
  keepsConstants(writer: object, address: number): boolean {
    const keeps = this.#writer === writer && this.#writtenAt === address;
    this.#writer = writer;
    this.#writtenAt = address;
    return keeps;
  }

  /** After the memory has grown the views of it have length 0. */
  #renew(): void {
    this.#f64 = new Float64Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  #grow(missing: number, wanted: number): void {
    const pages = Math.ceil(missing / pageBytes);
    try {
      this.#memory.grow(pages);
      this.#bytes += pages * pageBytes;
    } catch {
      throw new RangeError(`${wanted} bytes of memory cannot be had`);
    }
  }
}
