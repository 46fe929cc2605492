// Value types, as the binary format writes them.
export const i32 = 0x7f;
export const i64 = 0x7e;
export const f32 = 0x7d;
export const f64 = 0x7c;
export const v128 = 0x7b;

/** A type of local, parameter or result. */
export type ValueType = typeof i32 | typeof i64 | typeof f32 | typeof f64 | typeof v128;
