import { add, apply, asTensor, equal, reshape, where } from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  type Leaf,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { axesOf } from "./axes.ts";
import { pad } from "./pad.ts";
import { countable } from "./reduce.ts";
import { sum } from "./sum.ts";
import { moveaxis } from "./transpose.ts";

/** Options of `diag`. */
export interface DiagOptions {
  /** Which diagonal: above the main one if positive, below it if negative. @defaultValue 0 */
  readonly k?: number | undefined;
}

/**
 * Of a vector the matrix with it on a diagonal; of a matrix one of its diagonals.
 *
 * @throws TypeError for other ranks.
 *
 * @example
 * ```ts
 * import { diag, tensor } from "@diffrax-ts/array";
 *
 * diag(tensor([1, 2])).toArray();
 * // → [[1, 0], [0, 2]]
 * diag(tensor([[1, 2], [3, 4]])).toArray();
 * // → [1, 4]
 * diag(tensor([[1, 2], [3, 4]]), { k: 1 }).toArray();
 * // → [2]
 * ```
 */
export function diag(
  x: Tensor<readonly [number, number]>,
  options?: DiagOptions,
): Tensor<readonly [number]>;
export function diag(
  x: Tensor<readonly [number]> | Float64Array | Float32Array | Int32Array,
  options?: DiagOptions,
): Tensor<readonly [number, number]>;
export function diag(x: Leaf, options?: DiagOptions): Tensor;
export function diag(x: Leaf, options: DiagOptions = {}): Tensor {
  const { k = 0 } = checkOptions("diag", options, ["k"]);
  requireOffset("diag", "k", k);
  const array = asTensor(x, "diag");
  const { shape } = array;
  if (shape.length === 2) return diagonalOf(array, k);
  if (shape.length !== 1)
    throw new TypeError(`diag: expected a vector or a matrix, got shape [${shape.join()}]`);
  const padded = pad(array, [[Math.max(k, 0), Math.max(-k, 0)]]);
  const n = padded.shape[0]!;
  const [row, column] = [0, 1].map(
    (axis) => apply("iota", [], { dtype: "int32", shape: [n, n], axis })[0]!,
  );
  const [spread] = apply("broadcast", [padded], { shape: [n, n], axes: [1] });
  return where(equal(add(row!, k), column!), spread!, 0);
}

/** Options of `trace`. */
export interface TraceOptions {
  /** Which diagonal: above the main one if positive, below it if negative. @defaultValue 0 */
  readonly offset?: number | undefined;
  /** The axis of the rows. @defaultValue 0 */
  readonly axis1?: number | undefined;
  /** The axis of the columns. @defaultValue 1 */
  readonly axis2?: number | undefined;
}

/**
 * The sum of the elements on a diagonal of a matrix; of an array with more axes, for each place along these. Truth values are counted, as int32.
 *
 * @example
 * ```ts
 * import { tensor, trace } from "@diffrax-ts/array";
 *
 * trace(tensor([[1, 2], [3, 4]])).item();
 * // → 5
 * ```
 */
export function trace(x: Tensor<readonly [number, number]>, options?: TraceOptions): Scalar;
export function trace(x: Leaf, options?: TraceOptions): Tensor;
export function trace(x: Leaf, options: TraceOptions = {}): Tensor {
  const {
    offset = 0,
    axis1 = 0,
    axis2 = 1,
  } = checkOptions("trace", options, ["offset", "axis1", "axis2"]);
  requireOffset("trace", "offset", offset);
  const array = countable(asTensor(x, "trace"));
  const axes = axesOf("trace", [axis1, axis2], array.shape);
  return sum(diagonalOf(moveaxis(array, axes, [-2, -1]), offset), { axis: -1 });
}

/** A diagonal of the matrices in the last two axes: every `columns + 1`th element. */
function diagonalOf(x: Tensor, k: number): Tensor {
  const batch = x.shape.slice(0, -2);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const [row, column] = [Math.max(-k, 0), Math.max(k, 0)];
  const n = Math.max(Math.min(rows - row, columns - column), 0);
  const start = n === 0 ? 0 : row * columns + column;
  const flat = reshape(x, [...batch, rows * columns]);
  return apply("slice", [flat], {
    start: [...batch.map(() => 0), start],
    limit: [...batch, n === 0 ? 0 : start + (n - 1) * (columns + 1) + 1],
    step: [...batch.map(() => 1), columns + 1],
  })[0]!;
}

function requireOffset(name: string, option: string, k: number): void {
  if (!Number.isInteger(k))
    throw new TypeError(`${name}: ${option} must be an integer, got ${describeValue(k)}`);
}
