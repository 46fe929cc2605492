import type { ArrayValue, Fma, Program } from "@diffrax-ts/program";
import {
  allocate,
  bytesOf,
  calleeIn,
  contiguous,
  enter,
  failureOf,
  isDense,
  leave,
  refuseMemory,
  sizeOf,
} from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { emitProgram, type Emitted } from "../emit/emitProgram.ts";
import type { Slot } from "../emit/Slot.ts";
import { Lowering } from "../lower/lowerProgram.ts";
import { instanceOf } from "../wasm/engine.ts";
import { type Code, codeOf } from "./codeOf.ts";
import type { Block, Memory } from "./Memory.ts";
import { memoryPool } from "./MemoryPool.ts";
import type { Run } from "./Run.ts";

/** What a module exports. */
interface Exports {
  readonly main: (frame: number) => void;
  readonly burst?: (frame: number, turns: number) => number;
  readonly rest?: (frame: number) => void;
}

/**
 * A compiled program as data that structured clone takes, to another thread for example. To run it there: the constants `initial` and the
 * inputs go into the frame, which begins with 8 bytes of zeros, then `main(address of the frame)` is called, and the outputs are there.
 */
export interface PortableProgram {
  /** A `WebAssembly.Module`, which imports its memory as `m.m` and exports `main`. */
  readonly module: object;
  readonly frameBytes: number;
  readonly initial: readonly { readonly offset: number; readonly data: ArrayBufferView }[];
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
}

/** What a caller has to know of the frame. */
type Layout = Omit<Emitted, "bytes">;

/** A program that runs as WebAssembly. */
export class CompiledProgram {
  readonly #emitted: Layout;
  readonly #code: Code;
  /** The instance in the memory that stays. */
  #exports: Exports | undefined;
  /** Those in other memories, weakly: a memory that was given up must not be kept by what ran in it. */
  readonly #instances = new WeakMap<Memory, Exports>();

  /**
   * @param mostOperations - Of one function in it, about.
   * @param fma - What is asked of its code.
   */
  constructor(program: Program, mostOperations?: number, fma?: Fma) {
    const lowering = new Lowering(fma);
    const { bytes, ...layout } = emitProgram(lowering.program(program), lowering, mostOperations);
    // 64 bits at a time where they are that wide.
    const initial = layout.initial.map(({ offset, data }) => ({
      offset,
      data: data instanceof BigInt64Array ? asFloats(data) : data,
    }));
    this.#emitted = { ...layout, initial };
    this.#code = codeOf(bytes);
  }

  /** The bytes of its code. */
  get codeBytes(): number {
    return this.#code.bytes.length;
  }

