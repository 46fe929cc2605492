// What some engines have and others do not. No type of WebAssembly is in the declarations of this file, since it is public.
import { webAssembly } from "./webAssembly.ts";

let hasVectors: boolean | undefined;

/**
 * Whether the engine has vectors of 128 bits, asked once. Processors without SSE4.1 have none, nor has JavaScriptCore without its
 * compiler: there every loop goes from element to element, with the same bits.
 */
export function hasSimd(): boolean {
  return (hasVectors ??= webAssembly().validate(Uint8Array.from(moduleWithVector)));
}

/** A module with one function `() => i8x16.popcnt(i8x16.splat(0))`: head, types, functions, code. */
const moduleWithVector: readonly number[] = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03,
  0x02, 0x01, 0x00, 0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b,
];

let hasRelaxed: boolean | undefined;

/**
 * Whether the engine has the instructions that `jit(f, { fma: true })` asks for, those of WebAssembly's relaxed SIMD: Node from 22 on and Chrome
 * from 114 on do. Without them that option changes nothing. Asked once.
 */
export function hasFma(): boolean {
  return (hasRelaxed ??= webAssembly().validate(Uint8Array.from(moduleWithFma)));
}

/** A module with one function, of `f64x2.relaxed_madd` and three vectors of zeros. */
const moduleWithFma: readonly number[] = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03,
  0x02, 0x01, 0x00, 0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f,
  0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x87, 0x02, 0x0b,
];
