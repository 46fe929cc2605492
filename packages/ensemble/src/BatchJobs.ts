import type { BatchWork } from "@diffrax-ts/autodiff";
import type { PortableProgram } from "@diffrax-ts/compiler";
import { allocate, type ArrayValue, bytesOf, sizeOf, tensorOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Bytes, Job, JobProgram, Outcome } from "./Job.ts";

/** So many jobs per thread, about: some elements take longer than others. */
const jobsPerThread = 16;

/** A program of a pool. */
export interface NumberedProgram {
  readonly key: number;
  readonly portable: PortableProgram;
}

/** All rows of an output. */
interface Output {
  readonly value: ArrayValue;
  readonly offset: number;
  /** Of a row. */
  readonly bytes: number;
  /** Where threads write them; `null` where they send them. */
  readonly shared: Uint8Array | null;
}

/** A batch that is cut into jobs, and what comes of them. */
export class BatchJobs {
  readonly #work: BatchWork;
  readonly #program: JobProgram;
  readonly #countAt: number | null;
  readonly #shared: readonly Bytes[];
  readonly #rows: readonly Bytes[];
  readonly #outputs: readonly Output[];
  /** How many elements there are in a job, but for the last one. */
  readonly #length: number;
  /** How many jobs there are. */
  readonly count: number;

  /**
   * @param numThreads - For so many threads.
   * @param isShared - Whether they see the memory of this one.
   */
  constructor(
    work: BatchWork,
    { key, portable }: NumberedProgram,
    { numThreads, isShared }: { readonly numThreads: number; readonly isShared: boolean },
  ) {
    const { portion, size, shared, rows } = work;
    const { module, frameBytes, initial, inputs, outputs } = portable;
    const newBytes = (length: number): Uint8Array =>
      isShared ? new Uint8Array(new SharedArrayBuffer(length)) : new Uint8Array(length);
    const inShared = (data: ArrayBufferView): Uint8Array => {
      const bytes = asBytes(data);
      if (!isShared) return bytes;
      const copy = newBytes(bytes.length);
      copy.set(bytes);
      return copy;
    };
    const places = portion.isCounted ? inputs.slice(1) : inputs;
    this.#work = work;
    this.#program = {
      key,
      module,
      frameBytes,
      initial: initial.map(({ offset, data }) => ({ offset, data: inShared(data) })),
    };
    this.#countAt = portion.isCounted ? inputs[0]!.offset : null;
    this.#shared = shared.map(({ data }, i) => ({
      offset: places[i]!.offset,
      data: inShared(data),
    }));
    this.#rows = rows.map(({ data }, i) => ({
      offset: places[shared.length + i]!.offset,
      data: inShared(data),
    }));
    this.#outputs = outputs.map(({ dtype, shape: [, ...element], offset }) => {
      const shape = [size, ...element];
      const bytes = bytesOf(dtype) * sizeOf(element);
      const value = { dtype, shape, data: allocate(dtype, shape) };
      return { value, offset, bytes, shared: isShared ? newBytes(size * bytes) : null };
    });
    const wanted = Math.ceil(size / (jobsPerThread * numThreads));
    const isPart = portion.isCounted && wanted < portion.length;
    this.#length = isPart ? wanted : Math.ceil(wanted / portion.length) * portion.length;
    this.count = size === 0 ? 0 : Math.ceil(size / this.#length);
  }

  /** How many elements there are in a job. */
  sizeOf(i: number): number {
    return Math.min(this.#length, this.#work.size - i * this.#length);
  }

  job(i: number): Job {
    const { size, portion } = this.#work;
    const first = i * this.#length;
    const length = this.sizeOf(i);
    const rowsOf = (all: Uint8Array, each: number): Uint8Array => {
      const part = all.subarray(first * each, (first + length) * each);
      // A view of memory that is not shared would be sent with all of it.
      return all.buffer instanceof ArrayBuffer ? part.slice() : part;
    };
    return {
      program: this.#program,
      length,
      portion: portion.length,
      count: this.#countAt,
      shared: this.#shared,
      rows: this.#rows.map(({ offset, data }) => ({
        offset,
        data: rowsOf(data, data.length / size),
      })),
      results: this.#outputs.map(({ offset, bytes, shared }) => ({
        offset,
        bytes,
        into: shared === null ? null : rowsOf(shared, bytes),
      })),
    };
  }

  /** @throws RangeError with the message of the first assertion that failed, or if there was no memory. */
  take(i: number, { results, failed, which, isRefused }: Outcome): void {
    const { compiled } = this.#work.portion;
    if (isRefused) compiled.refuse();
    const failure = compiled.failure(failed, which);
    if (failure !== null) throw failure;
    for (const [k, { value, bytes }] of this.#outputs.entries()) {
      const sent = results[k] ?? null;
      if (sent !== null) asBytes(value.data).set(sent, i * this.#length * bytes);
    }
  }

  /** The results, when all is done. */
  results(): readonly Tensor[] {
    return this.#outputs.map(({ value, shared }) => {
      if (shared !== null) asBytes(value.data).set(shared);
      return tensorOf(value);
    });
  }
}

function asBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
