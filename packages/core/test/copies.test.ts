// Whatever a program may have made of a tensor is taken wherever the tensor is.
import {
  diffeqsolve,
  grad,
  jacfwd,
  jacrev,
  jit,
  jvp,
  np,
  ODETerm,
  PIDController,
  scan,
  type Scalar,
  StepTo,
  type Tensor,
  traced,
  Tsit5,
  valueAndGrad,
  vjp,
  vmap,
} from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { copies } from "./support/copies.ts";

interface Inputs {
  readonly scalar: Scalar;
  readonly vector: Tensor<readonly [number]>;
  readonly other: Tensor<readonly [number]>;
  readonly times: Tensor<readonly [number]>;
  readonly matrix: Tensor<readonly [number, number]>;
  readonly square: Tensor<readonly [number, number]>;
  readonly float32: Tensor<readonly [number]>;
  readonly ints: Tensor<readonly [number]>;
  readonly wide: Tensor<readonly [number]>;
  readonly truths: Tensor<readonly [number]>;
  readonly moreTruths: Tensor<readonly [number]>;
}

const inputs = (): Inputs => ({
  scalar: np.tensor(0.7),
  vector: np.tensor([0.1, -0.5, 0.3]),
  other: np.tensor([2, 0.25, -1]),
  times: np.tensor([0, 0.25, 1]),
  matrix: np.tensor([
    [1, 2, 0.5],
    [3, -4, 6],
  ]),
  square: np.tensor([
    [4, 1],
    [0.5, 3],
  ]),
  float32: np.tensor([0.5, 1.5, -2], { dtype: "float32" }),
  ints: np.tensor([2, 0, 1], { dtype: "int32" }),
  wide: np.tensor([2n ** 60n + 7n, -5n]),
  truths: np.tensor([true, false, true]),
  moreTruths: np.tensor([false, false, true]),
});

