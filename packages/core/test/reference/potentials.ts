import { add, integerPow, matmul, mul, sin, sub } from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Problem } from "./problems.ts";

type Vector = readonly number[];

/** The gradients of potentials, `(x, args)`, for Langevin dynamics. */
export const potentials: Readonly<Record<string, Problem>> = {
  quadratic: {
    onTensors: (x: Tensor, { k }: { readonly k: Tensor }) => mul(k, x),
    plain: (x: Vector, { k }: { readonly k: Vector }) => x.map((one, i) => k[i]! * one),
  },
  doubleWell: {
    onTensors: (x: Tensor, { k }: { readonly k: Scalar }) => mul(mul(k, x), sub(mul(x, x), 1)),
    plain: (x: number | Vector, { k }: { readonly k: number }) => {
      const slope = (one: number) => k * one * (one * one - 1);
      return typeof x === "number" ? slope(x) : x.map((one) => slope(one));
    },
  },
  coupled: {
    onTensors: (x: Tensor, { M }: { readonly M: Tensor }) => add(matmul(M, x), integerPow(x, 3)),
    plain: (x: Vector, { M }: { readonly M: readonly Vector[] }) =>
      x.map((one, i) => M[i]!.reduce((sum, m, j) => sum + m * x[j]!, one ** 3)),
  },
  quarticDict: {
    onTensors: (
      { a, b }: { readonly a: Tensor; readonly b: Tensor },
      { k }: { readonly k: Scalar },
    ) => ({
      a: add(mul(k, integerPow(a, 3)), a),
      b: add(mul(2, b), sin(b)),
    }),
    plain: (
      { a, b }: { readonly a: Vector; readonly b: Vector },
      { k }: { readonly k: number },
    ) => ({
      a: a.map((x) => k * x ** 3 + x),
      b: b.map((x) => 2 * x + Math.sin(x)),
    }),
  },
};
