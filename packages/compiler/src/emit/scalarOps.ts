import type { ParamsOf, Primitive } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { op } from "../wasm/opcodes.ts";
import type { FunctionEmitter } from "./FunctionEmitter.ts";

type Codes = Partial<Record<DType, number>>;

const float = (f64: number, f32: number): Codes => ({ float64: f64, float32: f32 });
const all = (
  f64: number,
  f32: number,
  i32: number,
  u32: number,
  i64: number,
  bool?: number,
): Codes => ({
  float64: f64,
  float32: f32,
  int32: i32,
  uint32: u32,
  int64: i64,
  ...(bool === undefined ? {} : { bool }),
});
const bits = (i32: number, i64: number): Codes => ({
  int32: i32,
  uint32: i32,
  int64: i64,
  bool: i32,
});

let scalarCodes: Partial<Record<Primitive, Codes>> | undefined;

/** What is one instruction after its operands, by the dtype of the first. */
function codes(): Partial<Record<Primitive, Codes>> {
  scalarCodes ??= {
    abs: float(op.f64_abs, op.f32_abs),
    floor: float(op.f64_floor, op.f32_floor),
    ceil: float(op.f64_ceil, op.f32_ceil),
    trunc: float(op.f64_trunc, op.f32_trunc),
    round: float(op.f64_nearest, op.f32_nearest),
    sqrt: float(op.f64_sqrt, op.f32_sqrt),
    neg: float(op.f64_neg, op.f32_neg),
    not: { bool: op.i32_eqz },
    add: all(op.f64_add, op.f32_add, op.i32_add, op.i32_add, op.i64_add),
    sub: all(op.f64_sub, op.f32_sub, op.i32_sub, op.i32_sub, op.i64_sub),
    mul: all(op.f64_mul, op.f32_mul, op.i32_mul, op.i32_mul, op.i64_mul),
    div: {
      float64: op.f64_div,
      float32: op.f32_div,
      int32: op.i32_div_s,
      uint32: op.i32_div_u,
      int64: op.i64_div_s,
    },
    rem: { int32: op.i32_rem_s, uint32: op.i32_rem_u, int64: op.i64_rem_s },
    max: float(op.f64_max, op.f32_max),
    min: float(op.f64_min, op.f32_min),
    copysign: float(op.f64_copysign, op.f32_copysign),
    and: bits(op.i32_and, op.i64_and),
    or: bits(op.i32_or, op.i64_or),
    xor: bits(op.i32_xor, op.i64_xor),
    shiftLeft: bits(op.i32_shl, op.i64_shl),
    shiftRight: { int32: op.i32_shr_s, uint32: op.i32_shr_u, int64: op.i64_shr_s },
    shiftRightLogical: bits(op.i32_shr_u, op.i64_shr_u),
    eq: all(op.f64_eq, op.f32_eq, op.i32_eq, op.i32_eq, op.i64_eq, op.i32_eq),
    ne: all(op.f64_ne, op.f32_ne, op.i32_ne, op.i32_ne, op.i64_ne, op.i32_ne),
    lt: all(op.f64_lt, op.f32_lt, op.i32_lt_s, op.i32_lt_u, op.i64_lt_s, op.i32_lt_u),
    le: all(op.f64_le, op.f32_le, op.i32_le_s, op.i32_le_u, op.i64_le_s, op.i32_le_u),
    // `select` in WebAssembly takes its condition last, so it is pushed last: see emitScalarOp.
    select: all(op.select, op.select, op.select, op.select, op.select, op.select),
  };
  return scalarCodes;
}

/**
 * Writes one operation on scalars. `push` puts an operand on the stack.
 *
 * @throws Error if lowering has left something that no instruction does.
 */
export function emitScalarOp(
  f: FunctionEmitter,
  primitive: Primitive,
  params: object,
  dtypes: readonly DType[],
  push: (operand: number) => void,
): void {
  const dtype = dtypes[0]!;
  switch (primitive as string) {
    case "select":
      push(1);
      push(2);
      push(0);
      return f.op(op.select);
    case "convert":
      return emitConvert(f, dtype, (params as ParamsOf<"convert">).dtype, () => push(0));
    case "bitcast":
      push(0);
      return emitBitcast(f, dtype, (params as ParamsOf<"bitcast">).dtype);
    case "neg":
      if (dtype === "int64") {
        f.op(op.i64_const);
        f.code.i64(0n);
        push(0);
        return f.op(op.i64_sub);
      }
      if (dtype === "int32" || dtype === "uint32") {
        f.i32(0);
        push(0);
        return f.op(op.i32_sub);
      }
      break;
    case "not":
      if (dtype === "bool") break;
      push(0);
      if (dtype === "int64") {
        f.op(op.i64_const);
        f.code.i64(-1n);
        return f.op(op.i64_xor);
      }
      f.i32(-1);
      return f.op(op.i32_xor);
    default:
  }
  for (const i of dtypes.keys()) push(i);
  const code = codes()[primitive]?.[dtype];
  if (code === undefined) throw new Error(`no instruction for ${primitive} of ${dtype}`);
  f.op(code);
}

