import { isFloat, type Primitive } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import type { Lanes } from "./FunctionEmitter.ts";

/**
 * What is one instruction after its operands: that for int32; for uint32 and truth values; for float32; then for vectors of
 * float64, float32, int64, int32 and uint32. 0 for none. Truth values are all ones or all zeros in their lane: those of 64
 * bits are in the column of int64, those of 32 bits in that of uint32.
 */
const instructions: Readonly<Partial<Record<Primitive, readonly number[]>>> = {
  abs: [0, 0, op.f32_abs, op.f64x2_abs, op.f32x4_abs],
  floor: [0, 0, op.f32_floor, op.f64x2_floor, op.f32x4_floor],
  ceil: [0, 0, op.f32_ceil, op.f64x2_ceil, op.f32x4_ceil],
  trunc: [0, 0, op.f32_trunc, op.f64x2_trunc, op.f32x4_trunc],
  round: [0, 0, op.f32_nearest, op.f64x2_nearest, op.f32x4_nearest],
  sqrt: [0, 0, op.f32_sqrt, op.f64x2_sqrt, op.f32x4_sqrt],
  neg: [0, 0, op.f32_neg, op.f64x2_neg, op.f32x4_neg, 0, op.i32x4_neg, op.i32x4_neg],
  not: [0, op.i32_eqz, 0, 0, 0, op.v128_not, op.v128_not, op.v128_not],
  // prettier-ignore
  add: [op.i32_add, op.i32_add, op.f32_add, op.f64x2_add, op.f32x4_add, op.i64x2_add, op.i32x4_add, op.i32x4_add],
  // prettier-ignore
  sub: [op.i32_sub, op.i32_sub, op.f32_sub, op.f64x2_sub, op.f32x4_sub, op.i64x2_sub, op.i32x4_sub, op.i32x4_sub],
  // prettier-ignore
  mul: [op.i32_mul, op.i32_mul, op.f32_mul, op.f64x2_mul, op.f32x4_mul, 0, op.i32x4_mul, op.i32x4_mul],
  div: [op.i32_div_s, op.i32_div_u, op.f32_div, op.f64x2_div, op.f32x4_div],
  rem: [op.i32_rem_s, op.i32_rem_u],
  max: [0, 0, op.f32_max, op.f64x2_max, op.f32x4_max],
  min: [0, 0, op.f32_min, op.f64x2_min, op.f32x4_min],
  copysign: [0, 0, op.f32_copysign, op.v128_bitselect, op.v128_bitselect],
  and: [op.i32_and, op.i32_and, 0, 0, 0, op.v128_and, op.v128_and, op.v128_and],
  or: [op.i32_or, op.i32_or, 0, 0, 0, op.v128_or, op.v128_or, op.v128_or],
  xor: [op.i32_xor, op.i32_xor, 0, 0, 0, op.v128_xor, op.v128_xor, op.v128_xor],
  shiftLeft: [op.i32_shl, op.i32_shl, 0, 0, 0, op.i64x2_shl, op.i32x4_shl, op.i32x4_shl],
  // prettier-ignore
  shiftRight: [op.i32_shr_s, op.i32_shr_u, 0, 0, 0, op.i64x2_shr_s, op.i32x4_shr_s, op.i32x4_shr_u],
  // prettier-ignore
  shiftRightLogical: [op.i32_shr_u, op.i32_shr_u, 0, 0, 0, op.i64x2_shr_u, op.i32x4_shr_u, op.i32x4_shr_u],
  // prettier-ignore
  eq: [op.i32_eq, op.i32_eq, op.f32_eq, op.f64x2_eq, op.f32x4_eq, op.i64x2_eq, op.i32x4_eq, op.i32x4_eq],
  // prettier-ignore
  ne: [op.i32_ne, op.i32_ne, op.f32_ne, op.f64x2_ne, op.f32x4_ne, op.i64x2_ne, op.i32x4_ne, op.i32x4_ne],
  // prettier-ignore
  lt: [op.i32_lt_s, op.i32_lt_u, op.f32_lt, op.f64x2_lt, op.f32x4_lt, 0, op.i32x4_lt_s, op.i32x4_lt_u],
  // prettier-ignore
  le: [op.i32_le_s, op.i32_le_u, op.f32_le, op.f64x2_le, op.f32x4_le, 0, op.i32x4_le_s, op.i32x4_le_u],
};

/** The column for vectors. */
const vectorColumns: Readonly<Record<DType, number>> = {
  float64: 3,
  float32: 4,
  int64: 5,
  int32: 6,
  uint32: 7,
  bool: 5, // of 64 bits
};

/** The instruction for operands of this dtype; 0 if there is none. */
export function instruction(primitive: Primitive, dtype: DType, lanes: Lanes): number {
  const row = instructions[primitive];
  if (row === undefined) return 0;
  if (lanes !== 1)
    return row[vectorColumns[dtype === "bool" && lanes === 4 ? "uint32" : dtype]] ?? 0;
  const isWide = dtype === "float64" || dtype === "int64";
  const ofFloats = isFloat(dtype);
  const code = row[ofFloats ? 2 : dtype === "int32" || isWide ? 0 : 1] ?? 0;
  if (!isWide || code === 0) return code;
  // Instructions come in the same order for both widths: first all comparisons, then all arithmetic.
  if (ofFloats) return code + (code < op.f32_abs ? op.f64_eq - op.f32_eq : op.f64_abs - op.f32_abs);
  return code + (code < op.i32_add ? op.i64_eq - op.i32_eq : op.i64_add - op.i32_add);
}

/** Whether a primitive shifts bits. */
export function isShift(primitive: Primitive): boolean {
  return primitive.startsWith("shift");
}
