import { add, cos, mul, reshape, sin, stack, sub } from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Problem } from "./problems.ts";

type Vector = readonly number[];
type Matrix = readonly Vector[];

interface Ou<T> {
  readonly theta: T;
  readonly mean: T;
}

/** The drifts and diffusions of the stochastic equations. */
const ouDrift: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { theta, mean }: Ou<Tensor>) => mul(theta, sub(mean, y)),
  plain: (_t: number, y: number | Vector, { theta, mean }: Ou<number & Vector>) =>
    typeof y === "number"
      ? theta * (mean - y)
      : y.map((x, i) => (theta as Vector)[i]! * ((mean as Vector)[i]! - x)),
};

const doubleWellDrift: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { k }: { readonly k: Scalar }) =>
    mul(k, sub(y, mul(mul(y, y), y))),
  plain: (_t: number, y: number | Vector, { k }: { readonly k: number }) => {
    const slope = (x: number) => k * (x - x * x * x);
    return typeof y === "number" ? slope(y) : y.map((x) => slope(x));
  },
};

const constDiffusion: Problem = {
  onTensors: (_t: Scalar, _y: Tensor, { S }: { readonly S: Tensor }) => S,
  plain: (_t: number, _y: Vector, { S }: { readonly S: Matrix }) => S,
};

const timeDiffusion: Problem = {
  onTensors: (t: Scalar, _y: Scalar, { S }: { readonly S: Scalar }) =>
    mul(S, add(1, mul(0.5, sin(t)))),
  plain: (t: number, _y: number, { S }: { readonly S: number }) => S * (1 + 0.5 * Math.sin(t)),
};

const diagMultiplicative: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { sig }: { readonly sig: Tensor }) => mul(sig, y),
  plain: (_t: number, y: Vector, { sig }: { readonly sig: Vector }) => y.map((x, i) => sig[i]! * x),
};

const diagSine: Problem = {
  onTensors: (_t: Scalar, y: Scalar, { sig }: { readonly sig: Scalar }) =>
    add(mul(sig, sin(y)), 0.1),
  plain: (_t: number, y: number, { sig }: { readonly sig: number }) => sig * Math.sin(y) + 0.1,
};

const commutativeMatrix: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { B }: { readonly B: Tensor }) =>
    mul(reshape(y, [y.size, 1]), B),
  plain: (_t: number, y: Vector, { B }: { readonly B: Matrix }) =>
    B.map((row, i) => row.map((b) => y[i]! * b)),
};

const generalMatrix: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { sig }: { readonly sig: Scalar }) => {
    const [a, b] = [y.at(0), y.at(1)];
    const rows = [
      [add(1, mul(0.2, sin(b))), mul(0.5, a), cos(a)],
      [mul(0.3, mul(a, b)), sub(1, mul(0.1, b)), mul(0.4, sin(a))],
    ];
    return mul(stack(rows.map((row) => stack(row))), sig);
  },
  plain: (_t: number, [a, b]: Vector, { sig }: { readonly sig: number }) => [
    [sig * (1 + 0.2 * Math.sin(b!)), sig * (0.5 * a!), sig * Math.cos(a!)],
    [sig * (0.3 * a! * b!), sig * (1 - 0.1 * b!), sig * (0.4 * Math.sin(a!))],
  ],
};

export const noiseProblems: Readonly<Record<string, Problem>> = {
  ouDrift,
  doubleWellDrift,
  constDiffusion,
  timeDiffusion,
  diagMultiplicative,
  diagSine,
  commutativeMatrix,
  generalMatrix,
};