/** Each function of `np` that takes tensors, on some. */
const calls: Readonly<Record<string, (x: Inputs) => unknown>> = {
  abs: (x) => np.abs(x.vector),
  acos: (x) => np.acos(x.vector),
  acosh: (x) => np.acosh(x.matrix),
  add: (x) => [np.add(x.matrix, x.vector), np.add(x.scalar, x.vector), np.add(x.wide, x.wide)],
  all: (x) => np.all(x.truths),
  any: (x) => np.any(x.truths),
  argmax: (x) => np.argmax(x.vector),
  argsort: (x) => np.argsort(x.vector),
  diag: (x) => np.diag(x.vector),
  median: (x) => np.median(x.matrix, { axis: 0 }),
  meshgrid: (x) => np.meshgrid([x.vector, x.other]),
  quantile: (x) => np.quantile(x.vector, x.scalar),
  sort: (x) => np.sort(x.matrix),
  trace: (x) => np.trace(x.square),
  argmin: (x) => np.argmin(x.matrix, { axis: 1 }),
  asTensor: (x) => np.asTensor(x.truths),
  asin: (x) => np.asin(x.vector),
  asinh: (x) => np.asinh(x.float32),
  astype: (x) => [np.astype(x.vector, "float32"), np.astype(x.truths, "float64")],
  atan: (x) => np.atan(x.vector),
  atan2: (x) => np.atan2(x.vector, x.other),
  atanh: (x) => np.atanh(x.vector),
  bitcast: (x) => np.bitcast(x.vector, "int64"),
  broadcastTo: (x) => np.broadcastTo(x.vector, [2, 3]),
  cbrt: (x) => np.cbrt(x.vector),
  ceil: (x) => np.ceil(x.vector),
  clip: (x) => np.clip(x.vector, x.scalar, null),
  concatenate: (x) => np.concatenate([x.vector, x.other]),
  copysign: (x) => np.copysign(x.vector, x.other),
  cos: (x) => np.cos(x.vector),
  cosh: (x) => np.cosh(x.vector),
  cumsum: (x) => np.cumsum(x.vector),
  diff: (x) => np.diff(x.vector),
  div: (x) => np.div(x.vector, x.other),
  dot: (x) => np.dot(x.matrix, x.vector),
  dynamicSlice: (x) => np.dynamicSlice(x.vector, [1], [2]),
  dynamicUpdateSlice: (x) => np.dynamicUpdateSlice(x.vector, np.tensor([1]), [1]),
  equal: (x) => np.equal(x.ints, x.ints),
  erf: (x) => np.erf(x.vector),
  erfInv: (x) => np.erfInv(x.vector),
  erfc: (x) => np.erfc(x.vector),
  exp: (x) => np.exp(x.matrix),
  expandDims: (x) => np.expandDims(x.vector, 0),
  expm1: (x) => np.expm1(x.vector),
  flip: (x) => np.flip(x.vector),
  floor: (x) => np.floor(x.vector),
  full: (x) => np.full([2], x.scalar),
  fullLike: (x) => np.fullLike(x.vector, x.scalar),
  greater: (x) => np.greater(x.vector, x.other),
  greaterEqual: (x) => np.greaterEqual(x.vector, x.other),
  hypot: (x) => np.hypot(x.vector, x.other),
  integerPow: (x) => np.integerPow(x.vector, 3),
  isFinite: (x) => np.isFinite(x.vector),
  isNaN: (x) => np.isNaN(x.vector),
  less: (x) => np.less(x.vector, x.other),
  lessEqual: (x) => np.lessEqual(x.vector, x.other),
  linspace: (x) => np.linspace(x.scalar, 2, 3),
  log: (x) => np.log(x.vector),
  log10: (x) => np.log10(x.vector),
  log1p: (x) => np.log1p(x.vector),
  log2: (x) => np.log2(x.vector),
  logicalAnd: (x) => np.logicalAnd(x.truths, x.moreTruths),
  logicalNot: (x) => np.logicalNot(x.truths),
  logicalOr: (x) => np.logicalOr(x.truths, x.moreTruths),
  logicalXor: (x) => np.logicalXor(x.truths, x.vector),
  logistic: (x) => np.logistic(x.vector),
  matmul: (x) => np.matmul(x.square, x.matrix),
  max: (x) => np.max(x.matrix, { axis: 0 }),
  maximum: (x) => np.maximum(x.vector, x.other),
  mean: (x) => np.mean(x.vector),
  min: (x) => np.min(x.vector),
  minimum: (x) => np.minimum(x.vector, x.other),
  moveaxis: (x) => np.moveaxis(x.matrix, 0, 1),
  mul: (x) => [np.mul(x.matrix, x.vector), np.mul(x.float32, 2), np.mul(x.ints, x.ints)],
  neg: (x) => np.neg(x.wide),
  nextafter: (x) => np.nextafter(x.vector, x.other),
  norm: (x) => np.norm(x.vector),
  notEqual: (x) => np.notEqual(x.vector, x.other),
  onesLike: (x) => np.onesLike(x.truths),
  outer: (x) => np.outer(x.vector, x.other),
  pad: (x) => np.pad(x.vector, 1),
  polyval: (x) => np.polyval(x.vector, x.scalar),
  pow: (x) => np.pow(x.other, x.vector),
  prod: (x) => np.prod(x.vector),
  ravel: (x) => np.ravel(x.matrix),
  rem: (x) => np.rem(x.vector, x.other),
  repeat: (x) => np.repeat(x.vector, 2),
  reshape: (x) => np.reshape(x.matrix, [3, 2]),
  roll: (x) => np.roll(x.vector, 1),
  round: (x) => np.round(x.vector),
  searchsorted: (x) => np.searchsorted(np.tensor([-1, 0, 1]), x.vector),
  sign: (x) => np.sign(x.vector),
  sin: (x) => np.sin(x.vector),
  sinh: (x) => np.sinh(x.vector),
  slice: (x) => np.slice(x.matrix, [0, 1], null),
  split: (x) => np.split(x.matrix, 3, { axis: 1 }),
  sqrt: (x) => np.sqrt(x.matrix),
  square: (x) => np.square(x.vector),
  squeeze: (x) => np.squeeze(x.scalar),
  stack: (x) => np.stack([x.vector, x.other]),
  std: (x) => np.std(x.vector),
  stopGradient: (x) => np.stopGradient(x.vector),
  sub: (x) => np.sub(x.vector, x.other),
  sum: (x) => [np.sum(x.vector), np.sum(x.truths), np.sum(x.wide)],
  swapaxes: (x) => np.swapaxes(x.matrix, 0, 1),
  take: (x) => np.take(x.vector, x.ints),
  tan: (x) => np.tan(x.vector),
  tanh: (x) => np.tanh(x.vector),
  tensor: (x) => [np.tensor(x.matrix), np.tensor([x.vector, x.other])],
  tensordot: (x) => np.tensordot(x.matrix, x.vector, 1),
  tile: (x) => np.tile(x.vector, [2]),
  transpose: (x) => np.transpose(x.matrix),
  trunc: (x) => np.trunc(x.vector),
  variance: (x) => np.variance(x.vector),
  vdot: (x) => np.vdot(x.vector, x.other),
  where: (x) => np.where(x.truths, x.vector, x.other),
  zerosLike: (x) => np.zerosLike(x.ints),
};

/** They take no tensors. */
const without = ["arange", "eye", "ones", "zeros"];

/** The numbers of a result, read from a clone: nothing of what was given hides in it. */
const values = (result: unknown): unknown => {
  if (Array.isArray(result)) return result.map(values);
  const { dtype, shape } = result as Tensor;
  return { dtype, shape, numbers: [...np.ravel(structuredClone(result) as Tensor)] };
};

const methods: Readonly<Record<string, (x: Inputs) => unknown>> = {
  add: (x) => np.tensor([1, 2, 3]).add(x.vector),
  sub: (x) => np.tensor([1, 2, 3]).sub(x.scalar),
  mul: (x) => np.tensor([1, 2, 3]).mul(x.vector),
  div: (x) => np.tensor([1, 2, 3]).div(x.vector),
  pow: (x) => np.tensor([1, 2, 3]).pow(x.vector),
  at: (x) => np.tensor([1, 2, 3]).at(np.asTensor(x.ints).at(0)),
};

