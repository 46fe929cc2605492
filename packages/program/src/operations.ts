// The element-by-element operations as functions. Numbers may stand for scalars; binary ones broadcast.
// Errors in ulp are those of float64 (test/elementary/claims.ts). Those of float32 are below 0.9 ulp
// (test/elementary/singleClaims.json).
import {
  describeValue,
  type DType,
  isLeaf,
  type Leaf,
  type Tensor,
  type Traced,
} from "@diffrax-ts/pytree";
import * as definitions from "./elementary/elementaryFunctions.ts";
import * as single from "./elementary/single/singleFunctions.ts";
import type {
  BinaryPrimitive,
  ComparePrimitive,
  Elementary,
  ElementaryPrimitive,
  UnaryPrimitive,
} from "./primitives.ts";
import { broadcastShapes } from "./broadcastShapes.ts";
import { apply } from "./apply.ts";
import { asTensor, numberAs } from "./asTensor.ts";
import { broadcastTo, broadcastTogether, elementwise } from "./elementwise.ts";
import { isTraced } from "./isTraced.ts";
import { scalarTensor } from "./tensorOf.ts";
import type { Joined } from "./ranks.ts";
import { isFloat, sameList } from "./Type.ts";

/** A tensor or an array of another library, or a number that takes the dtype of the tensor it meets. */
export type TensorLike = Leaf;

function unary<X extends TensorLike>(
  primitive: Exclude<UnaryPrimitive, ElementaryPrimitive>,
  x: X,
  params = {},
): Traced<X> {
  return apply(primitive, [asTensor(x, primitive)], params)[0]! as Traced<X>;
}

function elementary<X extends TensorLike>(
  primitive: Extract<UnaryPrimitive, ElementaryPrimitive>,
  x: X,
  define: Elementary,
  single: Elementary,
): Traced<X> {
  return unary(primitive as never, x, { define, single });
}

function binary<A extends TensorLike, B extends TensorLike>(
  primitive: BinaryPrimitive | ComparePrimitive,
  a: A,
  b: B,
  params?: object,
): Joined<A, B> {
  return elementwise(primitive, a, b, params);
}

/** `a + b`. */
export function add<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("add", a, b);
}
/** `a - b`. */
export function sub<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("sub", a, b);
}
/** `a * b`. */
export function mul<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("mul", a, b);
}
/** `a / b`. Integers are divided towards zero; `x / 0 = -1` for them. */
export function div<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("div", a, b);
}
/** `a ** b`, with the special cases of IEEE 754 `pow`. Within 1.45 ulp. */
export function pow<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("pow", a, b, { define: definitions.pow, single: single.pow });
}
/** The angle of the point `(x, y)`, in `[-π, π]` radians. Within 1.65 ulp. */
export function atan2<A extends TensorLike, B extends TensorLike>(y: A, x: B): Joined<A, B> {
  return binary("atan2", y, x, { define: definitions.atan2, single: single.atan2 });
}
/** The larger; NaN if either is. */
export function maximum<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("max", a, b);
}
/** The smaller; NaN if either is. */
export function minimum<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("min", a, b);
}
/** `|magnitude|` with the sign of `sign`; that of a NaN, in which machines differ, counts as positive. */
export function copysign<A extends TensorLike, B extends TensorLike>(
  magnitude: A,
  sign: B,
): Joined<A, B> {
  const signed = typeof sign === "number" ? sign : where(equal(sign, sign), sign, 1);
  return binary("copysign", magnitude, signed);
}

/** `a === b`. */
export function equal<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("eq", a, b);
}
/** `a !== b`; true for NaN. */
export function notEqual<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("ne", a, b);
}
/** `a < b`. */
export function less<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("lt", a, b);
}
/** `a <= b`. */
export function lessEqual<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("le", a, b);
}
/** `a > b`. */
export function greater<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("lt", b, a);
}
/** `a >= b`. */
export function greaterEqual<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("le", b, a);
}

/** Whether both are true. Numbers are true unless they are 0, here and below. */
export function logicalAnd<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("and", truth("logicalAnd", a), truth("logicalAnd", b));
}
/** Whether one of them is true, or both. */
export function logicalOr<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("or", truth("logicalOr", a), truth("logicalOr", b));
}
/** Whether one of them is true, and the other is not. */
export function logicalXor<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("xor", truth("logicalXor", a), truth("logicalXor", b));
}
/** Whether `x` is false. */
export function logicalNot<X extends TensorLike>(x: X): Traced<X> {
  return unary("not", truth("logicalNot", x)) as Traced<X>;
}

