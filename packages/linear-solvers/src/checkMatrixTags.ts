import { isTraced, valueOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { type LinearTag, tagsImply } from "./tags.ts";

/** A matrix as `(row, column) => number`. */
type Element = (i: number, j: number) => number;

/** What each tag says of an element; the last argument is how far rounding may have moved it. */
const holds: Readonly<
  Record<LinearTag, (a: Element, i: number, j: number, rounding: number) => boolean>
> = {
  symmetric: (a, i, j, rounding) => !(Math.abs(a(i, j) - a(j, i)) > rounding),
  diagonal: (a, i, j) => i === j || a(i, j) === 0,
  tridiagonal: (a, i, j) => Math.abs(i - j) <= 1 || a(i, j) === 0,
  unitDiagonal: (a, i, j) => i !== j || a(i, j) === 1,
  lowerTriangular: (a, i, j) => i >= j || a(i, j) === 0,
  upperTriangular: (a, i, j) => i <= j || a(i, j) === 0,
  positiveSemidefinite: (a, i, j, rounding) => i !== j || !(a(i, j) < -rounding),
  negativeSemidefinite: (a, i, j, rounding) => i !== j || !(a(i, j) > rounding),
};

/**
 * Refuses tags that the numbers of a matrix contradict. Of a traced matrix there are no numbers yet, and its tags are taken as true.
 *
 * Symmetric is what differs from its transpose by no more than half of the digits; semidefinite what has no diagonal element of the wrong sign.
 *
 * @throws TypeError that says where.
 */
export function checkMatrixTags(name: string, matrix: Tensor, tags: readonly LinearTag[]): void {
  if (tags.length === 0) return;
  const [m, n] = matrix.shape as [number, number];
  if (tagsImply(tags, "symmetric") && m !== n)
    throw new TypeError(
      `${name}: a matrix of ${m} rows and ${n} columns is not symmetric (${tags.join()})`,
    );
  if (isTraced(matrix)) return;
  const { data } = valueOf(matrix);
  const a: Element = (i, j) => Number(data[i * n + j]);
  let largest = 0;
  for (let i = 0; i < m * n; i++) largest = Math.max(largest, Math.abs(Number(data[i])));
  const rounding = largest * (matrix.dtype === "float64" ? 2 ** -26 : 2 ** -12);
  const implied: readonly LinearTag[] = tagsImply(tags, "symmetric") ? ["symmetric"] : [];
  for (const tag of [...tags, ...implied]) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        if (holds[tag](a, i, j, rounding)) continue;
        throw new TypeError(
          `${name}: the matrix is not ${tag}: element [${i}, ${j}] is ${a(i, j)}`,
        );
      }
    }
  }
}