const decay = traced((_t: Scalar, y: Tensor, args: { readonly k: Tensor }) =>
  np.mul(np.neg(args.k), y),
);
const slope = (_t: number, y: number): number => -y;
const span = { t0: 0, t1: 1, dt0: 0.1 };

const uses: Readonly<Record<string, (x: Inputs) => unknown>> = {
  jit: (x) => jit((v: Tensor, { m }: { m: Tensor }) => np.dot(m, v))(x.vector, { m: x.matrix }),
  "jit of truth values": (x) => jit((p: Tensor) => np.logicalNot(p))(x.truths),
  grad: (x) => grad((v: Tensor) => np.sum(np.mul(v, v)))(x.vector),
  valueAndGrad: (x) => {
    const { value, grad } = valueAndGrad((v: Tensor) => np.sum(np.exp(v)))(x.float32);
    return [value, grad];
  },
  vmap: (x) => vmap((v: Tensor) => np.mul(v, 2))(x.matrix),
  jvp: (x) => Object.values(jvp(np.sin, [x.vector], [x.other])),
  vjp: (x) => vjp((v: Tensor) => np.sin(v), x.vector).vjp(x.other),
  jacfwd: (x) => jacfwd((v: Tensor) => np.mul(v, v))(x.vector),
  jacrev: (x) => jacrev((v: Tensor) => np.mul(v, v))(x.vector),
  scan: (x) =>
    scan((c: Scalar, v: Scalar) => ({ carry: np.add(c, v), row: c }), x.scalar, x.vector as never)
      .carry,
  "closed over": (x) => jit((v: Tensor) => np.add(v, x.vector))(np.tensor([1, 2, 3])),
  "a captured scalar": (x) => jit((v: Tensor) => np.mul(v, x.scalar))(np.tensor([1, 2, 3])),
  "y0 and args of a solve": (x) =>
    diffeqsolve(decay, Tsit5(), { ...span, y0: x.vector, args: { k: x.other } }).ys,
  "y0 in a tree, of plain arithmetic": (x) =>
    diffeqsolve((_t, { a }, { k }) => ({ a: a.map((v) => -k * v) }), Tsit5(), {
      ...span,
      y0: { a: x.vector },
      args: { k: x.scalar },
    }).ys.a,
  "ts of a solve": (x) =>
    diffeqsolve(slope, Tsit5(), { ...span, y0: 1, saveat: { ts: x.times } }).ys,
  "t0, t1 and dt0 of a solve": (x) =>
    diffeqsolve(slope, Tsit5(), {
      t0: x.scalar,
      t1: np.mul(x.scalar, 2),
      dt0: x.scalar,
      y0: 1,
    }).ys,
  "the tolerances of a controller": (x) =>
    diffeqsolve(slope, Tsit5(), {
      ...span,
      y0: 1,
      stepsizeController: PIDController({ rtol: 1e-3, atol: x.scalar }),
    }).ys,
  "the times of StepTo": (x) =>
    diffeqsolve(slope, Tsit5(), {
      ...span,
      dt0: null,
      y0: 1,
      stepsizeController: StepTo({ ts: x.times }),
    }).ys,
  "parameters of a term": (x) =>
    diffeqsolve(
      ODETerm(
        traced((_t: Scalar, y: Tensor, _args: unknown, { k }: { k: Scalar }) => np.mul(k, y)),
        { k: x.scalar },
      ),
      Tsit5(),
      { ...span, y0: x.vector },
    ).ys,
  "evaluate of a solution": (x) =>
    diffeqsolve(slope, Tsit5(), { ...span, y0: 1, saveat: { dense: true } }).evaluate(x.scalar),
  "gradient of a solve": (x) =>
    grad((y0: Tensor) =>
      np.sum(diffeqsolve(decay, Tsit5(), { ...span, y0, args: { k: x.scalar } }).ys),
    )(x.vector),
};

test("the table has every function of np", () => {
  const functions = Object.entries(np).filter(([, f]) => typeof f === "function");
  expect([...Object.keys(calls), ...without].toSorted()).toEqual(
    functions.map(([name]) => name).toSorted(),
  );
});

for (const [what, copy] of Object.entries(copies)) {
  const copied = (): Inputs =>
    Object.fromEntries(
      Object.entries(inputs()).map(([name, x]) => [name, copy(x as Tensor)]),
    ) as unknown as Inputs;

  test.each(Object.entries(calls))(`${what}: np.%s`, (_, call) => {
    expect(values(call(copied()))).toEqual(values(call(inputs())));
  });
  test.each(Object.entries(methods))(`${what}: tensor.%s(…)`, (_, call) => {
    expect(values(call(copied()))).toEqual(values(call(inputs())));
  });
  test.each(Object.entries(uses))(`${what}: %s`, (_, use) => {
    expect(values(use(copied()))).toEqual(values(use(inputs())));
  });
}