function emitConvert(f: FunctionEmitter, from: DType, to: DType, push: () => void): void {
  if (to === "bool") {
    push();
    return emitNonZero(f, from);
  }
  push();
  const source = from === "bool" ? "uint32" : from;
  if (source === to) return;
  const table: Partial<Record<DType, Codes>> = {
    float64: {
      float32: op.f64_promote_f32,
      int32: op.f64_convert_i32_s,
      uint32: op.f64_convert_i32_u,
      int64: op.f64_convert_i64_s,
    },
    float32: {
      float64: op.f32_demote_f64,
      int32: op.f32_convert_i32_s,
      uint32: op.f32_convert_i32_u,
      int64: op.f32_convert_i64_s,
    },
    int32: {
      float64: op.i32_trunc_sat_f64_s,
      float32: op.i32_trunc_sat_f32_s,
      int64: op.i32_wrap_i64,
    },
    uint32: {
      float64: op.i32_trunc_sat_f64_u,
      float32: op.i32_trunc_sat_f32_u,
      int64: op.i32_wrap_i64,
    },
    int64: {
      float64: op.i64_trunc_sat_f64_s,
      float32: op.i64_trunc_sat_f32_s,
      int32: op.i64_extend_i32_s,
      uint32: op.i64_extend_i32_u,
    },
  };
  const code = table[to]?.[source];
  if (code !== undefined) f.op(code); // Nothing to do between int32 and uint32.
}

function emitNonZero(f: FunctionEmitter, from: DType): void {
  if (from === "bool") return;
  if (from === "float64" || from === "float32") {
    f.op(from === "float64" ? 0x44 : 0x43);
    for (let i = from === "float64" ? 8 : 4; i > 0; i--) f.code.byte(0);
    return f.op(from === "float64" ? op.f64_ne : op.f32_ne);
  }
  f.op(from === "int64" ? op.i64_eqz : op.i32_eqz);
  f.op(op.i32_eqz);
}

function emitBitcast(f: FunctionEmitter, from: DType, to: DType): void {
  if (from === "float64" && to === "int64") f.op(op.i64_reinterpret_f64);
  else if (from === "int64" && to === "float64") f.op(op.f64_reinterpret_i64);
  else if (from === "float32" && to !== "float32") f.op(op.i32_reinterpret_f32);
  else if (from !== "float32" && to === "float32") f.op(op.f32_reinterpret_i32);
}

let pairCodes: Partial<Record<Primitive, Codes>> | undefined;

function codesOfPairs(): Partial<Record<Primitive, Codes>> {
  const f = (float64: number): Codes => ({ float64 });
  const logic = (code: number): Codes => ({ bool: code, int64: code });
  pairCodes ??= {
    abs: f(op.f64x2_abs),
    floor: f(op.f64x2_floor),
    ceil: f(op.f64x2_ceil),
    trunc: f(op.f64x2_trunc),
    round: f(op.f64x2_nearest),
    sqrt: f(op.f64x2_sqrt),
    neg: f(op.f64x2_neg),
    not: logic(op.v128_not),
    add: { float64: op.f64x2_add, int64: op.i64x2_add },
    sub: { float64: op.f64x2_sub, int64: op.i64x2_sub },
    mul: f(op.f64x2_mul),
    div: f(op.f64x2_div),
    max: f(op.f64x2_max),
    min: f(op.f64x2_min),
    and: logic(op.v128_and),
    or: logic(op.v128_or),
    xor: logic(op.v128_xor),
    eq: { float64: op.f64x2_eq, int64: op.i64x2_eq },
    ne: { float64: op.f64x2_ne, int64: op.i64x2_ne, bool: op.v128_xor },
    lt: f(op.f64x2_lt),
    le: f(op.f64x2_le),
    shiftLeft: { int64: op.i64x2_shl },
    shiftRight: { int64: op.i64x2_shr_s },
    shiftRightLogical: { int64: op.i64x2_shr_u },
    select: { float64: op.v128_bitselect, int64: op.v128_bitselect, bool: op.v128_bitselect },
    copysign: f(op.v128_bitselect),
    bitcast: { float64: op.v128_and, int64: op.v128_and },
    convert: { float64: op.v128_and, bool: op.v128_and },
  };
  return pairCodes;
}

/** Whether an operation on scalars can be done in two lanes at once. `isConstant` tells of an operand. */
export function worksInPairs(
  primitive: Primitive,
  params: object,
  dtypes: readonly DType[],
  isConstant: (operand: number) => boolean,
): boolean {
  if (primitive === "convert") {
    const { dtype } = params as ParamsOf<"convert">;
    return dtype === dtypes[0] || (dtypes[0] === "bool" && dtype === "float64");
  }
  if (primitive.startsWith("shift")) return dtypes[0] === "int64" && isConstant(1);
  if (primitive === "select")
    return dtypes[1] === "float64" || dtypes[1] === "int64" || dtypes[1] === "bool";
  return codesOfPairs()[primitive]?.[dtypes[0]!] !== undefined;
}

/** Writes one operation in two lanes. A truth value is all ones or all zeros in its lane. */
export function emitPairOp(
  f: FunctionEmitter,
  primitive: Primitive,
  params: object,
  dtypes: readonly DType[],
  push: (operand: number) => void,
  constant: (bits: bigint) => void,
  shift: () => number,
): void {
  const code = codesOfPairs()[primitive]?.[dtypes[0]!];
  switch (primitive as string) {
    case "select":
      push(1);
      push(2);
      push(0);
      return f.op(op.v128_bitselect);
    case "copysign":
      push(0);
      push(1);
      constant(0x7fffffffffffffffn);
      return f.op(op.v128_bitselect);
    case "bitcast":
      return push(0);
    case "convert":
      push(0);
      if (dtypes[0] === (params as ParamsOf<"convert">).dtype) return;
      constant(0x3ff0000000000000n); // 1
      return f.op(op.v128_and);
    case "shiftLeft":
    case "shiftRight":
    case "shiftRightLogical":
      push(0);
      f.i32(shift());
      return f.op(code!);
    default:
      for (const i of dtypes.keys()) push(i);
      f.op(code!);
  }
}
