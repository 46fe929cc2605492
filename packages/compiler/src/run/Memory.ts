/** The bytes of a page of WebAssembly memory. */
const pageBytes = 65536;
/** Memory larger than this is given up when nothing runs. */
const keptBytes = 4 * 1024 * 1024;

/** A piece of memory that belongs to one call. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

/**
 * The memory that compiled programs run in. Every call owns a block of it while it runs.
 *
 * When the last block is given back a large memory is given up as a whole: WebAssembly memory never shrinks.
 * Instances know by `epoch` that they belong to an older one.
 */
export class Memory {
  /** Counts the memories there have been. */
  epoch = 0;
  #memory: WebAssembly.Memory;
  #f64: Float64Array;
  #view: DataView;
  #bytes = 0;
  #numBlocks = 0;
  /** Free pieces by address; no two touch. */
  #free: { address: number; bytes: number }[] = [];

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    this.#f64 = new Float64Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.#add(0, pageBytes);
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

  /** The bytes in use by calls, for tests. */
  get bytesInUse(): number {
    return this.#bytes - this.#free.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The bytes there are, for tests. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RangeError if there is no more memory. */
  allocate(size: number): Block {
    const bytes = Math.ceil(size / 64) * 64;
    let i = this.#free.findIndex((piece) => piece.bytes >= bytes);
    if (i < 0) {
      this.#grow(bytes);
      i = this.#free.length - 1;
    }
    const piece = this.#free[i]!;
    const block = { address: piece.address, bytes };
    piece.address += bytes;
    piece.bytes -= bytes;
    if (piece.bytes === 0) this.#free.splice(i, 1);
    this.#numBlocks++;
    return block;
  }

  release({ address, bytes }: Block): void {
    this.#add(address, bytes);
    this.#numBlocks--;
    if (this.#numBlocks > 0 || this.#bytes <= keptBytes) return;
    this.epoch++;
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    this.#renew();
    this.#bytes = 0;
    this.#free = [];
    this.#add(0, pageBytes);
    this.#bytes = pageBytes;
  }

  /** After the memory has grown the views of it have length 0. */
  #renew(): void {
    this.#f64 = new Float64Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
  }

  #grow(bytes: number): void {
    const last = this.#free.at(-1);
    const spare = last !== undefined && last.address + last.bytes === this.#bytes ? last.bytes : 0;
    const pages = Math.ceil((bytes - spare) / pageBytes);
    try {
      this.#memory.grow(pages);
    } catch {
      throw new RangeError(
        `compiled program: ${bytes} bytes of memory are needed and cannot be had; save fewer values`,
      );
    }
    this.#add(this.#bytes, pages * pageBytes);
  }

  #add(address: number, bytes: number): void {
    this.#bytes = Math.max(this.#bytes, address + bytes);
    let i = this.#free.findIndex((piece) => piece.address > address);
    if (i < 0) i = this.#free.length;
    const before = this.#free[i - 1];
    const after = this.#free[i];
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsAfter = after !== undefined && address + bytes === after.address;
    if (joinsBefore && joinsAfter) {
      before.bytes += bytes + after.bytes;
      this.#free.splice(i, 1);
    } else if (joinsBefore) before.bytes += bytes;
    else if (joinsAfter) {
      after.address = address;
      after.bytes += bytes;
    } else this.#free.splice(i, 0, { address, bytes });
  }
}

let shared: Memory | undefined;

/** The memory of this copy of the library. */
export function sharedMemory(): Memory {
  shared ??= new Memory();
  return shared;
}
