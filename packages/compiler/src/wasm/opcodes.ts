/** Value types, as the binary format writes them. */
export const i32 = 0x7f;
export const i64 = 0x7e;
export const f32 = 0x7d;
export const f64 = 0x7c;
export const v128 = 0x7b;

/** A type of local, parameter or result. */
export type ValueType = typeof i32 | typeof i64 | typeof f32 | typeof f64 | typeof v128;

/**
 * Instructions, named as in the specification with `_` for `.`. Those from 0xfc00 and 0xfd00 on carry a prefix
 * byte, and the rest as an unsigned LEB128 number.
 *
 * @see WebAssembly Core Specification 2.0, section 5.4
 */
export const op = {
  block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, br_if: 0x0d, return: 0x0f,
  call: 0x10, drop: 0x1a, select: 0x1b, local_get: 0x20, local_set: 0x21, local_tee: 0x22,

  i32_load: 0x28, i64_load: 0x29, f32_load: 0x2a, f64_load: 0x2b, i32_load8_u: 0x2d,
  i32_store: 0x36, i64_store: 0x37, f32_store: 0x38, f64_store: 0x39, i32_store8: 0x3a,
  i32_const: 0x41, i64_const: 0x42, f32_const: 0x43, f64_const: 0x44,

  i32_eqz: 0x45, i32_eq: 0x46, i32_ne: 0x47, i32_lt_s: 0x48, i32_lt_u: 0x49, i32_gt_s: 0x4a,
  i32_gt_u: 0x4b, i32_le_s: 0x4c, i32_le_u: 0x4d, i32_ge_s: 0x4e, i32_ge_u: 0x4f,
  i64_eqz: 0x50, i64_eq: 0x51, i64_ne: 0x52, i64_lt_s: 0x53, i64_le_s: 0x57, i64_ge_s: 0x59,
  f32_eq: 0x5b, f32_ne: 0x5c, f32_lt: 0x5d, f32_gt: 0x5e, f32_le: 0x5f, f32_ge: 0x60,
  f64_eq: 0x61, f64_ne: 0x62, f64_lt: 0x63, f64_gt: 0x64, f64_le: 0x65, f64_ge: 0x66,

  i32_add: 0x6a, i32_sub: 0x6b, i32_mul: 0x6c, i32_div_s: 0x6d, i32_div_u: 0x6e, i32_rem_s: 0x6f,
  i32_rem_u: 0x70, i32_and: 0x71, i32_or: 0x72, i32_xor: 0x73, i32_shl: 0x74, i32_shr_s: 0x75, i32_shr_u: 0x76,
  i64_add: 0x7c, i64_sub: 0x7d, i64_mul: 0x7e, i64_div_s: 0x7f, i64_rem_s: 0x81, i64_and: 0x83, i64_or: 0x84, i64_xor: 0x85,
  i64_shl: 0x86, i64_shr_s: 0x87, i64_shr_u: 0x88, i64_clz: 0x79,
  f32_abs: 0x8b, f32_neg: 0x8c, f32_ceil: 0x8d, f32_floor: 0x8e, f32_trunc: 0x8f, f32_nearest: 0x90,
  f32_sqrt: 0x91, f32_add: 0x92, f32_sub: 0x93, f32_mul: 0x94, f32_div: 0x95, f32_min: 0x96, f32_max: 0x97,
  f32_copysign: 0x98,
  f64_abs: 0x99, f64_neg: 0x9a, f64_ceil: 0x9b, f64_floor: 0x9c, f64_trunc: 0x9d, f64_nearest: 0x9e,
  f64_sqrt: 0x9f, f64_add: 0xa0, f64_sub: 0xa1, f64_mul: 0xa2, f64_div: 0xa3, f64_min: 0xa4, f64_max: 0xa5,
  f64_copysign: 0xa6,

  i32_wrap_i64: 0xa7, i64_extend_i32_s: 0xac, i64_extend_i32_u: 0xad,
  f32_convert_i32_s: 0xb2, f32_convert_i32_u: 0xb3, f32_convert_i64_s: 0xb4, f32_demote_f64: 0xb6,
  f64_convert_i32_s: 0xb7, f64_convert_i32_u: 0xb8, f64_convert_i64_s: 0xb9, f64_promote_f32: 0xbb,
  i32_reinterpret_f32: 0xbc, i64_reinterpret_f64: 0xbd, f32_reinterpret_i32: 0xbe, f64_reinterpret_i64: 0xbf,

  i32_trunc_sat_f32_s: 0xfc00, i32_trunc_sat_f32_u: 0xfc01, i32_trunc_sat_f64_s: 0xfc02,
  i32_trunc_sat_f64_u: 0xfc03, i64_trunc_sat_f32_s: 0xfc04, i64_trunc_sat_f64_s: 0xfc06,
  memory_copy: 0xfc0a, memory_fill: 0xfc0b,

  v128_load: 0xfd00, v128_load64_splat: 0xfd0a, v128_store: 0xfd0b, v128_const: 0xfd0c,
  i64x2_splat: 0xfd12, f64x2_splat: 0xfd14, i64x2_extract_lane: 0xfd1d, f64x2_extract_lane: 0xfd21, f64x2_replace_lane: 0xfd22,
  f64x2_eq: 0xfd47, f64x2_ne: 0xfd48, f64x2_lt: 0xfd49, f64x2_gt: 0xfd4a, f64x2_le: 0xfd4b, f64x2_ge: 0xfd4c,
  v128_not: 0xfd4d, v128_and: 0xfd4e, v128_andnot: 0xfd4f, v128_or: 0xfd50, v128_xor: 0xfd51,
  v128_bitselect: 0xfd52, v128_any_true: 0xfd53,
  f64x2_ceil: 0xfd74, f64x2_floor: 0xfd75, f64x2_trunc: 0xfd7a, f64x2_nearest: 0xfd94,
  i64x2_shl: 0xfdcb, i64x2_shr_s: 0xfdcc, i64x2_shr_u: 0xfdcd, i64x2_add: 0xfdce, i64x2_sub: 0xfdd1,
  i64x2_eq: 0xfdd6, i64x2_ne: 0xfdd7,
  f64x2_abs: 0xfdec, f64x2_neg: 0xfded, f64x2_sqrt: 0xfdef, f64x2_add: 0xfdf0, f64x2_sub: 0xfdf1,
  f64x2_mul: 0xfdf2, f64x2_div: 0xfdf3, f64x2_min: 0xfdf4, f64x2_max: 0xfdf5,
} as const;

/** A block that leaves nothing on the stack. */
export const noResult = 0x40;
