import type { Job, JobProgram, Outcome } from "./Job.ts";

const pageBytes = 65536;
/** A memory that has become larger is not kept: WebAssembly memory never shrinks. */
const mostKept = 128 * 1024 * 1024;
/** So many programs are kept ready to run. */
const mostInstances = 32;

type Main = (frame: number) => void;

/**
 * Runs jobs, in whichever thread it is. It imports nothing, for a worker of a page loads all that it imports: its frame is at the start of a
 * memory of its own, and what bytes mean is known to those who sent them.
 */
export class Runner {
  #memory: WebAssembly.Memory | null = null;
  readonly #instances = new Map<number, Main>();
  /** Whose constants were written last. */
  #writer = -1;

  run(job: Job): Outcome {
    const { program, length, portion, count, shared, rows, results } = job;
    if (!this.#makeRoom(program.frameBytes)) return outcome([], { isRefused: true });
    const main = this.#mainOf(program);
    const memory = new Uint8Array(this.#memory!.buffer);
    const words = new Int32Array(this.#memory!.buffer);
    if (this.#writer !== program.key)
      for (const { offset, data } of program.initial) memory.set(data, offset);
    this.#writer = program.key;

    const sent = results.map(({ bytes, into }) => into ?? new Uint8Array(bytes * length));
    for (let first = 0; first < length; first += portion) {
      const size = Math.min(portion, length - first);
      words.fill(0, 0, 2);
      if (count !== null) words[count >> 2] = size;
      for (const { offset, data } of shared) memory.set(data, offset);
      for (const { offset, data } of rows) {
        const each = data.length / length;
        memory.set(data.subarray(first * each, (first + size) * each), offset);
        if (count === null) repeatLast(memory, offset, { each, size, portion });
      }
      main(0);
      if (words[0] !== 0) return outcome([], { failed: words[0]!, which: words[1]! });
      for (const [i, { offset, bytes }] of results.entries())
        sent[i]!.set(memory.subarray(offset, offset + size * bytes), first * bytes);
    }
    if (memory.length > mostKept) this.#forget();
    return outcome(results.map(({ into }, i) => (into === null ? sent[i]! : null)));
  }

  /** @returns Whether there is so much memory. */
  #makeRoom(bytes: number): boolean {
    const pages = Math.max(1, Math.ceil(bytes / pageBytes));
    try {
      if (this.#memory === null) this.#memory = new WebAssembly.Memory({ initial: pages });
      const missing = pages - this.#memory.buffer.byteLength / pageBytes;
      if (missing > 0) this.#memory.grow(missing);
      return true;
    } catch {
      this.#forget();
      return false;
    }
  }

  #mainOf({ key, module }: JobProgram): Main {
    let main = this.#instances.get(key);
    if (main === undefined) {
      const { exports } = new WebAssembly.Instance(module as WebAssembly.Module, {
        m: { m: this.#memory! },
      });
      main = exports["main"] as Main;
    }
    // The one used last is at the end.
    this.#instances.delete(key);
    this.#instances.set(key, main);
    for (const oldest of this.#instances.keys()) {
      if (this.#instances.size <= mostInstances) break;
      this.#instances.delete(oldest);
    }
    return main;
  }

  #forget(): void {
    this.#memory = null;
    this.#instances.clear();
    this.#writer = -1;
  }
}

function outcome(results: Outcome["results"], failure: Partial<Outcome> = {}): Outcome {
  return { results, failed: 0, which: 0, isRefused: false, ...failure };
}

/** Rows that are computed though nobody wants them are like the last one: nothing fails in them that did not fail there. */
function repeatLast(
  memory: Uint8Array,
  offset: number,
  { each, size, portion }: Readonly<Record<"each" | "size" | "portion", number>>,
): void {
  const last = offset + (size - 1) * each;
  for (let i = size; i < portion; i++) memory.copyWithin(offset + i * each, last, last + each);
}
