// The element-by-element operations as functions. Numbers may stand for scalars; binary ones broadcast.
// Errors in ulp are those of float64 (test/elementary/claims.ts); in float32, results are rounded from float64.
import { describeValue, type DType, isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import * as definitions from "./elementary/elementaryFunctions.ts";
import { asOperand } from "./leaves.ts";
import type {
  BinaryPrimitive,
  ComparePrimitive,
  Elementary,
  ElementaryPrimitive,
  UnaryPrimitive,
} from "./primitives.ts";
import { broadcastShapes } from "./broadcastShapes.ts";
import {
  apply,
  broadcastTo,
  broadcastTogether,
  elementwise,
  isTraced,
  numberAs,
} from "./tensors.ts";
import { isFloat, sameList } from "./Type.ts";

/** A tensor or an array of another library, or a number that takes the dtype of the tensor it meets. */
export type TensorLike = Leaf;

/** A number as a float64 scalar; a tensor as it is. */
export function asTensor(x: TensorLike, name = "asTensor"): Tensor {
  const operand = asOperand(name, x);
  return typeof operand === "number" ? numberAs(name, operand, "float64") : operand;
}

function unary(
  primitive: Exclude<UnaryPrimitive, ElementaryPrimitive>,
  x: TensorLike,
  params = {},
): Tensor {
  return apply(primitive, [asTensor(x, primitive)], params)[0]!;
}

function elementary(
  primitive: Extract<UnaryPrimitive, ElementaryPrimitive>,
  x: TensorLike,
  define: Elementary,
): Tensor {
  return unary(primitive as never, x, { define });
}

function binary(
  primitive: BinaryPrimitive | ComparePrimitive,
  a: TensorLike,
  b: TensorLike,
  params?: object,
): Tensor {
  return elementwise(primitive, asOperand(primitive, a), asOperand(primitive, b), params);
}

/** `a + b`. */
export function add(a: TensorLike, b: TensorLike): Tensor {
  return binary("add", a, b);
}
/** `a - b`. */
export function sub(a: TensorLike, b: TensorLike): Tensor {
  return binary("sub", a, b);
}
/** `a * b`. */
export function mul(a: TensorLike, b: TensorLike): Tensor {
  return binary("mul", a, b);
}
/** `a / b`. Integers are divided towards zero; `x / 0 = -1` for them. */
export function div(a: TensorLike, b: TensorLike): Tensor {
  return binary("div", a, b);
}
/** `a ** b`, with the special cases of IEEE 754 `pow`. Within 1.45 ulp. */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  return binary("pow", a, b, { define: definitions.pow });
}
/** The angle of the point `(x, y)`, in `[-π, π]` radians. Within 1.65 ulp. */
export function atan2(y: TensorLike, x: TensorLike): Tensor {
  return binary("atan2", y, x, { define: definitions.atan2 });
}
/** The larger; NaN if either is. */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return binary("max", a, b);
}
/** The smaller; NaN if either is. */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return binary("min", a, b);
}
/** `|magnitude|` with the sign of `sign`. */
export function copysign(magnitude: TensorLike, sign: TensorLike): Tensor {
  return binary("copysign", magnitude, sign);
}

/** `a === b`. */
export function eq(a: TensorLike, b: TensorLike): Tensor {
  return binary("eq", a, b);
}
/** `a !== b`; true for NaN. */
export function ne(a: TensorLike, b: TensorLike): Tensor {
  return binary("ne", a, b);
}
/** `a < b`. */
export function lt(a: TensorLike, b: TensorLike): Tensor {
  return binary("lt", a, b);
}
/** `a <= b`. */
export function le(a: TensorLike, b: TensorLike): Tensor {
  return binary("le", a, b);
}
/** `a > b`. */
export function gt(a: TensorLike, b: TensorLike): Tensor {
  return binary("lt", b, a);
}
/** `a >= b`. */
export function ge(a: TensorLike, b: TensorLike): Tensor {
  return binary("le", b, a);
}

