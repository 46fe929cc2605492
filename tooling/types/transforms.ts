// A function that was differentiated, compiled or batched can be handed on: it takes and gives tensors there, and
// numbers for numbers where it is called.
import {
  type Axes,
  hessian,
  jacfwd,
  jacrev,
  valueAndGrad,
  type VmapOptions,
} from "@diffrax-ts/autodiff";
import { grad, jit, type Scalar, type Tensor, vmap } from "@diffrax-ts/core";
import { assert, type Equal } from "./assert.ts";

type Vector = Tensor<readonly [number]>;
interface Params {
  a: Scalar;
  b: Scalar;
}
declare const square: (x: Scalar) => Scalar;
declare const twice: (x: Vector) => Vector;
declare const loss: (p: Params) => Scalar;
declare const of: (p: Params, n: Scalar) => Scalar;
declare const ofAux: (p: Params, n: Scalar) => readonly [Scalar, { readonly k: Scalar }];
declare const v: Float64Array;
declare const some: Tensor;

// Compiled.
const slope = jit(grad((x: Scalar) => x.mul(x)))(2);
assert<Equal<typeof slope, Scalar>>();
const both = jit(valueAndGrad(loss))({ a: 1, b: 2 });
assert<Equal<typeof both.value, Scalar>>();
assert<Equal<typeof both.grad, Params>>();
const withAux = jit(valueAndGrad(ofAux, { hasAux: true }))({ a: 1, b: 2 }, 3);
assert<Equal<typeof withAux.grad, Params>>();
assert<Equal<typeof withAux.aux, { readonly k: Scalar }>>();
const blocks = jit(hessian(loss))({ a: 1, b: 2 });
assert<Equal<typeof blocks.a.b, Tensor>>();
const row = jit(jacfwd(square))(2);
assert<Equal<typeof row, Tensor>>();
const second = jit(grad(of, { argnums: 1 }))({ a: 1, b: 2 }, 3);
assert<Equal<typeof second, Scalar>>();
const slopes = jit(grad(of, { argnums: [1, 0] }))({ a: 1, b: 2 }, 3);
assert<Equal<typeof slopes, readonly [Scalar, Params]>>();
const rows = jit(jacrev(of, { argnums: [0, 1] }))({ a: 1, b: 2 }, 3);
assert<Equal<(typeof rows)[0]["b"], Tensor>>();
// @ts-expect-error -- a rate is missing
jit(grad(loss))({ a: 1 });

// Differentiated again.
const curvature = grad(grad(square))(2);
assert<Equal<typeof curvature, number>>();
const third = grad(grad(grad(square)))(2);
assert<Equal<typeof third, number>>();
const ofCompiled = grad(jit(grad(square)))(2);
assert<Equal<typeof ofCompiled, number>>();
const rowOfSlopes = jacfwd(grad(loss))({ a: 1, b: 2 });
assert<Equal<typeof rowOfSlopes.a.b, Tensor>>();

// Called, with numbers and with tensors.
const derivative: (x: number) => number = grad(square);
export const atTwo: number = derivative(2);
export const inside = (x: Scalar): Scalar => grad(square)(x).mul(2);
// @ts-expect-error -- a string is no argument
grad(square)("2");

// A batch has one more axis.
export const squares: number[] = vmap(square)(v).toArray();
export const matrix: number[][] = vmap(twice)(some).toArray();
export const twiceBatched: number[][] = vmap(vmap(square))(some).toArray();
export const compiled: number[] = jit(vmap(square))(v).toArray();
export const slopesOfAll: number[] = vmap(grad(square))(v).toArray();
const bothOfAll = vmap(valueAndGrad(loss))({ a: v, b: v });
assert<Equal<typeof bothOfAll.value, Vector>>();
assert<Equal<typeof bothOfAll.grad.a, Vector>>();
const unknownRank = vmap((x: Tensor) => x)(v);
assert<Equal<typeof unknownRank, Tensor>>();
const axesIn = vmap(of, { inAxes: [{ a: 0, b: null }, null] })({ a: v, b: 1 }, 2);
assert<Equal<typeof axesIn, Vector>>();

// The axes of the result say where it is.
declare const pair: (x: Scalar) => { a: Scalar; b: [Scalar, Vector] };
const same = vmap(square, { outAxes: null })(v);
assert<Equal<typeof same, Scalar>>();
const partly = vmap(pair, { outAxes: { a: null, b: [0, -1] } })(v);
assert<
  Equal<
    typeof partly,
    { readonly a: Scalar; readonly b: readonly [Vector, Tensor<readonly [number, number]>] }
  >
>();
declare const axes: Axes;
declare const options: VmapOptions;
const anyAxes = vmap(square, { outAxes: axes })(v);
assert<Equal<typeof anyAxes, Tensor>>();
const anyOptions = vmap(square, options)(v);
assert<Equal<typeof anyOptions, Tensor>>();
