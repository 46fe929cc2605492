// What the types of layers know: how many axes their results have.
import { zeros } from "@diffrax-ts/array";
import { jit, scan } from "@diffrax-ts/autodiff";
import type { GRUCell, Linear, MLP } from "@diffrax-ts/nn";
import type { Tensor } from "@diffrax-ts/pytree";

type Vector = Tensor<readonly [number]>;
type Matrix = Tensor<readonly [number, number]>;

declare const x: Tensor;
declare const v: Vector;
declare const m: Matrix;
declare const linear: Linear;
declare const mlp: MLP;
declare const cell: GRUCell;

// A vector gives a vector, and a batch a batch.
export const vector: Vector = linear.apply(v);
export const array: Vector = mlp.apply(new Float64Array(2));
export const batch: Matrix = mlp.apply(m);
export const unknownRank: Tensor = linear.apply(x);
// @ts-expect-error a batch
export const wrongRank: Vector = mlp.apply(m);
// @ts-expect-error a list of numbers is a container
linear.apply([1, 2]);

// A recurrent unit gives what stands for its state next time.
export const last: Vector = scan(
  (hidden, row) => ({ carry: cell.apply(row, hidden), row: null }),
  zeros(4),
  m,
).carry;
export const read: (of: GRUCell, rows: Matrix) => Vector = jit((of: GRUCell, rows: Matrix) =>
  of.apply(rows.at(0), zeros(4)),
);
