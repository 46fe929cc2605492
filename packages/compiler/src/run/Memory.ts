/** The bytes of a page of WebAssembly memory. */
const pageBytes = 65536;
/** Memory larger than this is given up when nothing runs. */
const keptBytes = 4 * 1024 * 1024;
/** Given up, one that is not larger than this is used again as long as the garbage collector has not taken it. */
const reusedBytes = 128 * 1024 * 1024;

/** A piece of memory that belongs to one call. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

/**
 * The memory that compiled programs run in. Every call owns a block of it while it runs.
 *
 * When the last block is given back a large memory is given up as a whole: WebAssembly memory never shrinks. The next call that
 * needs so much takes it again, if it is still there: a new one at each call would cost a garbage collection at each call.
 */
export class Memory {
  /** What calls use when nothing else runs that needs more. */
  #small = new WebAssembly.Memory({ initial: 1 });
  /** The last one that was given up. */
  #large: WeakRef<WebAssembly.Memory> | undefined;
  #memory = this.#small;
  #f64: Float64Array;
  #view: DataView;
  #bytes = pageBytes;
  /** By address; what lies between them is free. */
  readonly #blocks: Block[] = [];

  constructor() {
    this.#f64 = new Float64Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
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
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The bytes there are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RangeError if there is no more memory. */
  allocate(size: number): Block {
    const bytes = Math.ceil(size / 64) * 64;
    const blocks = this.#blocks;
    if (blocks.length === 0) this.#choose(bytes);
    let address = 0;
    let i = 0;
    for (; i < blocks.length && blocks[i]!.address - address < bytes; i++)
      address = blocks[i]!.address + blocks[i]!.bytes;
    const missing = address + bytes - this.#bytes;
    if (missing > 0) this.#grow(missing, bytes);
    const block = { address, bytes };
    blocks.splice(i, 0, block);
    return block;
  }

  release(block: Block): void {
    const blocks = this.#blocks;
    const place = blocks.indexOf(block);
    if (place < 0) return; // it was given back before
    blocks.splice(place, 1);
    if (blocks.length > 0 || this.#bytes <= keptBytes) return;
    if (this.#memory === this.#small) this.#small = new WebAssembly.Memory({ initial: 1 });
    if (this.#bytes <= reusedBytes && this.#large?.deref() !== this.#memory)
      this.#large = new WeakRef(this.#memory);
    this.#use(this.#small);
  }

  /** Takes the memory that fits, when nothing runs. */
  #choose(bytes: number): void {
    if (bytes > keptBytes)
      this.#use(this.#large?.deref() ?? new WebAssembly.Memory({ initial: 1 }));
    else if (this.#memory !== this.#small) this.#use(this.#small); // there was not as much as the last call wanted
  }

  #use(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.#bytes = memory.buffer.byteLength;
    this.#renew();
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
      throw new RangeError(
        `compiled program: ${wanted} bytes of memory are needed and cannot be had; save fewer values`,
      );
    }
  }
}

let shared: Memory | undefined;

/** The memory of this copy of the library. */
export function sharedMemory(): Memory {
  shared ??= new Memory();
  return shared;
}
