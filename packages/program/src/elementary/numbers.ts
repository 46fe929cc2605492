import type { AllOps } from "./exact.ts";

let floats: Float64Array | undefined;
let integers: BigInt64Array | undefined;

function bits(a: number): bigint {
  if (floats === undefined || integers === undefined) {
    floats = new Float64Array(1);
    integers = new BigInt64Array(floats.buffer);
  }
  floats[0] = a;
  return integers[0]!;
}

function fromBits(a: bigint): number {
  if (floats === undefined || integers === undefined) bits(0);
  integers![0] = a;
  return floats![0]!;
}

const signed = (a: bigint): bigint => BigInt.asIntN(64, a);

const copysign = (magnitude: number, sign: number): number =>
  sign < 0 || Object.is(sign, -0) ? -Math.abs(magnitude) : Math.abs(magnitude);

/**
 * The exact operations on JavaScript numbers: `V` is `number`, `I` a signed 64-bit `bigint`, `B`
 * `boolean`. The evaluator runs the elementary functions on it.
 */
export const numberOps: AllOps<number, bigint, boolean> = {
  constant: (x) => x,
  integer: (x) => x,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  sqrt: (a) => Math.sqrt(a),
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  copysign,
  floor: (a) => Math.floor(a),
  // Adding 2⁵² leaves no bit for a fraction, and rounds half to even.
  nearest: (a) =>
    Math.abs(a) < 4503599627370496
      ? copysign(Math.abs(a) + 4503599627370496 - 4503599627370496, a)
      : a,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  eq: (a, b) => a === b,
  ieq: (a, b) => a === b,
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  not: (a) => !a,
  select: (p, a, b) => (p ? a : b),
  bits,
  fromBits,
  iadd: (a, b) => signed(a + b),
  isub: (a, b) => signed(a - b),
  iand: (a, b) => a & b,
  ior: (a, b) => a | b,
  ixor: (a, b) => a ^ b,
  ishl: (a, n) => signed(a << BigInt(n)),
  ishrl: (a, n) => signed(BigInt.asUintN(64, a) >> BigInt(n)),
  lookup: (table, index) => table[index]!,
  apart: (define, x) => define(numberOps, x),
  cond: (p, ifTrue, ifFalse) => (p ? ifTrue() : ifFalse()),
  narrow: (x, f, onNumbers) => f(onNumbers(), x),
};
