import * as np from "@diffrax-ts/array";
import { grad, jvp } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { elementsOf } from "./support/arrays.ts";

const weights = np.tensor([0.3, -0.7, 1.1, 0.4, -0.2, 0.9]);
const matrix = np.tensor([
  [1, -2, 0.5],
  [0.25, 3, -1],
]);

/** Functions of a vector of 6, smooth round the point where they are differentiated. */
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  abs: (x) => np.abs(x),
  acos: (x) => np.acos(np.div(x, 4)),
  acosh: (x) => np.acosh(np.add(x, 4)),
  asin: (x) => np.asin(np.div(x, 4)),
  asinh: (x) => np.asinh(x),
  atan: (x) => np.atan(x),
  atan2: (x) => np.atan2(x, np.flip(x)),
  atanh: (x) => np.atanh(np.div(x, 4)),
  broadcastTo: (x) => np.mul(np.broadcastTo(x, [2, 6]), np.reshape(np.arange(12), [2, 6])),
  cbrt: (x) => np.cbrt(x),
  clip: (x) => np.clip(x, -1, 1.2),
  concatenate: (x) => np.mul(np.concatenate([x, np.square(x)]), np.arange(12)),
  cosh: (x) => np.cosh(x),
  cumsum: (x) => np.cumsum(np.square(x)),
  diff: (x) => np.square(np.diff(x)),
  dot: (x) => np.dot(np.sin(x), np.cos(x)),
  dynamicSlice: (x) => np.square(np.dynamicSlice(x, [2], [3])),
  dynamicUpdateSlice: (x) => np.square(np.dynamicUpdateSlice(x, np.slice(x, [0, 2]), [3])),
  erf: (x) => np.erf(x),
  erfc: (x) => np.erfc(x),
  erfInv: (x) => np.erfInv(np.div(x, 4)),
  exp: (x) => np.exp(x),
  expm1: (x) => np.expm1(x),
  flip: (x) => np.mul(np.flip(x), x),
  hypot: (x) => np.hypot(x, np.roll(x, 1)),
  linspace: (x) => np.square(np.linspace(x.at(0) as Scalar, x.at(1) as Scalar, 5)),
  log: (x) => np.log(np.add(x, 4)),
  log10: (x) => np.log10(np.add(x, 4)),
  log1p: (x) => np.log1p(np.square(x)),
  log2: (x) => np.log2(np.add(x, 4)),
  logistic: (x) => np.logistic(x),
  matmul: (x) => np.matmul(matrix, np.reshape(np.square(x), [3, 2])),
  max: (x) => np.max(np.square(x)),
  maximum: (x) => np.maximum(x, np.flip(x)),
  mean: (x) => np.mean(np.reshape(np.square(x), [2, 3]), { axis: 0 }),
  min: (x) => np.min(np.reshape(x, [2, 3]), { axis: 1, keepdims: true }),
  norm: (x) => np.norm(x),
  outer: (x) => np.outer(x, np.sin(x)),
  pad: (x) => np.square(np.pad(x, 2)),
  polyval: (x) => np.polyval(x, x),
  pow: (x) => np.pow(np.add(np.square(x), 1), x),
  prod: (x) => np.prod(x),
  repeat: (x) => np.mul(np.repeat(x, 2), np.arange(12)),
  roll: (x) => np.mul(np.roll(x, 2), x),
  sign: (x) => np.sign(x),
  slice: (x) => np.square(np.slice(x, [null, null, -2])),
  split: (x) => np.mul(...np.split(x, 2)),
  sqrt: (x) => np.sqrt(np.add(x, 4)),
  stack: (x) => np.mul(np.stack([x, np.sin(x)], { axis: 1 }), np.reshape(np.arange(12), [6, 2])),
  std: (x) => np.std(x),
  stopGradient: (x) => np.mul(np.stopGradient(np.tensor(2)), x),
  take: (x) => np.square(np.take(x, [1, 1, -1])),
  tan: (x) => np.tan(np.div(x, 4)),
  tanh: (x) => np.tanh(x),
  tensordot: (x) => np.tensordot(np.reshape(x, [2, 3]), np.reshape(np.exp(x), [2, 3])),
  tile: (x) => np.mul(np.tile(x, [2, 2]), np.reshape(np.arange(24), [2, 12])),
  transpose: (x) => np.mul(np.transpose(np.reshape(x, [2, 3])), np.reshape(x, [3, 2])),
  variance: (x) => np.variance(x, { ddof: 1 }),
  vdot: (x) => np.vdot(x, np.exp(x)),
  where: (x) => np.where(np.greater(x, 0), np.square(x), np.exp(x)),
};

// Far enough from the kinks of abs, clip, max, sign and where.
const point = Float64Array.of(0.7, -1.3, 0.2, 1.6, -0.4, 0.9);
const step = 1e-4;
// step² / 6 times a third derivative of a few hundred, and round-off of 1e-16 / step times a value of a few hundred.
const tolerance = 1e-6;

test.each(Object.keys(functions))("grad of %s is the quotient of differences", (name) => {
  const loss = (x: Tensor): Scalar => {
    const y = np.ravel(functions[name]!(x));
    return np.vdot(y, np.slice(np.tile(weights, 6), [0, y.size]));
  };
  const gradient = elementsOf(np.tensor(grad(loss)(point)));
  for (const [i, slope] of gradient.entries()) {
    const at = (x: number): number => loss(np.tensor(point.with(i, x))).item();
    const quotient = (at(point[i]! + step) - at(point[i]! - step)) / (2 * step);
    expect(Math.abs(slope - quotient)).toBeLessThan(tolerance * Math.max(1, Math.abs(quotient)));
  }
  const isFlat = name === "sign";
  expect(gradient.some((slope) => slope !== 0)).toBe(!isFlat);
});

test("stopGradient(x) and nextafter(x, y) have no derivative", () => {
  expect(grad((x: Scalar) => np.stopGradient(x))(2)).toBe(0);
  expect(grad((x: Scalar) => np.nextafter(x, 3) as Scalar)(2)).toBe(0);
});

test("grad(grad(log2)) is the second derivative", () => {
  const second = grad((x: Scalar) => grad((y: Scalar) => np.log2(y))(x));
  // -1 / (x² log 2) for x = 2, rounded a few times.
  expect(second(2)).toBeCloseTo(-1 / (4 * Math.LN2), 15);
});

test.each([
  [
    [4, 0, 3],
    [0, 1],
  ],
  [
    [4, 0, 3],
    [1, 2],
  ],
  [
    [0, 4],
    [0, 1],
  ],
  [
    [2, 0, 5, 3],
    [0, 1, 3],
  ],
  [[0], [0]],
] as const)(
  "derivatives of prod of shape %o over the axes %o, of which one is empty, have its shape",
  (shape, axis) => {
    const f = (x: Tensor): Tensor => np.prod(x, { axis });
    const x = np.ones(shape);
    const { value, tangent } = jvp(f, [x], [x]);
    expect(tangent.shape).toEqual(value.shape);
    expect(tangent.toArray()).toEqual(np.zerosLike(value).toArray());
    expect(grad((y: Tensor) => np.sum(f(y)))(x).shape).toEqual(shape);
    expect(
      jvp((y: Tensor) => grad((z: Tensor) => np.sum(f(z)))(y), [x], [x]).tangent.shape,
    ).toEqual(shape);
  },
);
