import {
  type Known,
  type Equation,
  isEquation,
  isFloat,
  isScalarConstant,
  type Primitive,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import { f32, f64, i32, i64, v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import {
  type FunctionEmitter,
  isNarrowInteger,
  type Lanes,
  valueTypes,
} from "./FunctionEmitter.ts";

/**
 * What is one instruction after its operands: that for int32; for uint32 and truth values; for float32; in two lanes
 * for float64; in two lanes for int64, and in any for truth values, which are all ones or all zeros in their lane; in four
 * lanes for int32; and for uint32. 0 for none.
 */
const instructions: Readonly<Partial<Record<Primitive, readonly number[]>>> = {
  abs: [0, 0, op.f32_abs, op.f64x2_abs],
  floor: [0, 0, op.f32_floor, op.f64x2_floor],
  ceil: [0, 0, op.f32_ceil, op.f64x2_ceil],
  trunc: [0, 0, op.f32_trunc, op.f64x2_trunc],
  round: [0, 0, op.f32_nearest, op.f64x2_nearest],
  sqrt: [0, 0, op.f32_sqrt, op.f64x2_sqrt],
  neg: [0, 0, op.f32_neg, op.f64x2_neg, 0, op.i32x4_neg, op.i32x4_neg],
  not: [0, op.i32_eqz, 0, 0, op.v128_not, op.v128_not, op.v128_not],
  add: [op.i32_add, op.i32_add, op.f32_add, op.f64x2_add, op.i64x2_add, op.i32x4_add, op.i32x4_add],
  sub: [op.i32_sub, op.i32_sub, op.f32_sub, op.f64x2_sub, op.i64x2_sub, op.i32x4_sub, op.i32x4_sub],
  mul: [op.i32_mul, op.i32_mul, op.f32_mul, op.f64x2_mul, 0, op.i32x4_mul, op.i32x4_mul],
  div: [op.i32_div_s, op.i32_div_u, op.f32_div, op.f64x2_div],
  rem: [op.i32_rem_s, op.i32_rem_u],
  max: [0, 0, op.f32_max, op.f64x2_max],
  min: [0, 0, op.f32_min, op.f64x2_min],
  copysign: [0, 0, op.f32_copysign, op.v128_bitselect],
  and: [op.i32_and, op.i32_and, 0, 0, op.v128_and, op.v128_and, op.v128_and],
  or: [op.i32_or, op.i32_or, 0, 0, op.v128_or, op.v128_or, op.v128_or],
  xor: [op.i32_xor, op.i32_xor, 0, 0, op.v128_xor, op.v128_xor, op.v128_xor],
  shiftLeft: [op.i32_shl, op.i32_shl, 0, 0, op.i64x2_shl, op.i32x4_shl, op.i32x4_shl],
  shiftRight: [op.i32_shr_s, op.i32_shr_u, 0, 0, op.i64x2_shr_s, op.i32x4_shr_s, op.i32x4_shr_u],
  shiftRightLogical: [
    op.i32_shr_u,
    op.i32_shr_u,
    0,
    0,
    op.i64x2_shr_u,
    op.i32x4_shr_u,
    op.i32x4_shr_u,
  ],
  eq: [op.i32_eq, op.i32_eq, op.f32_eq, op.f64x2_eq, op.i64x2_eq, op.i32x4_eq, op.i32x4_eq],
  ne: [op.i32_ne, op.i32_ne, op.f32_ne, op.f64x2_ne, op.i64x2_ne, op.i32x4_ne, op.i32x4_ne],
  lt: [op.i32_lt_s, op.i32_lt_u, op.f32_lt, op.f64x2_lt, 0, op.i32x4_lt_s, op.i32x4_lt_u],
  le: [op.i32_le_s, op.i32_le_u, op.f32_le, op.f64x2_le, 0, op.i32x4_le_s, op.i32x4_le_u],
};

/** The instruction for operands of this dtype; 0 if there is none. */
function instruction(primitive: Primitive, dtype: DType, lanes: Lanes): number {
  const row = instructions[primitive];
  if (row === undefined) return 0;
  const isWide = dtype === "float64" || dtype === "int64";
  if (lanes !== 1) {
    if (dtype === "float32") return 0;
    const column = dtype === "float64" ? 3 : dtype === "int32" ? 5 : dtype === "uint32" ? 6 : 4;
    return row[column] ?? 0;
  }
  const code = row[isFloat(dtype) ? 2 : dtype === "int32" || isWide ? 0 : 1] ?? 0;
  if (!isWide || code === 0) return code;
  // Instructions come in the same order for both widths: first all comparisons, then all arithmetic.
  if (isFloat(dtype))
    return code + (code < op.f32_abs ? op.f64_eq - op.f32_eq : op.f64_abs - op.f32_abs);
  return code + (code < op.i32_add ? op.i64_eq - op.i32_eq : op.i64_add - op.i32_add);
}

/** Puts the result of an operation on scalars on the stack, or two results in lanes. */
export function emitOperation(block: BlockEmitter, equation: Equation): void {
  const { f, lanes } = block;
  const { inputs } = equation;
  const { dtype } = inputs[0]!;
  if (isEquation(equation, "select")) {
    block.push(inputs[1]!);
    block.push(inputs[2]!);
    block.push(inputs[0]!); // the condition comes last in WebAssembly
    if (lanes === 2 && isNarrowInteger(inputs[1]!.dtype)) emitNarrowMask(f);
    return f.op(lanes === 1 ? op.select : op.v128_bitselect);
  }
  block.push(inputs[0]!);
  if (isEquation(equation, "convert")) return emitConvert(block, dtype, equation.params.dtype);
  if (isEquation(equation, "bitcast")) {
    const from = valueTypes[dtype];
    if (lanes === 1 && from !== valueTypes[equation.params.dtype]) f.op(reinterpretations[from]!);
    return;
  }
  let { primitive } = equation;
  if (lanes === 1 && !isFloat(dtype) && dtype !== "bool") {
    if (primitive === "neg") primitive = "mul";
    if (primitive === "not") primitive = "xor";
    if (primitive !== equation.primitive) f.integer(dtype, -1);
  }
  if (inputs.length === 2) {
    if (lanes !== 1 && isShift(primitive)) f.i32(Number((inputs[1] as Known).scalar));
    else block.push(inputs[1]!);
  }
  // What is a sign comes from the second operand: the rest, which the mask selects, from the first.
  if (lanes !== 1 && primitive === "copysign") block.pushNumber("int64", 0x7fffffffffffffffn);
  const code = instruction(primitive, dtype, lanes);
  if (code === 0) throw new Error(`no instruction for ${primitive} of ${dtype}`);
  f.op(code);
  // A truth value is as wide as its lane.
  if (lanes === 2 && isNarrowInteger(dtype) && equation.outputs[0]!.dtype === "bool")
    f.op(op.i64x2_extend_low_i32x4_s);
}

/** Makes truth values of 64 bits on the stack ones of 32, in the first two of four lanes. */
function emitNarrowMask(f: FunctionEmitter): void {
  const mask = f.keep(v128);
  f.get(mask);
  f.get(mask);
  f.op(op.i8x16_shuffle);
  f.code.push(0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11);
  f.freeLocal(mask);
}

/** Whether an operation on scalars can be done in so many lanes at once. */
export function isLaneOperation(equation: Equation, lanes: 2 | 4): boolean {
  const { primitive, inputs, outputs } = equation;
  const [{ dtype }, second] = inputs as [Equation["inputs"][number], Equation["inputs"][number]?];
  const isFit = (type: DType): boolean =>
    lanes === 4 ? isNarrowInteger(type) || type === "bool" : type !== "float32";
  if (![...inputs, ...outputs].every((value) => isFit(value.dtype))) return false;
  if (isEquation(equation, "convert")) {
    const to = equation.params.dtype;
    return (
      to === dtype ||
      conversionInLanes(dtype, to) !== null ||
      (lanes === 2 && isTruthAsInt(dtype, to))
    );
  }
  if (isEquation(equation, "bitcast"))
    return isNarrowInteger(dtype) === isNarrowInteger(equation.params.dtype);
  if (isEquation(equation, "select")) return true;
  if (isShift(primitive)) return dtype !== "bool" && isScalarConstant(second);
  return instruction(primitive, dtype, lanes) !== 0;
}

function isShift(primitive: Primitive): boolean {
  return primitive.startsWith("shift");
}

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

/** Converts what is on the stack. */
function emitConvert(block: BlockEmitter, from: DType, to: DType): void {
  const { f } = block;
  if (from === to) return;
  if (block.lanes === 2 && isTruthAsInt(from, to)) {
    emitNarrowMask(f);
    block.pushNumber("int32", 1);
    return f.op(op.v128_and);
  }
  if (block.lanes !== 1) {
    const inLanes = conversionInLanes(from, to)!;
    if (inLanes === op.v128_and) block.pushNumber("float64", 1); // or its bits, for a truth value
    if (inLanes !== 0) f.op(inLanes);
    return;
  }
  if (to === "bool") {
    f.i32(0);
    emitConvert(block, "int32", from);
    return f.op(instruction("ne", from, 1));
  }
  const code = conversions[to].at(sources.indexOf(from))!;
  if (code !== 0) f.op(code);
}

function isTruthAsInt(from: DType, to: DType): boolean {
  return from === "bool" && isNarrowInteger(to);
}

/** The instruction that converts in lanes; 0 where nothing is to be done, and `null` if there is none. */
function conversionInLanes(from: DType, to: DType): number | null {
  if (isNarrowInteger(from) && isNarrowInteger(to)) return 0;
  if (from === "bool" && to === "float64") return op.v128_and;
  if (from === "int32" && to === "float64") return op.f64x2_convert_low_i32x4_s;
  if (from === "uint32" && to === "float64") return op.f64x2_convert_low_i32x4_u;
  if (from === "int32" && to === "int64") return op.i64x2_extend_low_i32x4_s;
  if (from === "uint32" && to === "int64") return op.i64x2_extend_low_i32x4_u;
  if (from === "float64" && to === "int32") return op.i32x4_trunc_sat_f64x2_s_zero;
  if (from === "float64" && to === "uint32") return op.i32x4_trunc_sat_f64x2_u_zero;
  return null;
}

/** The same bits as a type of the same width, by the type they had. */
const reinterpretations: Readonly<Record<number, number>> = {
  [f64]: op.i64_reinterpret_f64,
  [f32]: op.i32_reinterpret_f32,
  [i64]: op.f64_reinterpret_i64,
  [i32]: op.f32_reinterpret_i32,
};
