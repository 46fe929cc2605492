import type { DType } from "@diffrax-ts/pytree";
import { signed, signed64, unsigned } from "../wasm/leb128.ts";
import * as op from "../wasm/opcodes.ts";
import { f32, f64, i32, i64, type ValueType } from "../wasm/valueTypes.ts";

/** The type of a local that holds a scalar. */
export const valueTypes: Readonly<Record<DType, ValueType>> = {
  float64: f64,
  float32: f32,
  int64: i64,
  int32: i32,
  uint32: i32,
  bool: i32,
};

/**
 * How many elements a value on the stack is: one, or two or four in the lanes of a vector. Two elements of 32 bits stand in the
 * first two of four lanes. A truth value is all ones or all zeros in a lane of 64 bits if there are two, and of 32 if there are four.
 */
export type Lanes = 1 | 2 | 4;

/** Whether four of a dtype are computed at once. */
export function isNarrow(dtype: DType): boolean {
  return dtype === "float32" || dtype === "int32" || dtype === "uint32";
}

/** Whether so many values of a dtype fit into a vector. */
export function fitsLanes(dtype: DType, lanes: 2 | 4): boolean {
  return lanes === 2 || isNarrow(dtype) || dtype === "bool";
}

/** Where a scalar is in memory: `offset` bytes after the address in the local `base`. */
export interface Address {
  readonly base: number;
  readonly offset: number;
  readonly dtype: DType;
}

/** With more locals than this in use V8 gets slow, and with 50 000 it gives up: the rest goes into the frame. */
export const mostLocals = 2000;
/** For functions of which there are several, because they are long: more of them are in use in these. */
export const mostLocalsOfMany = 800;

/**
 * The instructions of one function. Locals are used again as soon as nothing reads them: V8's baseline compiler
 * gets slow with thousands of them.
 */
export class FunctionEmitter {
  readonly code: number[] = [];
  readonly params: readonly ValueType[];
  readonly locals: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  readonly #most: number;
  #numFree = 0;

  constructor(params: readonly ValueType[], most: number = mostLocals) {
    this.params = params;
    this.#most = most;
  }

  /** A local that is free now. It holds some old value. */
  newLocal(type: ValueType): number {
    const free = this.#free.get(type)?.pop();
    if (free === undefined) return this.params.length + this.locals.push(type) - 1;
    this.#numFree--;
    return free;
  }

  /** Moves what is on the stack to a new local. */
  keep(type: ValueType): number {
    const local = this.newLocal(type);
    this.set(local);
    return local;
  }

  /** Whether one more value may be in a local. */
  hasRoom(): boolean {
    return this.locals.length - this.#numFree < this.#most;
  }

  /** Gives a local back. */
  freeLocal(local: number): void {
    this.#numFree++;
    const type = this.locals[local - this.params.length]!;
    const free = this.#free.get(type);
    if (free === undefined) this.#free.set(type, [local]);
    else free.push(local);
  }

  /** One instruction, and its immediate if that is an unsigned number. */
  op(code: number, immediate?: number): void {
    if (code < 0x100) this.code.push(code);
    else {
      this.code.push(code >> 8);
      unsigned(this.code, code & 0xff);
    }
    if (immediate === undefined) return;
    if (immediate < 0x80) this.code.push(immediate);
    else unsigned(this.code, immediate);
  }

  get(local: number): void {
    this.op(op.local_get, local);
  }

  set(local: number): void {
    this.op(op.local_set, local);
  }

  i32(x: number): void {
    this.op(op.i32_const);
    signed(this.code, x | 0);
  }

  /** A constant of an integer dtype. */
  integer(dtype: DType, x: number | bigint): void {
    if (dtype !== "int64") return this.i32(Number(x));
    this.op(op.i64_const);
    signed64(this.code, BigInt(x));
  }

  /** A load or store at the address on the stack plus `offset`. The alignment is a hint. */
  memory(code: number, offset: number): void {
    this.op(code, 0);
    unsigned(this.code, offset);
  }

