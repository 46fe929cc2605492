import {
  add,
  concatenate,
  cos,
  div,
  exp,
  mul,
  sin,
  slice,
  sqrt,
  square,
  stack,
  sub,
  sum,
  tensor,
} from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

type Args = Readonly<Record<string, Scalar>>;

const cube = (x: Tensor): Tensor => mul(x, mul(x, x));

/** `fᵢ = (3 - c yᵢ) yᵢ - yᵢ₋₁ - 2 yᵢ₊₁ + 1`, with zeros outside. */
function broydenTridiagonal(y: Tensor, { c }: Args): Tensor {
  const zero = tensor([0]);
  const before = concatenate([zero, slice(y, [0, -1])]);
  const after = concatenate([slice(y, [1, null]), zero]);
  return add(sub(sub(mul(sub(3, mul(c!, y)), y), before), mul(2, after)), 1);
}

function circleLine(y: Tensor, { r, m }: Args): Tensor {
  const [a, b] = [y.at(0), y.at(1)];
  return stack([sub(add(square(a), square(b)), r!), sub(a, mul(m!, b))]);
}

interface PQ {
  readonly p: Scalar;
  readonly q: Tensor;
}

function treeCoupled({ p, q }: PQ, { c }: Args): { p: Tensor; q: Tensor } {
  return { p: sub(add(p, mul(0.3, sum(sin(q)))), c!), q: sub(add(cube(q), q), p) };
}

function rosenbrockResiduals(y: Tensor, { a, b }: Args): Tensor {
  return stack([sub(a!, y.at(0)), mul(b!, sub(y.at(1), square(y.at(0))))]);
}

function bealeResiduals(y: Tensor, { c }: Args): Tensor {
  const [x, z] = [y.at(0), y.at(1)];
  const one = (most: Tensor | number, power: Tensor): Tensor => sub(most, mul(x, sub(1, power)));
  return stack([one(c!, z), one(2.25, square(z)), one(2.625, cube(z))]);
}

interface Exponential {
  readonly a: Scalar;
  readonly b: Scalar;
  readonly k: Scalar;
}

function exponentialResiduals({ a, b, k }: Exponential, { data }: { data: Tensor }): Tensor {
  const t = tensor([0, 0.5, 1, 1.5, 2, 3]);
  return sub(add(mul(a, exp(mul(k.neg(), t))), b), data);
}

interface Circle {
  readonly center: Tensor;
  readonly radius: Scalar;
}

function circleResiduals(
  { center, radius }: Circle,
  { px, py }: { px: Tensor; py: Tensor },
): Tensor {
  const [dx, dy] = [sub(px, center.at(0)), sub(py, center.at(1))];
  return sub(sqrt(add(square(dx), square(dy))), radius);
}

function powellResiduals(y: Tensor, { c }: Args): Tensor {
  const [y0, y1, y2, y3] = [y.at(0), y.at(1), y.at(2), y.at(3)];
  return stack([
    add(y0, mul(10, y1)),
    mul(c!, sub(y2, y3)),
    square(sub(y1, mul(2, y2))),
    mul(Math.sqrt(10), square(sub(y0, y3))),
  ]);
}

function bowl({ p, q }: PQ, { c }: Args): Tensor {
  const weighted = sum(mul(tensor([1, 2, 3]), square(add(q, p))));
  return add(add(mul(c!, square(sub(p, 1))), weighted), sum(square(square(q))));
}

/** The functions whose roots, fixed points and minima the figures are, by their names. */
export const functions = {
  root: {
    cubic: (y: Tensor, { c }: Args) => sub(cube(y), c!),
    cosine: (y: Tensor, { c }: Args) => sub(cos(y), mul(c!, y)),
    exponential: (y: Tensor, { c }: Args) => sub(exp(y), c!),
    circleLine,
    broydenTridiagonal,
    treeCoupled,
    rosenbrockResiduals,
    bealeResiduals,
    powellResiduals,
  },
  leastSquares: {
    rosenbrockResiduals,
    bealeResiduals,
    exponentialResiduals,
    circleResiduals,
    powellResiduals,
  },
  minimise: {
    rosenbrock: (y: Tensor, { a, b }: Args) =>
      add(square(sub(a!, y.at(0))), mul(b!, square(sub(y.at(1), square(y.at(0)))))),
    beale: (y: Tensor, args: Args) => sum(square(bealeResiduals(y, args))),
    bowl,
  },
  fixedPoint: {
    cosine: (y: Tensor, { c }: Args) => cos(mul(c!, y)),
    heron: (y: Tensor, { c }: Args) => mul(0.5, add(y, div(c!, y))),
    coupledMap: ({ p, q }: PQ, { c }: Args) => ({
      p: mul(c!, cos(sum(q))),
      q: mul(0.5, sin(add(q, p))),
    }),
  },
} as const;