/** Both, for truth values; bit by bit, for integers. */
export function and(a: TensorLike, b: TensorLike): Tensor {
  return binary("and", a, b);
}
/** Either or both, for truth values; bit by bit, for integers. */
export function or(a: TensorLike, b: TensorLike): Tensor {
  return binary("or", a, b);
}
/** One and not the other, for truth values; bit by bit, for integers. */
export function xor(a: TensorLike, b: TensorLike): Tensor {
  return binary("xor", a, b);
}
/** The opposite, for truth values; bit by bit, for integers. */
export function not(x: Tensor): Tensor {
  return unary("not", x);
}
/** `a << bits`, the bits taken modulo the width. */
export function shiftLeft(a: Tensor, bits: TensorLike): Tensor {
  return binary("shiftLeft", a, bits);
}
/** `a >> bits`: the sign comes in. */
export function shiftRight(a: Tensor, bits: TensorLike): Tensor {
  return binary("shiftRight", a, bits);
}
/** `a >>> bits`: zeros come in. */
export function shiftRightLogical(a: Tensor, bits: TensorLike): Tensor {
  return binary("shiftRightLogical", a, bits);
}

/** `condition ? onTrue : onFalse`, element by element. Both are computed. */
export function where(condition: Tensor, onTrue: TensorLike, onFalse: TensorLike): Tensor {
  if (!isTensor(condition) || condition.dtype !== "bool") {
    throw new TypeError(
      `where: condition must be of truth values, got ${describeValue(condition)}; compare it with something`,
    );
  }
  const [x, y] = broadcastTogether(
    "where",
    asOperand("where", onTrue),
    asOperand("where", onFalse),
  );
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
export function convert(x: TensorLike, dtype: DType): Tensor {
  if (typeof x === "number" && (isFloat(dtype) || Number.isInteger(x)))
    return numberAs("convert", x, dtype);
  return apply("convert", [asTensor(x, "astype")], { dtype })[0]!;
}
/** The bits of `x` read as another type of the same width. */
export function bitcast(x: Tensor, dtype: DType): Tensor {
  return apply("bitcast", [x], { dtype })[0]!;
}
/** `x ** exponent` for an integer, by multiplication. */
export function integerPow(x: TensorLike, exponent: number): Tensor {
  return apply("integerPow", [asTensor(x, "integerPow")], { exponent })[0]!;
}
/** `x`, without its derivative. */
export function stopGradient(x: Tensor): Tensor {
  return apply("stopGradient", [x], {})[0]!;
}

/** `-x`. */
export function neg(x: TensorLike): Tensor {
  return unary("neg", x);
}
/** `|x|`. */
export function abs(x: TensorLike): Tensor {
  return unary("abs", x);
}
/** The largest integer not above `x`. */
export function floor(x: TensorLike): Tensor {
  return unary("floor", x);
}
/** The smallest integer not below `x`. */
export function ceil(x: TensorLike): Tensor {
  return unary("ceil", x);
}
/** `x` without its fraction. */
export function trunc(x: TensorLike): Tensor {
  return unary("trunc", x);
}
/** The nearest integer; of two, the even one. */
export function round(x: TensorLike): Tensor {
  return unary("round", x);
}
/** The square root, correctly rounded. */
export function sqrt(x: TensorLike): Tensor {
  return unary("sqrt", x);
}
/** `e^x`. Within 0.95 ulp. */
export function exp(x: TensorLike): Tensor {
  return elementary("exp", x, definitions.exp);
}
/** `e^x - 1`, without cancellation. Within 1.35 ulp. */
export function expm1(x: TensorLike): Tensor {
  return elementary("expm1", x, definitions.expm1);
}
/** The natural logarithm. Within 0.9 ulp. */
export function log(x: TensorLike): Tensor {
  return elementary("log", x, definitions.log);
}
/** `log(1 + x)`, without cancellation. Within 0.9 ulp. */
export function log1p(x: TensorLike): Tensor {
  return elementary("log1p", x, definitions.log1p);
}
/** The logarithm to base 2, exact for powers of 2. Within 0.55 ulp. */
export function log2(x: TensorLike): Tensor {
  return elementary("log2", x, definitions.log2);
}
/** The logarithm to base 10, exact for powers of 10 that are floats. Within 0.55 ulp. */
export function log10(x: TensorLike): Tensor {
  return elementary("log10", x, definitions.log10);
}
/** The sine of an angle in radians, for arguments of any size. Within 0.9 ulp. */
export function sin(x: TensorLike): Tensor {
  return elementary("sin", x, definitions.sin);
}
/** The cosine of an angle in radians, for arguments of any size. Within 0.9 ulp. */
export function cos(x: TensorLike): Tensor {
  return elementary("cos", x, definitions.cos);
}
/** The tangent of an angle in radians, for arguments of any size. Within 1.6 ulp. */
export function tan(x: TensorLike): Tensor {
  return elementary("tan", x, definitions.tan);
}
/** The arcsine, in radians. Within 1.25 ulp. */
export function asin(x: TensorLike): Tensor {
  return elementary("asin", x, definitions.asin);
}
/** The arccosine, in radians. Within 1.2 ulp. */
export function acos(x: TensorLike): Tensor {
  return elementary("acos", x, definitions.acos);
}
/** The arctangent, in radians. Within 1.6 ulp. */
export function atan(x: TensorLike): Tensor {
  return elementary("atan", x, definitions.atan);
}
/** The hyperbolic sine. Within 1.05 ulp. */
export function sinh(x: TensorLike): Tensor {
  return elementary("sinh", x, definitions.sinh);
}
/** The hyperbolic cosine. Within 0.95 ulp. */
export function cosh(x: TensorLike): Tensor {
  return elementary("cosh", x, definitions.cosh);
}
/** The hyperbolic tangent. Within 1.5 ulp. */
export function tanh(x: TensorLike): Tensor {
  return elementary("tanh", x, definitions.tanh);
}
/** The inverse hyperbolic sine. Within 1.35 ulp. */
export function asinh(x: TensorLike): Tensor {
  return elementary("asinh", x, definitions.asinh);
}
/** The inverse hyperbolic cosine. Within 0.95 ulp. */
export function acosh(x: TensorLike): Tensor {
  return elementary("acosh", x, definitions.acosh);
}
/** The inverse hyperbolic tangent. Within 1.45 ulp. */
export function atanh(x: TensorLike): Tensor {
  return elementary("atanh", x, definitions.atanh);
}
/** The cube root. Within 0.55 ulp. */
export function cbrt(x: TensorLike): Tensor {
  return elementary("cbrt", x, definitions.cbrt);
}
/** The error function `2/√π ∫₀ˣ e^(-t²) dt`. Within 1.5 ulp. */
export function erf(x: TensorLike): Tensor {
  return elementary("erf", x, definitions.erf);
}
/** `1 - erf x`, accurate where it is small. Within 1.6 ulp. */
export function erfc(x: TensorLike): Tensor {
  return elementary("erfc", x, definitions.erfc);
}
/** The inverse of the error function. Within 1.9 ulp. */
export function erfInv(x: TensorLike): Tensor {
  return elementary("erfInv", x, definitions.erfInv);
}
/** `1 / (1 + e^-x)`. Within 1.4 ulp. */
export function logistic(x: TensorLike): Tensor {
  return elementary("logistic", x, definitions.logistic);
}

/** The elements of `x` in row-major order, in another shape. */
export function reshapeTo(x: Tensor, shape: readonly number[]): Tensor {
  return sameList(x.shape, shape) ? x : apply("reshape", [x], { shape })[0]!;
}