  /** The module, and the constants beside it: all that what it computes depends on, but for functions that it calls back. */
  get parts(): readonly ArrayBufferView[] {
    return [this.#code.bytes, ...this.#emitted.initial.map(({ data }) => data)];
  }

  /** What it takes, about: code in several forms, and constants. */
  get bytes(): number {
    const { initial } = this.#emitted;
    return initial.reduce((sum, { data }) => sum + data.byteLength, 10 * this.codeBytes);
  }

  /**
   * What runs it elsewhere.
   *
   * @param name - What asks, for errors.
   * @throws TypeError if it calls functions back: they are in this thread alone.
   */
  portable(name: string): PortableProgram {
    const { frameBytes, initial, inputs, outputs, hosts } = this.#emitted;
    const [host] = hosts;
    if (host !== undefined) {
      const reason = host.reason === undefined ? "" : `: ${host.reason}`;
      throw new TypeError(
        `${name}: what is called back as it runs, ${host.name}, is in this thread alone, and cannot run in another${reason}`,
      );
    }
    return { module: this.#code.module, frameBytes, initial, inputs, outputs };
  }

  /** The error for what is found at the start of the frame after a run: `null` for two zeros. */
  failure(failed: number, which: number): RangeError | null {
    return failed === 0
      ? null
      : new RangeError(failureOf(this.#emitted.messages[failed - 1]!, which));
  }

  /** @throws RangeError that says how much memory it needs, and for what. */
  refuse(): never {
    refuseMemory(this.#emitted.frameBytes, this.#emitted.largest);
  }

  /**
   * Runs it.
   *
   * @param inputs - For each input a number, or an array with as many numbers: a tensor, a typed array or a strided array.
   * @throws RangeError with the message of the first assertion that failed.
   */
  call(inputs: readonly Leaf[]): ArrayValue[] {
    const run = this.start(inputs);
    try {
      return run.finish();
    } finally {
      run.release();
    }
  }

  /** Begins a run whose loop the host drives: `burst` until it returns `false`, then `finish`, and `release` in any case. */
  start(inputs: readonly Leaf[]): Run {
    const { initial, inputs: slots } = this.#emitted;
    const block = blockFor(this.#emitted);
    const { memory, address } = block;
    let callees: number[] | null = null;
    try {
      memory.f64[address >>> 3] = 0; // no assertion has failed
      if (!memory.keepsConstants(this.#emitted, address))
        for (const { offset, data } of initial) write(memory, address + offset, data);
      for (let i = 0; i < slots.length; i++) {
        const [slot, leaf] = [slots[i]!, inputs[i]!];
        const callee = slot.dtype === "int32" ? calleeIn(leaf as Tensor) : undefined;
        if (callee === undefined) writeLeaf(memory, address, slot, leaf);
        else {
          const number = enter(callee);
          (callees ??= []).push(number);
          memory.view.setInt32(address + slot.offset, number, true);
        }
      }
      const exports = this.#instance(memory);
      const leaves = this.#emitted.scopes.map((scope) => scope());
      return new ActiveRun(this.#emitted, exports, block, callees, leaves);
    } catch (error) {
      memoryPool().release(block);
      leaveAll(callees);
      throw error;
    }
  }

  #instance(memory: Memory): Exports {
    let exports = memory.stays ? this.#exports : this.#instances.get(memory);
    if (exports === undefined) {
      const hosts: Record<string, (input: number, output: number) => void> = {};
      for (const [i, { call }] of this.#emitted.hosts.entries()) {
        hosts[i] = (input, output) => call(memory, input >>> 3, output >>> 3);
      }
      const instance = instanceOf(this.#code.module, {
        m: { m: memory.memory },
        h: hosts,
      });
      exports = instance.exports as unknown as Exports;
      if (memory.stays) this.#exports = exports;
      else this.#instances.set(memory, exports);
    }
    return exports;
  }
}

class ActiveRun implements Run {
  readonly #emitted: Layout;
  readonly #exports: Exports;
  readonly #memory: Memory;
  readonly #block: Block;
  /** The numbers of the functions that it was handed, if there are some. */
  #callees: readonly number[] | null;
  #started = false;

  /** What is to be called when it is over. */
  #leaves: readonly (() => void)[];

  constructor(
    emitted: Layout,
    exports: Exports,
    block: Block,
    callees: readonly number[] | null,
    leaves: readonly (() => void)[],
  ) {
    this.#emitted = emitted;
    this.#exports = exports;
    this.#memory = block.memory;
    this.#block = block;
    this.#callees = callees;
    this.#leaves = leaves;
  }

  begin(): void {
    this.#started = true;
    this.#exports.main(this.#block.address);
    this.#check();
  }

  burst(turns: number): boolean {
    if (!this.#started) this.begin();
    const goesOn = this.#exports.burst!(this.#block.address, turns) !== 0;
    this.#check();
    return goesOn;
  }

  carried(index: number, rows?: number): ArrayValue {
    return readSlot(this.#memory, this.#block.address, this.#emitted.carry![index]!, rows);
  }

  carriedNumber(index: number): number {
    return readNumber(this.#memory, this.#block.address, this.#emitted.carry![index]!);
  }

  get numCarried(): number {
    return this.#emitted.carry!.length;
  }

  carriedBytes(index: number): Uint8Array {
    return this.#bytesIn(this.#emitted.carry![index]!);
  }

  outputBytes(index: number): Uint8Array {
    return this.#bytesIn(this.#emitted.outputs[index]!);
  }

  #bytesIn({ dtype, shape, offset }: Slot): Uint8Array {
    const size = sizeOf(shape) * bytesOf(dtype);
    return new Uint8Array(this.#memory.memory.buffer, this.#block.address + offset, size);
  }

  complete(): void {
    if (!this.#started) this.begin();
    if (this.#exports.rest === undefined) return;
    this.#exports.rest(this.#block.address);
    this.#check();
  }

  output(index: number, rows?: number): ArrayValue {
    return readSlot(this.#memory, this.#block.address, this.#emitted.outputs[index]!, rows);
  }

  outputNumber(index: number): number {
    return readNumber(this.#memory, this.#block.address, this.#emitted.outputs[index]!);
  }

  finish(): ArrayValue[] {
    this.complete();
    return this.#emitted.outputs.map((_, i) => this.output(i));
  }

  release(): void {
    memoryPool().release(this.#block);
    // Once: a number that was taken back may be that of another function.
    leaveAll(this.#callees);
    this.#callees = null;
    const leaves = this.#leaves;
    this.#leaves = [];
    for (const leave of leaves) leave();
  }

  #check(): void {
    const { view } = this.#memory;
    const { address } = this.#block;
    const failed = view.getInt32(address, true);
    if (failed === 0) return;
    const message = this.#emitted.messages[failed - 1]!;
    throw new RangeError(failureOf(message, view.getInt32(address + 4, true)));
  }
}

/** The memory of a call. @throws RangeError that says how much it is, and for what. */
function blockFor({ frameBytes, largest }: Layout): Block {
  try {
    return memoryPool().allocate(frameBytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuseMemory(frameBytes, largest);
  }
}

function leaveAll(callees: readonly number[] | null): void {
  if (callees !== null) for (const number of callees) leave(number);
}

function write(memory: Memory, address: number, data: ArrayBufferView): void {
  if (data instanceof Float64Array) {
    if (data.length > mostInLoop) memory.f64.set(data, address >>> 3);
    else for (let i = 0; i < data.length; i++) memory.f64[(address >>> 3) + i] = data[i]!;
    return;
  }
  if (data instanceof BigInt64Array) {
    memory.f64.set(asFloats(data), address >>> 3);
    return;
  }
  new Uint8Array(memory.memory.buffer).set(
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    address,
  );
}

function asFloats({ buffer, byteOffset, length }: BigInt64Array): Float64Array {
  return new Float64Array(buffer, byteOffset, length);
}

function writeLeaf(
  memory: Memory,
  frame: number,
  { dtype, shape, offset }: Slot,
  leaf: Leaf,
): void {
  const address = frame + offset;
  if (typeof leaf === "number") {
    if (dtype === "float64") memory.f64[address >>> 3] = leaf;
    else writeNumbers(memory, address, dtype, [leaf]);
    return;
  }
  if (leaf instanceof Float64Array && dtype === "float64") {
    memory.f64.set(leaf, address >>> 3);
    return;
  }
  if (ArrayBuffer.isView(leaf))
    return writeNumbers(memory, address, dtype, leaf as ArrayLike<number>);
  const array = leaf as Tensor;
  write(
    memory,
    address,
    isDense(array) ? array.data : contiguous(dtype, shape, array.data, array.stride, array.offset),
  );
}

function writeNumbers(
  memory: Memory,
  address: number,
  dtype: Slot["dtype"],
  numbers: ArrayLike<number>,
): void {
  const data = allocate(dtype, numbers.length);
  for (let i = 0; i < numbers.length; i++)
    data[i] = dtype === "int64" ? BigInt(numbers[i]!) : numbers[i]!;
  write(memory, address, data);
}

function readNumber({ view }: Memory, frame: number, { dtype, offset }: Slot): number {
  const address = frame + offset;
  if (dtype === "float64") return view.getFloat64(address, true);
  if (dtype === "float32") return view.getFloat32(address, true);
  if (dtype === "bool") return view.getUint8(address);
  if (dtype === "int64") return Number(view.getBigInt64(address, true));
  return dtype === "uint32" ? view.getUint32(address, true) : view.getInt32(address, true);
}

function readSlot(memory: Memory, frame: number, slot: Slot, rows?: number): ArrayValue {
  const { dtype } = slot;
  const shape = rows === undefined ? slot.shape : [rows, ...slot.shape.slice(1)];
  const address = frame + slot.offset;
  const size = sizeOf(shape);
  if (dtype === "float64") {
    return { dtype, shape, data: copied(memory.f64, address >>> 3, size) };
  }
  const data = allocate(dtype, size);
  const bytes = new Uint8Array(memory.memory.buffer, address, data.byteLength);
  new Uint8Array(data.buffer).set(bytes);
  return { dtype, shape, data };
}

/** Above this many numbers one call that copies all is faster than a loop: `set` and `slice` take their time to begin. */
const mostInLoop = 16;

function copied(numbers: Float64Array, start: number, size: number): Float64Array {
  if (size > mostInLoop) return numbers.slice(start, start + size);
  const copy = new Float64Array(size);
  for (let i = 0; i < size; i++) copy[i] = numbers[start + i]!;
  return copy;
}