/** Truth values as they are; numbers are true unless they are 0. */
export function truth(name: string, x: TensorLike): Tensor {
  const tensor = asTensor(x, name);
  return tensor.dtype === "bool" ? tensor : notEqual(tensor, 0);
}

/** Both, bit by bit: of integers, or of truth values as integers of one bit, here and below. */
export function bitwiseAnd<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("and", a, b);
}
/** Either or both, bit by bit. */
export function bitwiseOr<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("or", a, b);
}
/** One and not the other, bit by bit. */
export function bitwiseXor<A extends TensorLike, B extends TensorLike>(a: A, b: B): Joined<A, B> {
  return binary("xor", a, b);
}
/** The opposite, bit by bit. */
export function bitwiseNot<X extends Tensor>(x: X): X {
  return apply("not", [x], {})[0]! as X;
}
/** `a << bits`, the bits taken modulo the width. */
export function shiftLeft<A extends Tensor, B extends TensorLike>(a: A, bits: B): Joined<A, B> {
  return binary("shiftLeft", a, bits);
}
/** `a >> bits`: the sign comes in. */
export function shiftRight<A extends Tensor, B extends TensorLike>(a: A, bits: B): Joined<A, B> {
  return binary("shiftRight", a, bits);
}
/** `a >>> bits`: zeros come in. */
export function shiftRightLogical<A extends Tensor, B extends TensorLike>(
  a: A,
  bits: B,
): Joined<A, B> {
  return binary("shiftRightLogical", a, bits);
}

/** `condition ? onTrue : onFalse`, element by element. Both are computed. */
export function where<Choice extends Tensor | boolean, A extends TensorLike, B extends TensorLike>(
  choice: Choice,
  onTrue: A,
  onFalse: B,
): Joined<Choice, Joined<A, B>> {
  const condition =
    typeof choice === "boolean"
      ? scalarTensor("bool", Number(choice))
      : isLeaf(choice)
        ? asTensor(choice, "where")
        : undefined;
  if (condition?.dtype !== "bool") {
    throw new TypeError(
      `where: condition must be of truth values, got ${describeValue(choice)}; compare it with something`,
    );
  }
  const [x, y] = broadcastTogether("where", onTrue, onFalse);
  const shape = broadcastShapes(
    "where",
    condition.shape,
    broadcastShapes("where", x!.shape, y!.shape),
  );
  const operands = [condition, x!, y!].map((operand) =>
    operand.shape.length === 0 && !isTraced(operand) ? operand : broadcastTo(operand, shape),
  );
  return apply("select", operands, {})[0]!;
}

/** `x` as another type of number. Fractions are cut off, and what does not fit becomes the nearest that does. */
export function astype<X extends TensorLike>(x: X, dtype: DType): Traced<X> {
  const result =
    typeof x === "number" && isFloat(dtype)
      ? numberAs("convert", x, dtype)
      : apply("convert", [asTensor(x, "astype")], { dtype })[0]!;
  return result as Traced<X>;
}
/** The bits of `x` read as another type of the same width. */
export function bitcast<X extends Tensor>(x: X, dtype: DType): X {
  return apply("bitcast", [x], { dtype })[0]! as X;
}
/** `x ** exponent` for an integer, by multiplication. */
export function integerPow<X extends TensorLike>(x: X, exponent: number): Traced<X> {
  return apply("integerPow", [asTensor(x, "integerPow")], { exponent })[0]! as Traced<X>;
}
/** `x`, without its derivative. */
export function stopGradient<X extends Tensor>(x: X): X {
  return apply("stopGradient", [x], {})[0]! as X;
}