  /** Puts the scalar at an address on the stack; in lanes it and the next ones, or itself in each. */
  load({ base, offset, dtype }: Address, lanes: Lanes = 1, everywhere = false): void {
    this.get(base);
    if (lanes === 1)
      this.memory(dtype === "bool" ? op.i32_load8_u : op.i32_load + typeNumber(dtype), offset);
    else if (dtype === "bool") this.#loadMask(offset, lanes, everywhere);
    else if (everywhere)
      this.memory(isNarrow(dtype) ? op.v128_load32_splat : op.v128_load64_splat, offset);
    else this.memory(isNarrow(dtype) && lanes === 2 ? op.v128_load64_zero : op.v128_load, offset);
  }

  /** Puts truth values on the stack, which are bytes in memory. */
  #loadMask(offset: number, lanes: 2 | 4, everywhere: boolean): void {
    const bytes = lanes === 4 ? op.v128_load32_zero : op.v128_load16_splat;
    this.memory(everywhere ? op.v128_load8_splat : bytes, offset);
    this.op(op.i8x16_neg);
    if (everywhere) return;
    this.op(op.i16x8_extend_low_i8x16_s);
    this.op(op.i32x4_extend_low_i16x8_s);
    if (lanes === 2) this.op(op.i64x2_extend_low_i32x4_s);
  }

  /** Puts a whole vector on the stack. */
  loadVector(base: number, offset: number): void {
    this.get(base);
    this.memory(op.v128_load, offset);
  }

  /** Stores what `push` puts on the stack. */
  store({ base, offset, dtype }: Address, push: () => void, lanes: Lanes = 1): void {
    this.get(base);
    push();
    if (lanes === 1)
      this.memory(dtype === "bool" ? op.i32_store8 : op.i32_store + typeNumber(dtype), offset);
    else if (dtype === "bool") this.#storeMask(offset, lanes);
    else if (lanes === 2 && isNarrow(dtype)) {
      this.memory(op.v128_store64_lane, offset);
      unsigned(this.code, 0); // the first of two
    } else this.memory(op.v128_store, offset);
  }

  /** Stores truth values as bytes. A product brings bit `i` of the lanes to bit `8 i`, and others between. */
  #storeMask(offset: number, lanes: 2 | 4): void {
    this.op(lanes === 4 ? op.i32x4_bitmask : op.i64x2_bitmask);
    this.i32(lanes === 4 ? 0x204081 : 0x81);
    this.op(op.i32_mul);
    this.i32(lanes === 4 ? 0x01010101 : 0x0101);
    this.op(op.i32_and);
    this.memory(lanes === 4 ? op.i32_store : op.i32_store16, offset);
  }

  /** A vector of words of the two on the stack: the first has words 0 to 3, the second 4 to 7. */
  shuffle(words: readonly number[]): void {
    this.op(op.i8x16_shuffle);
    for (const word of words) for (let i = 0; i < 4; i++) this.code.push(4 * word + i);
  }

  /** Adds a constant to the address on the stack. */
  addBytes(bytes: number): void {
    if (bytes === 0) return;
    this.i32(bytes);
    this.op(op.i32_add);
  }

  /** `block … end`, `loop … end` or `if … end`. */
  block(kind: typeof op.block | typeof op.loop | typeof op.ifBlock, body: () => void): void {
    this.op(kind, op.noResult);
    body();
    this.op(op.end);
  }

  /** `if … else … end` on the condition on the stack. */
  ifElse(onTrue: () => void, onFalse: () => void): void {
    this.block(op.ifBlock, () => {
      onTrue();
      this.op(op.elseBlock);
      onFalse();
    });
  }

  /** Runs `body` some times: written once, or not at all. */
  repeat(count: number, body: () => void): void {
    if (count === 1) body();
    if (count <= 1) return;
    this.i32(count);
    const counter = this.keep(i32);
    this.block(op.loop, () => {
      body();
      this.get(counter);
      this.addBytes(-1);
      this.op(op.local_tee, counter);
      this.op(op.br_if, 0);
    });
    this.freeLocal(counter);
  }

  /** Adds a constant to a local that holds an address. */
  advance(pointer: number, bytes: number): void {
    if (bytes === 0) return;
    this.get(pointer);
    this.addBytes(bytes);
    this.set(pointer);
  }
}

/** Loads and stores are numbered in the order of the types: i32, i64, f32, f64. */
function typeNumber(dtype: DType): number {
  return i32 - valueTypes[dtype];
}
