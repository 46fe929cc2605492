import {
  add,
  concatenate,
  cos,
  exp,
  mul,
  sin,
  slice,
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

interface PQ {
  readonly p: Scalar;
  readonly q: Tensor;
}

function treeCoupled({ p, q }: PQ, { c }: Args): { p: Tensor; q: Tensor } {
  return { p: sub(add(p, mul(0.3, sum(sin(q)))), c!), q: sub(add(cube(q), q), p) };
}

/** The functions whose roots the figures are, by their names. */
export const functions = {
  cubic: (y: Tensor, { c }: Args) => sub(cube(y), c!),
  cosine: (y: Tensor, { c }: Args) => sub(cos(y), mul(c!, y)),
  exponential: (y: Tensor, { c }: Args) => sub(exp(y), c!),
  circleLine: (y: Tensor, { r, m }: Args) => {
    const [a, b] = [y.at(0), y.at(1)];
    return stack([sub(add(mul(a, a), mul(b, b)), r!), sub(a, mul(m!, b))]);
  },
  broydenTridiagonal,
  treeCoupled,
} as const;
