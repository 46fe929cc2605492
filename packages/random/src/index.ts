/**
 * Keys and samplers, with the numbers of JAX.
 *
 * @packageDocumentation
 */
export { bits, type BitsOptions } from "./bits.ts";
export { foldIn } from "./foldIn.ts";
export { key, type Key } from "./key.ts";
export { normal } from "./normal.ts";
export { split } from "./split.ts";
export { threefry2x32 } from "./threefry2x32.ts";
export { type FloatOptions, uniform, type UniformOptions } from "./uniform.ts";
