import {
  abs,
  astype,
  bitcast,
  bitwiseAnd,
  bitwiseOr,
  copysign,
  greater,
  less,
  lessEqual,
  logicalAnd,
  maximum,
  minimum,
  mul,
  shiftLeft,
  shiftRightLogical,
  sub,
  type TensorLike,
  where,
} from "./operations.ts";
import type { Joined } from "./ranks.ts";
import type { Program } from "./Program.ts";
import { apply } from "./apply.ts";
import { elementwise } from "./elementwise.ts";
import { scalarTensor } from "./tensorOf.ts";
import { traceProgram } from "./traceProgram.ts";
import { arrayType } from "./Type.ts";
import type { Tensor } from "@diffrax-ts/pytree";

/** The remainder of `a / b` rounded towards zero, with the sign of `a`; exact. */
export function rem<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return elementwise("rem", a, b, {
    ofFloats: remainderProgram,
  });
}

/** A mantissa has 53 bits, and an int64 holds this many more. */
const bitsAtOnce = 10;

let program: Program | undefined;

/** `x % y` of float64 scalars, exact and with the sign of `x`; made once. */
function remainderProgram(): Program {
  const float = arrayType("float64", []);
  program ??= traceProgram([float, float], (x, y) => {
    const [a, b] = [abs(x), abs(y)];
    const isDefined = logicalAnd(less(a, Infinity), greater(b, 0));
    const small = where(isDefined, a, NaN);
    const types = [float, float, float];
    const branches = [
      traceProgram(types, (_a, _b, kept) => [kept]).program,
      traceProgram(types, (dividend, divisor) => [byLongDivision(dividend, divisor)]).program,
    ];
    const [result] = apply("cond", [logicalAnd(isDefined, lessEqual(b, a)), a, b, small], {
      branches,
    });
    return [copysign(result!, x)];
  }).program;
  return program;
}

const wide = (x: bigint): Tensor => scalarTensor("int64", x);

/** Of positive, finite numbers, of which the first is not smaller: with `a = m 2^i` and `b = n 2^j`, `(m 2^(i-j) mod n) 2^j`. */
function byLongDivision(a: Tensor, b: Tensor): Tensor {
  const [bitsA, bitsB] = [bitcast(a, "int64"), bitcast(b, "int64")];
  const [biasedA, biasedB] = [exponentOf(bitsA), exponentOf(bitsB)];
  const divisor = maximum(mantissaOf(bitsB), wide(1n)); // both branches may be run, and a division by zero would trap
  const left = astype(sub(biasedA, biasedB), "int32");
  const types = [arrayType("int64", []), arrayType("int64", []), arrayType("int32", [])];
  const body = traceProgram(types, (n, m, count) => {
    const bits = minimum(count, bitsAtOnce);
    return [rem(shiftLeft(m, astype(bits, "int64")), n), sub(count, bits)];
  });
  const cond = traceProgram(types, (_n, _m, count) => [greater(count, 0)]);
  const [rest] = apply("loop", [divisor, rem(mantissaOf(bitsA), divisor), left], {
    body: body.program,
    cond: cond.program,
    length: null,
    numConsts: 1,
    numCarry: 2,
    reverse: false,
    parallel: false,
    bound: null,
    host: false,
  });
  // 2^j, in two steps because j goes down to -1074.
  const scale = bitcast(shiftLeft(biasedB, wide(52n)), "float64");
  return mul(mul(astype(rest!, "float64"), 2 ** -52), scale);
}

/** The biased exponent; 1 for denormal numbers, whose mantissa has no hidden bit. */
function exponentOf(bits: Tensor): Tensor {
  return maximum(shiftRightLogical(bits, wide(52n)), wide(1n));
}

function mantissaOf(bits: Tensor): Tensor {
  const hidden = minimum(shiftRightLogical(bits, wide(52n)), wide(1n));
  return bitwiseOr(bitwiseAnd(bits, wide((1n << 52n) - 1n)), shiftLeft(hidden, wide(52n)));
}
