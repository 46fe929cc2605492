import { grad, jit, valueAndGrad, vmap, whileLoop } from "@diffrax-ts/autodiff";
import { add, less, mul, sub } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

// The harmonic oscillator x'' = -w² x by Euler's method: a loop of unknown length, differentiated in every way.
const dt = 1 / 1024;
const numSteps = 1024;

/** `x(1)` from `x(0) = x0`, `x'(0) = 0`. */
function oscillate(w: Scalar, x0: Scalar): Tensor {
  const { x } = whileLoop(
    ({ t }) => less(t, 1),
    ({ x, v, t }) => ({
      x: add(x, mul(v, dt)) as Scalar,
      v: sub(v, mul(mul(mul(w, w), x), dt)) as Scalar,
      t: add(t, dt) as Scalar,
    }),
    { x: x0, v: 0, t: 0 },
    { maxSteps: 2 * numSteps },
  );
  return x;
}

// With z = x + i v / w a step is multiplication by 1 - i w dt, so x(1) = x0 Re (1 - i w dt)^n: all derivatives are known.
function exact(w: number, x0: number, order: 0 | 1 | 2): number {
  const [n, h] = [numSteps, dt];
  const radius = (k: number): number => Math.hypot(1, w * h) ** k;
  const angle = (k: number): number => -k * Math.atan(w * h);
  if (order === 0) return x0 * radius(n) * Math.cos(angle(n));
  // d/dw (1 - i w h)^n = -i n h (1 - i w h)^(n - 1), and Re(-i z) = Im z
  if (order === 1) return x0 * n * h * radius(n - 1) * Math.sin(angle(n - 1));
  return -x0 * n * (n - 1) * h * h * radius(n - 2) * Math.cos(angle(n - 2));
}

// 1024 steps of about 4 roundings each, whose effect grows at most as the solution does.
const close = (x: number): unknown => expect.closeTo(x, 11);

test("jit(oscillate) gives Euler's solution", () => {
  expect(jit(oscillate)(2, 3).item()).toEqual(close(exact(2, 3, 0)));
});

test("grad(oscillate) is exact with respect to the frequency and to the start", () => {
  expect(grad(oscillate)(2, 3)).toEqual(close(exact(2, 3, 1)));
  expect(grad(oscillate, { argnums: [0, 1] })(2, 3)).toEqual([
    close(exact(2, 3, 1)),
    close(exact(2, 1, 0)),
  ]);
});

test("valueAndGrad(oscillate) gives numbers for numbers", () => {
  expect(valueAndGrad(oscillate)(2, 3)).toEqual({
    value: close(exact(2, 3, 0)),
    grad: close(exact(2, 3, 1)),
  });
});

test("grad(grad(oscillate)) is the second derivative", () => {
  const second = grad((w: Scalar, x0: Scalar) => grad(oscillate)(w, x0));
  expect(second(2, 3)).toEqual(close(exact(2, 3, 2)));
});

test("vmap(oscillate) runs a batch, and so do its derivatives", () => {
  const frequencies = Float64Array.of(0.5, 1, 2);
  const axes = { inAxes: [0, null] };
  expect([...vmap(oscillate, axes)(frequencies, 3)]).toEqual(
    [...frequencies].map((w) => close(exact(w, 3, 0))),
  );
  expect([
    ...vmap((w: Scalar, x0: Scalar) => grad(oscillate)(w, x0), axes)(frequencies, 3),
  ]).toEqual([...frequencies].map((w) => close(exact(w, 3, 1))));
});

test("grad of a sum over a vmap is the gradients of the batch", () => {
  const total = (frequencies: Tensor): Tensor => {
    const x = vmap(oscillate, { inAxes: [0, null] })(frequencies, 3);
    return x.at(0).add(x.at(1)).add(x.at(2));
  };
  const gradient = grad(total)(Float64Array.of(0.5, 1, 2));
  expect([...gradient]).toEqual([0.5, 1, 2].map((w) => close(exact(w, 3, 1))));
});
