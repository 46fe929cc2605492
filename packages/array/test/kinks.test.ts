import * as np from "@diffrax-ts/array";
import { grad, hessian, jvp } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

type Row = readonly [
  name: string,
  f: (...x: readonly Scalar[]) => Tensor,
  at: readonly number[],
  here: readonly number[],
  jax: readonly number[],
];

/** As docs/conformance.md has them. Those of JAX 0.10.2 were calculated by jax.grad with float64. */
const kinks: readonly Row[] = [
  ["abs", (x) => np.abs(x), [0], [0], [1]],
  ["abs", (x) => np.abs(x), [-0], [0], [1]],
  ["abs", (x) => np.abs(x), [NaN], [NaN], [-1]],
  ["sign", (x) => np.sign(x), [0], [0], [0]],
  ["floor", (x) => np.floor(x), [1], [0], [0]],
  ["ceil", (x) => np.ceil(x), [1], [0], [0]],
  ["trunc", (x) => np.trunc(x), [1], [0], [0]],
  ["round", (x) => np.round(x), [0.5], [0], [0]],
  ["copysign", (x, y) => np.copysign(x, y), [0, 1], [0, 0], [1, 0]],
  ["copysign", (x, y) => np.copysign(x, y), [NaN, 1], [NaN, 0], [-1, 0]],
  ["copysign", (x, y) => np.copysign(x, y), [2, 0], [1, 0], [1, 0]],
  ["maximum", (x, y) => np.maximum(x, y), [1, 1], [0.5, 0.5], [0.5, 0.5]],
  ["maximum", (x, y) => np.maximum(x, y), [0, -0], [0.5, 0.5], [0.5, 0.5]],
  ["maximum", (x, y) => np.maximum(x, y), [NaN, 1], [0, 0], [0, 0]],
  ["minimum", (x, y) => np.minimum(x, y), [1, 1], [0.5, 0.5], [0.5, 0.5]],
  ["minimum", (x, y) => np.minimum(x, y), [1, NaN], [0, 0], [0, 0]],
  ["clip", (x) => np.clip(x, 0, 1), [0], [0.5], [0.5]],
  ["max", (...x) => np.max(np.stack(x)), [1, 1, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]],
  ["max", (...x) => np.max(np.stack(x)), [1, NaN, 0], [NaN, NaN, NaN], [NaN, NaN, NaN]],
  ["hypot", (x, y) => np.hypot(x, y), [0, 0], [0, 0], [0.5, 0.5]],
  ["norm", (...x) => np.norm(np.stack(x)), [0, 0], [0, 0], [NaN, NaN]],
  ["atan2", (y, x) => np.atan2(y, x), [0, 0], [NaN, NaN], [NaN, NaN]],
  ["sqrt", (x) => np.sqrt(x), [0], [Infinity], [Infinity]],
  ["cbrt", (x) => np.cbrt(x), [0], [Infinity], [Infinity]],
  ["log", (x) => np.log(x), [0], [Infinity], [Infinity]],
  ["asin", (x) => np.asin(x), [1], [Infinity], [Infinity]],
  ["acos", (x) => np.acos(x), [1], [-Infinity], [-Infinity]],
  ["acosh", (x) => np.acosh(x), [1], [Infinity], [Infinity]],
  ["atanh", (x) => np.atanh(x), [1], [Infinity], [Infinity]],
  ["pow", (x, y) => np.pow(x, y), [0, 0], [0, 0], [NaN, 0]],
  ["pow", (x, y) => np.pow(x, y), [0, 2], [0, 0], [0, 0]],
  ["pow", (x, y) => np.pow(x, y), [0, 0.5], [Infinity, 0], [Infinity, 0]],
  ["pow", (x, y) => np.pow(x, y), [-2, 3], [12, NaN], [12, NaN]],
  ["prod", (...x) => np.prod(np.stack(x)), [0, 2, 3], [6, 0, 0], [6, 0, 0]],
  ["prod", (...x) => np.prod(np.stack(x)), [0, 0, 3], [0, 0, 0], [0, 0, 0]],
  ["where", (x) => np.where(np.greater(x, 0), np.sqrt(x), 0), [0], [NaN], [NaN]],
];

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("derivatives where there is none", () => {
  test.each(kinks)("%s%# at %o is a convention", (_name, f, at, here) => {
    const backward = grad(f, { argnums: all(at.length) })(...at) as readonly number[];
    expect(backward.map((x) => x + 0)).toEqual(here);
  });

  // A direction along one argument may meet an infinite or undefined slope in another.
  const finite = kinks.filter(([, , , here]) => here.every(Number.isFinite));
  test.each(finite)("%s%# at %o is the same forwards", (_name, f, at, here) => {
    for (const i of at.keys()) {
      const unit = at.map((_, j) => (i === j ? 1 : 0));
      expect(jvp(f, at, unit).tangent.item() + 0).toBe(here[i]);
    }
  });

  test("abs has no second derivative", () => {
    for (const x of [-2, 0, 3]) expect(hessian((u: Scalar) => np.abs(u))(x) + 0).toBe(0);
  });
});
