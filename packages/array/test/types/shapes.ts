// What the types of the functions know: ranks, scalars, leaves, options.
import * as np from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

type Vector = Tensor<readonly [number]>;
type Matrix = Tensor<readonly [number, number]>;

declare const x: Tensor;
declare const v: Vector;

// The rank follows from the shape that is asked for.
export const vector: Vector = np.zeros(3);
export const matrix: Matrix = np.ones([2, 3]);
export const scalar: Scalar = np.full([], 1);
export const cube: Tensor<readonly [number, number, number]> = np.reshape(x, [2, -1, 2]);
export const repeated: Matrix = np.broadcastTo(v, [2, 3]);
export const window: Vector = np.dynamicSlice(v, [0], [2]);
export const some: Tensor = np.zeros([1, 2, 3].slice(1));
// @ts-expect-error another rank
export const wrongRank: Vector = np.zeros([2, 3]);

// Without axes one number is left; along axes, it depends.
export const total: Scalar = np.sum(x);
export const largest: Scalar = np.max(x, { axis: null });
export const place: Scalar = np.argmax(x);
export const sums: Tensor = np.sum(x, { axis: 0 });
export const product: Scalar = np.vdot(v, v);
// @ts-expect-error a tensor of unknown rank
export const notScalar: Scalar = np.sum(x, { axis: 0 });

// What is like something else has its rank.
export const like: Vector = np.zerosLike(v);
export const likeNumber: Scalar = np.onesLike(1);
export const likeArray: Vector = np.fullLike(new Float64Array(3), 2);
export const where: Scalar = np.searchsorted(v, 0.5);
export const places: Vector = np.searchsorted(v, v);

// tensor() counts the brackets.
export const fromList: Vector = np.tensor([1, 2, 3]);
export const fromLists: Matrix = np.tensor([
  [1, 2],
  [3, 4],
]);
export const fromArray: Vector = np.tensor(new Float64Array(3));
export const fromNumber: Scalar = np.tensor(1);
export const fromScalars: Vector = np.tensor([scalar, 1, scalar]);
export const deep: Tensor = np.tensor([[[1]]]);
// @ts-expect-error strings are not numbers
np.tensor(["1"]);

// Vectors and typed arrays, numbers and scalars are taken everywhere.
export const points: Vector = np.linspace(0, scalar, 5);
np.sum(new Float32Array(3));
np.stack([1, scalar, 2]);
np.polyval([1, scalar], x);
// @ts-expect-error an array of numbers is a container: tensor([1, 2])
np.sum([1, 2]);
// @ts-expect-error a list of arrays
np.stack(x);

// Options are spelt as they are.
np.sum(x, { axis: [0, 1], keepdims: true });
// @ts-expect-error axis
np.sum(x, { axes: 0 });
// @ts-expect-error keepdims
np.max(x, { keepDims: true });
// @ts-expect-error dtype
np.zeros(3, { type: "float32" });
// @ts-expect-error float32
np.zeros(3, { dtype: "f32" });
// @ts-expect-error endpoint
np.linspace(0, 1, 3, { endPoint: false });
// @ts-expect-error left or right
np.searchsorted(v, 1, { side: "middle" });
// @ts-expect-error an axis has its name
np.cumsum(x, 0);
// @ts-expect-error a step has to be a number
np.slice(x, [0, 1, "2"]);

// Ranks follow from those of what goes in.
declare const s: Scalar;
declare const m: Matrix;
export const chosen: Scalar = np.where(np.less(s, 1), s, 0);
export const chosenByVector: Vector = np.where(np.less(v, 1), s, 0);
export const chosenAnyway: Matrix = np.where(true, m, v);
export const both: Vector = np.logicalAnd(np.less(v, 1), np.greater(s, 0));
export const neither: Scalar = np.logicalNot(np.equal(s, 2));
export const clipped: Scalar = np.clip(s, 0, null);
export const clippedByVector: Vector = np.clip(s, null, v);
export const inner: Scalar = np.dot(v, Float64Array.of(1));
export const image: Vector = np.dot(m, v);
export const scaled: Matrix = np.dot(2, m);
export const squared: Matrix = np.matmul(m, m);
export const element: Scalar = np.slice(m, 0, -1);
export const column: Vector = np.slice(m, null, 1);
export const partOf: Matrix = np.slice(m, [1], [null, null, -1]);
export const listed: Tensor = np.slice(m, ...([1] as np.Range[]));
export const joined: Vector = np.concatenate([v, Float64Array.of(1)]);
export const stacked: Matrix = np.stack([v, v]);
export const packed: Vector = np.stack([s, 1]);
export const pieces: [Vector, Vector] = np.split(v, 2);
export const cutPieces: [Vector, Vector, Vector] = np.split(v, [1, 3]);
export const somePieces: Vector[] = np.split(v, v.length);
// @ts-expect-error there are two of them
export const wrongPieces: [Vector, Vector, Vector] = np.split(v, 2);
export const taken: Vector = np.take(m, [1, 2]);
export const takenRows: Matrix = np.take(m, v, { axis: 0 });
export const listedRows: Matrix = np.take(m, [1, 2], { axis: 0 });
export const unknownRank: Tensor = np.take(m, x, { axis: 0 });
// @ts-expect-error one row is a vector
export const oneRow: Matrix = np.take(m, 1, { axis: 0 });
export const one: Scalar = np.take(v, 1);
export const running: Matrix = np.cumsum(m, { axis: 0 });
export const flatRunning: Vector = np.cumsum(m);
export const turned: Matrix = np.transpose(m);
export const longer: Matrix = np.expandDims(v, 0);
export const steps: Vector = np.diff(v);
export const length: Scalar = np.hypot(s, 1);
// @ts-expect-error a condition that is a vector makes a vector
export const noScalar: Scalar = np.where(np.less(v, 1), s, 0);
// @ts-expect-error a list of ranges of which nothing is known may leave out any axes
export const noMatrix: Matrix = np.slice(m, ...([1] as np.Range[]));
// @ts-expect-error a matrix times a vector is a vector
export const noProduct: Scalar = np.dot(m, v);
