import type { DType } from "@diffrax-ts/pytree";
import { Bytes } from "../wasm/Bytes.ts";
import { f32, f64, i32, i64, noResult, op, v128, type ValueType } from "../wasm/opcodes.ts";

/** The type of a local that holds a scalar. */
export function valueType(dtype: DType): ValueType {
  switch (dtype) {
    case "float64":
      return f64;
    case "float32":
      return f32;
    case "int64":
      return i64;
    case "int32":
    case "uint32":
    case "bool":
      return i32;
  }
}

/** With more locals than this in use V8 gets slow, and with 50 000 it gives up: the rest goes into the frame. */
export const mostLocals = 2000;

/**
 * The instructions of one function. Locals are used again as soon as nothing reads them: V8's baseline compiler
 * gets slow with thousands of them.
 */
export class FunctionEmitter {
  readonly code: Bytes = new Bytes();
  readonly params: readonly ValueType[];
  readonly locals: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  #numFree = 0;

  constructor(params: readonly ValueType[]) {
    this.params = params;
  }

  /** A local that is free now. It holds some old value. */
  newLocal(type: ValueType): number {
    const free = this.#free.get(type)?.pop();
    if (free !== undefined) {
      this.#numFree--;
      return free;
    }
    this.locals.push(type);
    return this.params.length + this.locals.length - 1;
  }

  /** Whether one more value may be in a local. */
  hasRoom(): boolean {
    return this.locals.length - this.#numFree < mostLocals;
  }

  /** Gives a local back. */
  freeLocal(local: number): void {
    this.#numFree++;
    const type = this.locals[local - this.params.length]!;
    const free = this.#free.get(type);
    if (free === undefined) this.#free.set(type, [local]);
    else free.push(local);
  }

  /** One instruction without immediates. */
  op(code: number): void {
    if (code < 0x100) this.code.byte(code);
    else {
      this.code.byte(code >> 8);
      this.code.u32(code & 0xff);
    }
  }

  get(local: number): void {
    this.code.byte(op.local_get);
    this.code.u32(local);
  }

  set(local: number): void {
    this.code.byte(op.local_set);
    this.code.u32(local);
  }

  tee(local: number): void {
    this.code.byte(op.local_tee);
    this.code.u32(local);
  }

  i32(x: number): void {
    this.code.byte(op.i32_const);
    this.code.i32(x | 0);
  }

  /** A load or store at the address on the stack plus `offset`. The alignment is a hint. */
  memory(code: number, offset: number): void {
    this.op(code);
    this.code.byte(0);
    this.code.u32(offset);
  }

  /** The scalar of this type at the address on the stack plus `offset`. */
  load(dtype: DType, offset: number): void {
    const codes = {
      float64: op.f64_load,
      float32: op.f32_load,
      int64: op.i64_load,
      int32: op.i32_load,
      uint32: op.i32_load,
      bool: op.i32_load8_u,
    };
    this.memory(codes[dtype], offset);
  }

  /** Stores the scalar on the stack at the address below it plus `offset`. */
  store(dtype: DType, offset: number): void {
    const codes = {
      float64: op.f64_store,
      float32: op.f32_store,
      int64: op.i64_store,
      int32: op.i32_store,
      uint32: op.i32_store,
      bool: op.i32_store8,
    };
    this.memory(codes[dtype], offset);
  }

  /** `block … end`, `loop … end` or `if … end`. */
  block(kind: typeof op.block | typeof op.loop | typeof op.if, body: () => void): void {
    this.code.byte(kind);
    this.code.byte(noResult);
    body();
    this.code.byte(op.end);
  }

  /** `if … else … end` on the condition on the stack. */
  ifElse(onTrue: () => void, onFalse: () => void): void {
    this.block(op.if, () => {
      onTrue();
      this.code.byte(op.else);
      onFalse();
    });
  }

  branch(code: typeof op.br | typeof op.br_if, depth: number): void {
    this.code.byte(code);
    this.code.u32(depth);
  }

  call(index: number): void {
    this.code.byte(op.call);
    this.code.u32(index);
  }

  /** Runs `body` `count` times, `count` being on the stack; not at all if it is 0. */
  repeat(body: () => void): void {
    const counter = this.newLocal(i32);
    this.tee(counter);
    this.block(op.if, () => {
      this.block(op.loop, () => {
        body();
        this.get(counter);
        this.i32(1);
        this.op(op.i32_sub);
        this.tee(counter);
        this.branch(op.br_if, 0);
      });
    });
    this.freeLocal(counter);
  }

  /** Adds a constant to a local that holds an address. */
  advance(pointer: number, bytes: number): void {
    if (bytes === 0) return;
    this.get(pointer);
    this.i32(bytes);
    this.op(op.i32_add);
    this.set(pointer);
  }
}

/** The type of a local that holds a value in all lanes. */
export function laneType(dtype: DType, lanes: 1 | 2): ValueType {
  return lanes === 2 ? v128 : valueType(dtype);
}
