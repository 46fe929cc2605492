// Tensors and ndarrays of every kind meet without a cast.
import { sum } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import { fromNdarray, toNdarray } from "@diffrax-ts/ndarray";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { NdArray } from "ndarray";

declare const a: NdArray<Float64Array>;
declare const bytes: NdArray<Uint8Array>;
declare const generic: NdArray;
declare const x: Tensor<readonly [number, number]>;

export const tensors: readonly Tensor[] = [
  fromNdarray(a),
  fromNdarray(bytes),
  fromNdarray(generic),
];
export const view: NdArray<Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array> =
  toNdarray(x);
export const forOperations: NdArray = toNdarray(x);
export const element: number = toNdarray(x).get(0, 0);
export const total: Scalar = sum(a);
export const compiled: Tensor = jit((y: Tensor) => y)(a);

// @ts-expect-error a list is no tensor
toNdarray([1, 2]);
// @ts-expect-error a typed array is no ndarray
fromNdarray(new Float64Array(3));
