import { tensor } from "@diffrax-ts/array";
import type { DType, Tensor } from "@diffrax-ts/pytree";

/** Half the distance from 1 to the next float. */
const roundoff = { float64: 2 ** -53, float32: 2 ** -24 } as const;

/** Pseudorandom numbers from -1 to 1 (splitmix32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A matrix of pseudorandom numbers from -1 to 1, with `diagonal` added to its diagonal. */
export function randomMatrix(
  n: number,
  next: () => number,
  { diagonal = 0, dtype = "float64" }: { readonly diagonal?: number; readonly dtype?: DType } = {},
): Tensor {
  if (n === 0) return tensor(new Float64Array(), { dtype });
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_x, j) => next() + (i === j ? diagonal : 0)),
  );
  return tensor(rows, { dtype });
}

/** A vector of pseudorandom numbers from -1 to 1. */
export function randomVector(n: number, next: () => number, dtype: DType = "float64"): Tensor {
  return tensor(Array.from({ length: n }, next), { dtype });
}

/** The rows of a matrix as numbers. */
function rowsOf(matrix: Tensor): number[][] {
  return matrix.toArray() as number[][];
}

/** The elements of any tensor in row-major order. */
export function numbersOf(x: Tensor): number[] {
  return [x.toArray()].flat(9) as number[];
}

/** The largest element of `|b - A x|`. */
export function residual(matrix: Tensor, x: Tensor, vector: Tensor): number {
  const [b, values] = [numbersOf(vector), numbersOf(x)];
  const errors = rowsOf(matrix).map((row, i) =>
    Math.abs(row.reduce((sum, a, j) => sum - a * values[j]!, b[i]!)),
  );
  return Math.max(0, ...errors);
}

/**
 * How large `|b - A x|` can get by rounding: `3 n ε |L| |U| |x| ≤ 3 n² ε max|U| Σ|x|` (Higham 2002, theorem 9.4), with
 * the upper triangle of an elimination in plain numbers, and `n ε |A| |x|` for the residual itself.
 */
export function residualBound(matrix: Tensor, x: Tensor): number {
  const n = matrix.length;
  const size = numbersOf(x).reduce((sum, value) => sum + Math.abs(value), 0);
  const largest = Math.max(0, ...numbersOf(matrix).map(Math.abs));
  const eps = roundoff[matrix.dtype as "float64"];
  return (3 * n * n * eps * largestPivot(rowsOf(matrix)) + n * roundoff.float64 * largest) * size;
}

/** The largest element that elimination with partial pivoting meets in its upper triangle. */
function largestPivot(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row]);
  let largest = 0;
  for (let k = 0; k < rows.length; k++) {
    const sizes = rows.map((row, i) => (i < k ? -1 : Math.abs(row[k]!)));
    const pivot = sizes.indexOf(Math.max(...sizes));
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const upper = rows[k]!;
    largest = Math.max(largest, ...upper.slice(k).map(Math.abs));
    for (const row of rows.slice(k + 1)) {
      const l = row[k]! / upper[k]!;
      for (let j = k; j < row.length; j++) row[j]! -= l * upper[j]!;
    }
  }
  return largest;
}
