import type { DType } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import { f32, f64, i32, i64, v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { type FunctionEmitter, isNarrow, type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { instruction } from "./instructions.ts";

/** In the order of the columns below; a truth value is converted as uint32. */
const sources: readonly DType[] = ["float64", "float32", "int32", "int64", "uint32"];

/** Conversions, by what they make; 0 where nothing is to be done. */
const conversions: Readonly<Record<Exclude<DType, "bool">, readonly number[]>> = {
  float64: [
    0,
    op.f64_promote_f32,
    op.f64_convert_i32_s,
    op.f64_convert_i64_s,
    op.f64_convert_i32_u,
  ],
  float32: [op.f32_demote_f64, 0, op.f32_convert_i32_s, op.f32_convert_i64_s, op.f32_convert_i32_u],
  int32: [op.i32_trunc_sat_f64_s, op.i32_trunc_sat_f32_s, 0, op.i32_wrap_i64, 0],
  uint32: [op.i32_trunc_sat_f64_u, op.i32_trunc_sat_f32_u, 0, op.i32_wrap_i64, 0],
  int64: [
    op.i64_trunc_sat_f64_s,
    op.i64_trunc_sat_f32_s,
    op.i64_extend_i32_s,
    0,
    op.i64_extend_i32_u,
  ],
};

/** In lanes, in the same order; `null` where there is no instruction. What is wider or narrower is so in two lanes. */
const inLanes: Readonly<Record<Exclude<DType, "bool">, readonly (number | null)[]>> = {
  float64: [
    0,
    op.f64x2_promote_low_f32x4,
    op.f64x2_convert_low_i32x4_s,
    null,
    op.f64x2_convert_low_i32x4_u,
  ],
  float32: [
    op.f32x4_demote_f64x2_zero,
    0,
    op.f32x4_convert_i32x4_s,
    null,
    op.f32x4_convert_i32x4_u,
  ],
  int32: [op.i32x4_trunc_sat_f64x2_s_zero, op.i32x4_trunc_sat_f32x4_s, 0, null, 0],
  uint32: [op.i32x4_trunc_sat_f64x2_u_zero, op.i32x4_trunc_sat_f32x4_u, 0, null, 0],
  int64: [null, null, op.i64x2_extend_low_i32x4_s, 0, op.i64x2_extend_low_i32x4_u],
};

/** Whether numbers can be converted in so many lanes at once, which both dtypes fit into. */
export function convertsInLanes(from: DType, to: DType): boolean {
  if (from === "bool" || to === "bool") return true;
  return inLanes[to][sources.indexOf(from)] !== null;
}

/** Converts what is on the stack. */
export function emitConvert(block: BlockEmitter, from: DType, to: DType): void {
  const { f, lanes } = block;
  if (from === to) return;
  if (to === "bool") {
    block.pushNumber(from, 0);
    f.op(instruction("ne", from, lanes));
    if (isNarrow(from)) emitWideMask(f, lanes);
    return;
  }
  if (lanes !== 1 && from === "bool") {
    if (isNarrow(to)) emitNarrowMask(f, lanes);
    block.pushNumber(to, 1);
    return f.op(op.v128_and);
  }
  const source = sources.indexOf(from === "bool" ? "uint32" : from);
  const code = (lanes === 1 ? conversions : inLanes)[to][source]!;
  if (code !== 0) f.op(code);
}

/** The same bits as a type of the same width, by the type they had. */
const reinterpretations: Readonly<Record<number, number>> = {
  [f64]: op.i64_reinterpret_f64,
  [f32]: op.i32_reinterpret_f32,
  [i64]: op.f64_reinterpret_i64,
  [i32]: op.f32_reinterpret_i32,
};

/** Looks at the bits on the stack as those of another dtype. A vector has no type. */
export function emitBitcast({ f, lanes }: BlockEmitter, from: DType, to: DType): void {
  const type = valueTypes[from];
  if (lanes === 1 && type !== valueTypes[to]) f.op(reinterpretations[type]!);
}

/** Makes what a comparison of numbers of 32 bits leaves on the stack truth values, which are as wide as their lanes. */
export function emitWideMask(f: FunctionEmitter, lanes: Lanes): void {
  if (lanes === 2) f.op(op.i64x2_extend_low_i32x4_s);
}

/** Makes truth values on the stack select among numbers of 32 bits, which are in the first two of four lanes if there are two. */
export function emitNarrowMask(f: FunctionEmitter, lanes: Lanes): void {
  if (lanes !== 2) return;
  const mask = f.keep(v128);
  f.get(mask);
  f.get(mask);
  f.shuffle([0, 2, 0, 2]);
  f.freeLocal(mask);
}