/** `-x`. */
export function neg<X extends TensorLike>(x: X): Traced<X> {
  return unary("neg", x);
}
/** `|x|`. */
export function abs<X extends TensorLike>(x: X): Traced<X> {
  return unary("abs", x);
}
/** The largest integer not above `x`. */
export function floor<X extends TensorLike>(x: X): Traced<X> {
  return unary("floor", x);
}
/** The smallest integer not below `x`. */
export function ceil<X extends TensorLike>(x: X): Traced<X> {
  return unary("ceil", x);
}
/** `x` without its fraction. */
export function trunc<X extends TensorLike>(x: X): Traced<X> {
  return unary("trunc", x);
}
/** The nearest integer; of two, the even one. */
export function round<X extends TensorLike>(x: X): Traced<X> {
  return unary("round", x);
}
/** The square root, correctly rounded. */
export function sqrt<X extends TensorLike>(x: X): Traced<X> {
  return unary("sqrt", x);
}
/** `e^x`. Within 0.95 ulp. */
export function exp<X extends TensorLike>(x: X): Traced<X> {
  return elementary("exp", x, definitions.exp, single.exp);
}
/** `e^x - 1`, without cancellation. Within 1.35 ulp. */
export function expm1<X extends TensorLike>(x: X): Traced<X> {
  return elementary("expm1", x, definitions.expm1, single.expm1);
}
/** The natural logarithm. Within 0.9 ulp. */
export function log<X extends TensorLike>(x: X): Traced<X> {
  return elementary("log", x, definitions.log, single.log);
}
/** `log(1 + x)`, without cancellation. Within 0.9 ulp. */
export function log1p<X extends TensorLike>(x: X): Traced<X> {
  return elementary("log1p", x, definitions.log1p, single.log1p);
}
/** The logarithm to base 2, exact for powers of 2. Within 0.55 ulp. */
export function log2<X extends TensorLike>(x: X): Traced<X> {
  return elementary("log2", x, definitions.log2, single.log2);
}
/** The logarithm to base 10, exact for powers of 10 that are floats. Within 0.55 ulp. */
export function log10<X extends TensorLike>(x: X): Traced<X> {
  return elementary("log10", x, definitions.log10, single.log10);
}
/** The sine of an angle in radians, for arguments of any size. Within 0.9 ulp. */
export function sin<X extends TensorLike>(x: X): Traced<X> {
  return elementary("sin", x, definitions.sin, single.sin);
}
/** The cosine of an angle in radians, for arguments of any size. Within 0.9 ulp. */
export function cos<X extends TensorLike>(x: X): Traced<X> {
  return elementary("cos", x, definitions.cos, single.cos);
}
/** The tangent of an angle in radians, for arguments of any size. Within 1.6 ulp. */
export function tan<X extends TensorLike>(x: X): Traced<X> {
  return elementary("tan", x, definitions.tan, single.tan);
}
/** The arcsine, in radians. Within 1.25 ulp. */
export function asin<X extends TensorLike>(x: X): Traced<X> {
  return elementary("asin", x, definitions.asin, single.asin);
}
/** The arccosine, in radians. Within 1.2 ulp. */
export function acos<X extends TensorLike>(x: X): Traced<X> {
  return elementary("acos", x, definitions.acos, single.acos);
}
/** The arctangent, in radians. Within 1.6 ulp. */
export function atan<X extends TensorLike>(x: X): Traced<X> {
  return elementary("atan", x, definitions.atan, single.atan);
}
/** The hyperbolic sine. Within 1.05 ulp. */
export function sinh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("sinh", x, definitions.sinh, single.sinh);
}
/** The hyperbolic cosine. Within 0.95 ulp. */
export function cosh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("cosh", x, definitions.cosh, single.cosh);
}
/** The hyperbolic tangent. Within 1.65 ulp. */
export function tanh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("tanh", x, definitions.tanh, single.tanh);
}
/** The inverse hyperbolic sine. Within 1.35 ulp. */
export function asinh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("asinh", x, definitions.asinh, single.asinh);
}
/** The inverse hyperbolic cosine. Within 0.95 ulp. */
export function acosh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("acosh", x, definitions.acosh, single.acosh);
}
/** The inverse hyperbolic tangent. Within 1.45 ulp. */
export function atanh<X extends TensorLike>(x: X): Traced<X> {
  return elementary("atanh", x, definitions.atanh, single.atanh);
}
/** The cube root. Within 0.55 ulp. */
export function cbrt<X extends TensorLike>(x: X): Traced<X> {
  return elementary("cbrt", x, definitions.cbrt, single.cbrt);
}
/** The error function `2/√π ∫₀ˣ e^(-t²) dt`. Within 1.5 ulp. */
export function erf<X extends TensorLike>(x: X): Traced<X> {
  return elementary("erf", x, definitions.erf, single.erf);
}
/** `1 - erf x`, accurate where it is small. Within 1.6 ulp. */
export function erfc<X extends TensorLike>(x: X): Traced<X> {
  return elementary("erfc", x, definitions.erfc, single.erfc);
}
/** The inverse of the error function. Within 1.9 ulp. */
export function erfInv<X extends TensorLike>(x: X): Traced<X> {
  return elementary("erfInv", x, definitions.erfInv, single.erfInv);
}
/** `1 / (1 + e^-x)`. Within 1.4 ulp. */
export function logistic<X extends TensorLike>(x: X): Traced<X> {
  return elementary("logistic", x, definitions.logistic, single.logistic);
}

/** The elements of `x` in row-major order, in another shape. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return sameList(x.shape, shape) ? x : apply("reshape", [x], { shape })[0]!;
}
