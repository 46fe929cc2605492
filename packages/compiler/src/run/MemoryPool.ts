import { type Block, Memory } from "./Memory.ts";

/** A memory for small blocks is not larger. A block that is has one of its own. */
const mostShared = 4 * 1024 * 1024;
/** Given up, a memory for one large block that is not larger than this is used again as long as the garbage collector has not taken it. */
const mostReused = 128 * 1024 * 1024;

/**
 * The memories that compiled programs run in. Every call owns a block while it runs.
 *
 * Calls that run at the same time share a memory, and where many of them rest, they are in several, so that one that stays keeps 4 MB
 * and not all. A large block has a memory of its own, which is given up with it, because WebAssembly memory never shrinks. The next
 * call that needs so much takes it again, if it is still there: a new one at each call would cost a garbage collection at each call.
 */
export class MemoryPool {
  /** The first stays, whether anything runs in it or not. */
  readonly #shared: Memory[] = [];
  readonly #large = new Set<Memory>();
  /** The last large one that was given up. */
  #spare: WeakRef<Memory> | undefined;

  /** @throws RangeError if there is no more memory. */
  allocate(size: number): Block {
    const bytes = Math.ceil(size / 64) * 64;
    if (bytes > mostShared) return this.#allocateLarge(bytes);
    const shared = this.#shared;
    // The last one has most room; those before it have some again when calls in them have ended.
    const block =
      shared[0]?.allocate(bytes) ?? (shared.length > 1 ? shared.at(-1)!.allocate(bytes) : null);
    if (block !== null) return block;
    for (const memory of shared.slice(1, -1)) {
      const found = memory.allocate(bytes);
      if (found !== null) return found;
    }
    const memory = new Memory(mostShared, shared.length === 0);
    shared.push(memory);
    return memory.allocate(bytes)!;
  }

  #allocateLarge(bytes: number): Block {
    const spare = this.#spare?.deref();
    const memory =
      spare !== undefined && !this.#large.has(spare) ? spare : new Memory(Number.MAX_SAFE_INTEGER);
    const block = memory.allocate(bytes)!;
    this.#large.add(memory);
    return block;
  }

  release(block: Block): void {
    const { memory } = block;
    if (!memory.release(block) || memory.stays || memory.bytesInUse > 0) return;
    if (this.#large.delete(memory)) {
      if (memory.bytes <= mostReused && this.#spare?.deref() !== memory)
        this.#spare = new WeakRef(memory);
      return;
    }
    const place = this.#shared.indexOf(memory);
    if (place >= 0) this.#shared.splice(place, 1);
  }

  /** The bytes in use by calls. */
  get bytesInUse(): number {
    return this.#all().reduce((sum, memory) => sum + memory.bytesInUse, 0);
  }

  /** The bytes there are. */
  get bytes(): number {
    return this.#all().reduce((sum, memory) => sum + memory.bytes, 0);
  }

  #all(): Memory[] {
    return [...this.#shared, ...this.#large];
  }
}

let pool: MemoryPool | undefined;

/** The memories of this copy of the library. */
export function memoryPool(): MemoryPool {
  return (pool ??= new MemoryPool());
}
