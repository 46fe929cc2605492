// Literals in arguments and states are numbers in what comes out; tuples, strings and interfaces stay what they are.
import {
  hessian,
  jacfwd,
  jacrev,
  jvp,
  linearTranspose,
  valueAndGrad,
  vjp,
} from "@diffrax-ts/autodiff";
import { diffeqsolve, grad, type Scalar, type Tensor, Tsit5 } from "@diffrax-ts/core";
import { assert, type Equal } from "./assert.ts";

type Vector = Tensor<readonly [number]>;
interface Params {
  readonly a: Scalar;
  readonly v: Tensor;
}
declare const square: (x: Scalar) => Scalar;
declare const loss: (p: Params, n: Scalar) => Scalar;
declare const lossAndAux: (p: Params, n: Scalar) => readonly [Scalar, { readonly k: Scalar }];
declare const first: (xs: readonly Scalar[]) => Scalar;
declare const v: Float64Array;

const slope = grad(square)(2);
assert<Equal<typeof slope, number>>();
const slopes = grad(loss)({ a: 5, v }, 2);
assert<Equal<typeof slopes, { a: number; v: Float64Array }>>();
const pair = grad(first)([1, 2]);
assert<Equal<typeof pair, [number, number]>>();
const both = valueAndGrad(loss)({ a: 5, v }, 2);
assert<Equal<typeof both.grad, { a: number; v: Float64Array }>>();
assert<Equal<typeof both.value, number>>();
const second = hessian(square)(2);
assert<Equal<typeof second, number>>();
const rows = jacrev(first)([1, 2]);
assert<Equal<(typeof rows)["length"], 2>>();
export const secondRow: Tensor = rows[1];
const direction = jvp(square, [2], [1]).tangent;
assert<Equal<typeof direction, Scalar>>();
const cotangents = vjp(first, [1, 2]).vjp(1);
assert<Equal<typeof cotangents, [[number, number]]>>();
const transposed = linearTranspose(square, 2)(1);
assert<Equal<typeof transposed, [number]>>();

// Interfaces, optional keys and static values.
interface Rates {
  a: number;
  readonly b?: number[];
  mode: "fast" | "slow";
}
declare const rates: Rates;
declare const byMode: (r: {
  readonly a: Scalar;
  readonly b?: readonly Scalar[];
  readonly mode: "fast" | "slow";
}) => Scalar;
export const likeRates: Rates = grad(byMode)(rates);
const fast = grad(byMode)({ a: 1, mode: "fast" });
assert<Equal<typeof fast, { a: number; mode: "fast" }>>();

// A value is a number beside numbers, and a tensor beside arrays.
declare const ofVector: (x: Tensor) => Scalar;
declare const ofTensors: (xs: readonly Tensor[]) => Scalar;
declare const x: Vector;
const beside = valueAndGrad(ofVector)(v);
assert<Equal<typeof beside.value, Scalar>>();
const besideList = valueAndGrad(ofTensors)([x, x]);
assert<Equal<typeof besideList.value, Scalar>>();

// Several arguments: a list of what one would give.
const one = grad(loss, { argnums: 1 })({ a: 5, v }, 2);
assert<Equal<typeof one, number>>();
const two = grad(loss, { argnums: [0, 1] })({ a: 5, v }, 2);
assert<Equal<typeof two, [{ a: number; v: Float64Array }, number]>>();
const swapped = valueAndGrad(lossAndAux, { argnums: [1, 0], hasAux: true })({ a: 5, v }, 2);
assert<Equal<typeof swapped.grad, [number, { a: number; v: Float64Array }]>>();
assert<Equal<typeof swapped.value, number>>();
assert<Equal<typeof swapped.aux, { readonly k: Scalar }>>();
declare const which: number[];
const some = grad(loss, { argnums: which })({ a: 5, v }, 2);
assert<Equal<typeof some, (number | { a: number; v: Float64Array })[]>>();
const blocks = jacfwd(loss, { argnums: [0, 1] })({ a: 5, v }, 2);
assert<Equal<typeof blocks, readonly [{ readonly a: Tensor; readonly v: Tensor }, Tensor]>>();
const rowsAndAux = jacrev(lossAndAux, { argnums: 1, hasAux: true })({ a: 5, v }, 2);
assert<Equal<typeof rowsAndAux.jacobian, Tensor>>();
assert<Equal<typeof rowsAndAux.aux, { readonly k: Scalar }>>();
const mixed = hessian(loss, { argnums: [0, 1] })({ a: 5, v }, 2);
assert<Equal<(typeof mixed)[0]["a"][1], number>>();
assert<Equal<(typeof mixed)[1][0]["v"], Tensor>>();
assert<Equal<typeof jacfwd, typeof jacrev>>();
declare const jacobian: typeof jacfwd;
export const column: Tensor = jacobian(loss, { argnums: 1 })({ a: 5, v }, 2);
// @ts-expect-error -- a vector for a number
grad(loss, { argnums: 1 })({ a: v, v }, 2);
// @ts-expect-error -- an argument is missing
grad(loss, { argnums: [0, 1] })({ a: 5, v });

// States.
const times = { t0: 0, t1: 1, dt0: 0.1 };
const decay = diffeqsolve((_t, y, { mode, k }) => (mode === "grow" ? k * y : -y), Tsit5(), {
  ...times,
  y0: 1,
  args: { mode: "grow", k: 2 },
});
assert<Equal<typeof decay.ys, Vector>>();
const list = diffeqsolve(
  (_t, y, k) => {
    assert<Equal<typeof y, [number, number]>>();
    assert<Equal<typeof k, [number, { readonly l: number }]>>();
    return [y[1], -y[0]];
  },
  Tsit5(),
  { ...times, y0: [1, 2], args: [1, { l: 2 }] },
);
assert<Equal<typeof list.ys, readonly [Vector, Vector]>>();
const saved = diffeqsolve((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 2],
  args: [3],
  saveat: { t1: true, fn: (_t, y, args) => ({ y, args, two: 2 }) },
});
assert<
  Equal<
    typeof saved.ys,
    {
      readonly y: readonly [Vector, Vector];
      readonly args: readonly [Vector];
      readonly two: Vector;
    }
  >
>();
// @ts-expect-error -- there are two
export const third: unknown = list.ys[2];
