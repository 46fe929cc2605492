// Matrices by their diagonals. `rows[i, d] = A[i, i - lower + d]`: row i of the matrix, from the lowest diagonal to the highest.
import { concatenate, mul, pad, reshape, slice, add, transpose, flip } from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";

/**
 * `out[d, i] = x[d, i + d - left]`, with zeros outside: each row moved by one place more than the one above it.
 *
 * @param x - `[w, n]`.
 */
function skewed(x: Tensor, left: number): Tensor {
  const [w, n] = x.shape as [number, number];
  const wide = pad(x, [
    [0, 0],
    [left, w - 1 - left],
  ]);
  return slice(restrided(wide, n + w), null, [0, n]);
}

/** The elements of a matrix in rows of another length; what is missing at the end is zero. */
function restrided(x: Tensor, length: number): Tensor {
  const rows = x.shape[0]!;
  const flat = reshape(x, [x.size]);
  return reshape(pad(flat, [[0, rows * length - x.size]]), [rows, length]);
}

/** The band of a square matrix `[n, n]`. */
export function bandOfMatrix(matrix: Tensor, { lower, upper }: Bandwidth): Tensor {
  const n = matrix.length;
  const wide = pad(matrix, [
    [0, 0],
    [lower, upper],
  ]);
  // Element [i, i + d] of `wide` is element i (n + w) + d of its elements in one row.
  return slice(restrided(wide, n + lower + upper + 1), null, [0, lower + upper + 1]);
}

/** The square matrix with a band. */
export function matrixOfBand(rows: Tensor, { lower, upper }: Bandwidth): Tensor {
  const n = rows.length;
  const width = n + lower + upper;
  const wide = pad(rows, [
    [0, 0],
    [0, width + 1 - rows.shape[1]!],
  ]);
  const flat = slice(reshape(wide, [wide.size]), [0, n * width]);
  return slice(reshape(flat, [n, width]), null, [lower, lower + n]);
}

/** The band of the transposed matrix. */
export function transposedBand(rows: Tensor, { upper }: Bandwidth): Tensor {
  return transpose(skewed(flip(transpose(rows), { axis: 0 }), upper));
}

/** From SciPy's order, `diagonals[upper + i - j, j] = A[i, j]`. */
export function bandOfDiagonals(diagonals: Tensor, { lower }: Bandwidth): Tensor {
  return transpose(skewed(flip(diagonals, { axis: 0 }), lower));
}

/** A band with diagonals of zeros outside. */
export function widenedBand(rows: Tensor, own: Bandwidth, wanted: Bandwidth): Tensor {
  const [below, above] = [wanted.lower - own.lower, wanted.upper - own.upper];
  if (below === 0 && above === 0) return rows;
  return pad(rows, [
    [0, 0],
    [below, above],
  ]);
}

/** `A x`. */
export function bandTimes(rows: Tensor, { lower, upper }: Bandwidth, x: Tensor): Tensor {
  const n = rows.length;
  const wide = pad(x, [[lower, upper]]);
  const terms = Array.from({ length: lower + upper + 1 }, (_, d) =>
    mul(column(rows, d), slice(wide, [d, d + n])),
  );
  return terms.reduce((total, term) => add(total, term));
}

/** A diagonal, as long as the matrix. */
export function column(rows: Tensor, d: number): Tensor {
  return slice(rows, null, d);
}

/** The band of a matrix with three diagonals. */
export function bandOfThree(lower: Tensor, diagonal: Tensor, upper: Tensor): Tensor {
  const columns = [pad(lower, [[1, 0]]), diagonal, pad(upper, [[0, 1]])];
  return concatenate(
    columns.map((x) => reshape(x, [x.size, 1])),
    { axis: 1 },
  );
}
