import {
  abs,
  add,
  apply,
  astype,
  type BinaryPrimitive,
  copysign,
  cos,
  cosh,
  div,
  type ElementwisePrimitive,
  equal,
  exp,
  integerPow,
  isFloat,
  less,
  log,
  logicalAnd,
  mul,
  neg,
  pow,
  sin,
  sinh,
  sqrt,
  stopGradient,
  sub,
  tanh,
  type TensorLike,
  trunc,
  type UnaryPrimitive,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { addMaybe, isZero, typeOf, zeros } from "../zeros.ts";
import { constant, type JvpContext, type JvpRules } from "./JvpRule.ts";
import { type Slope, slopeAt } from "./slopeAt.ts";

type Unary = JvpContext<UnaryPrimitive>;
type Binary = JvpContext<BinaryPrimitive>;

/** The tangent times a derivative, which is a function of the input `x` and the output `y`. */
function times(derivative: (x: Tensor, y: Tensor) => TensorLike) {
  return ({ inputs, tangents, outputs }: Unary) => [
    mul(tangents[0]!, derivative(inputs[0]!, outputs[0]!)),
  ];
}

/** The tangent divided by a function of the input `x` and the output `y`. */
function over(divisor: (x: Tensor, y: Tensor) => Tensor) {
  return ({ inputs, tangents, outputs }: Unary) => [
    div(tangents[0]!, divisor(inputs[0]!, outputs[0]!)),
  ];
}

/** Partial derivatives with respect to the first and the second operand, of `x`, `y` and the output `z`. */
function partials(
  first: (x: Tensor, y: Tensor, z: Tensor) => TensorLike,
  second: (x: Tensor, y: Tensor, z: Tensor) => TensorLike,
) {
  return ({ inputs: [x, y], tangents: [dx, dy], outputs: [z] }: Binary) => [
    addMaybe(
      isZero(dx) ? null : mul(dx, first(x!, y!, z!)),
      isZero(dy) ? null : mul(dy, second(x!, y!, z!)),
    ),
  ];
}

/** 1 or -1 by the sign of `x`, 0 for both zeros, and NaN for NaN. */
function signOf(x: Tensor): Tensor {
  const zeroOrNaN = stopGradient(add(x, 0));
  return where(less(0, abs(x)), copysign(astype(1, x.dtype), x), zeroOrNaN);
}

/** 1 where `x < y`, ½ where they are equal, 0 elsewhere: a tie is shared. */
function share(x: Tensor, y: Tensor): Tensor {
  const [one, zero, half] = [1, 0, 0.5].map((n) => astype(n, x.dtype));
  return where(less(x, y), one!, where(equal(x, y), half!, zero!));
}

const TWO_OVER_ROOT_PI = 1.1283791670955126;
const ROOT_PI_OVER_TWO = 0.886226925452758;

/** `1 - x²`, with all digits next to 1 and its derivative with all digits next to 0. */
const oneMinusSquare: Slope = {
  name: "1 - x²",
  value: (x) => mul(sub(1, x), add(x, 1)),
  derivative: (x) => mul(x, -2),
};

/** The derivative of `y = 1 / (1 + e⁻ˣ)`. */
const logisticSlope: Slope = {
  name: "slope of logistic",
  value: (_, y) => mul(y, sub(1, y)),
  derivative: (x, _, s) => mul(s, tanh(mul(x, -0.5))),
};

/** Element by element: a tangent times a derivative. */
export function elementwiseJvp(): JvpRules<ElementwisePrimitive> {
  return {
    neg: ({ tangents }) => [neg(tangents[0]!)],
    abs: times(signOf),
    floor: constant,
    ceil: constant,
    trunc: constant,
    round: constant,
    not: constant,
    sqrt: over((_, y) => mul(y, 2)),
    exp: times((_, y) => y),
    expm1: times(exp),
    log: over((x) => x),
    log1p: over((x) => add(x, 1)),
    log2: over((x) => mul(x, Math.LN2)),
    log10: over((x) => mul(x, Math.LN10)),
    sin: times(cos),
    cos: times((x) => neg(sin(x))),
    tan: times((_, y) => add(mul(y, y), 1)),
    asin: over((x, y) => sqrt(slopeAt(oneMinusSquare, x, y))),
    acos: over((x, y) => neg(sqrt(slopeAt(oneMinusSquare, x, y)))),
    atan: over((x) => add(mul(x, x), 1)),
    sinh: times(cosh),
    cosh: times(sinh),
    tanh: times((_, y) => slopeAt(oneMinusSquare, y, y)),
    asinh: over((x) => sqrt(add(mul(x, x), 1))),
    acosh: over((x) => sqrt(mul(sub(x, 1), add(x, 1)))),
    atanh: over((x, y) => slopeAt(oneMinusSquare, x, y)),
    cbrt: over((_, y) => mul(mul(y, y), 3)),
    erf: times((x) => mul(exp(neg(mul(x, x))), TWO_OVER_ROOT_PI)),
    erfc: times((x) => mul(exp(neg(mul(x, x))), -TWO_OVER_ROOT_PI)),
    erfInv: times((_, y) => mul(exp(mul(y, y)), ROOT_PI_OVER_TWO)),
    logistic: times((x, y) => slopeAt(logisticSlope, x, y)),

    add: ({ tangents: [dx, dy] }) => [addMaybe(dx!, dy!)],
    sub: ({ tangents: [dx, dy] }) => [addMaybe(dx!, isZero(dy) ? null : neg(dy))],
    mul: partials(
      (_, y) => y,
      (x) => x,
    ),
    div: ({ inputs: [, y], tangents: [dx, dy], outputs: [z] }) => [
      addMaybe(isZero(dx) ? null : div(dx, y!), isZero(dy) ? null : mul(dy, neg(div(z!, y!)))),
    ],
    rem: ({ inputs: [x, y], tangents: [dx, dy] }) => [
      addMaybe(dx!, isZero(dy) ? null : mul(dy, neg(trunc(div(x!, y!))))),
    ],
    max: partials((x, y) => share(y, x), share),
    min: partials(share, (x, y) => share(y, x)),
    copysign: ({ inputs: [x, y], tangents: [dx] }) =>
      isZero(dx) ? [null] : [mul(dx, mul(signOf(x!), copysign(astype(1, y!.dtype), y!)))],
    pow: partials(
      // x ** 0 is 1 whatever x does, next to 0 too, where the power below is infinite.
      (x, y) => {
        const tiny = x.dtype === "float32" ? 2 ** -126 : 2 ** -1022;
        return mul(y, pow(where(logicalAnd(less(abs(x), tiny), equal(y, 0)), 1, x), sub(y, 1)));
      },
      // At x = 0 the power does not depend on y > 0.
      (x, _, z) => mul(z, log(where(equal(x, 0), astype(1, x.dtype), x))),
    ),
    atan2: ({ inputs: [y, x], tangents: [dy, dx] }) => {
      const square = add(mul(x!, x!), mul(y!, y!));
      return [
        addMaybe(
          isZero(dy) ? null : mul(dy, div(x!, square)),
          isZero(dx) ? null : mul(dx, div(neg(y!), square)),
        ),
      ];
    },
    and: constant,
    or: constant,
    xor: constant,
    shiftLeft: constant,
    shiftRight: constant,
    shiftRightLogical: constant,
    eq: constant,
    ne: constant,
    lt: constant,
    le: constant,

    select: ({ inputs, tangents: [, onTrue, onFalse], outputs }) => {
      const zero = zeros({ ...typeOf(outputs[0]!), shape: [] });
      return [apply("select", [inputs[0]!, onTrue ?? zero, onFalse ?? zero], {})[0]!];
    },
    integerPow: ({ params: { exponent }, inputs, tangents }) =>
      exponent === 0
        ? [null]
        : [mul(tangents[0]!, mul(integerPow(inputs[0]!, exponent - 1), exponent))],
    convert: ({ params: { dtype }, tangents }) => [
      isFloat(dtype) ? astype(tangents[0]!, dtype) : null,
    ],
    bitcast: constant,
    stopGradient: constant,
  };
}
