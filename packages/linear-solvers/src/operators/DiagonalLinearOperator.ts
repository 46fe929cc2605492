import { mul, reshape } from "@diffrax-ts/array";
import { map, part, type Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";
import { matrixOfBand, widenedBand } from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearTag } from "../tags.ts";
import { floatTree, packed, shapesOf, spaceOf } from "../vectors.ts";

/** A linear operator that multiplies element by element. */
export interface DiagonalLinearOperator<Vector = Tensor> extends LinearOperator<Vector, Vector> {
  readonly kind: "DiagonalLinearOperator";
  /** A tree like the vectors. */
  readonly diagonal: Vector;
}

/**
 * The linear operator that multiplies each element by one of its own: `x => d x`, the matrix `diag(d)`.
 *
 * @param diagonal - `d`, a tree of floats like those that it takes.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { DiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * DiagonalLinearOperator(tensor([1, 2])).mv(tensor([3, 4])).toArray();
 * // → [3, 8]
 * ```
 */
export function DiagonalLinearOperator<Vector = Tensor>(
  diagonal: Vector,
): DiagonalLinearOperator<Vector> {
  const name = "DiagonalLinearOperator";
  const tree = floatTree(`${name}: diagonal`, diagonal);
  spaceOf(tree, `${name}: diagonal`);
  return part(name, {
    diagonal: tree,
    mv,
    transpose,
    asMatrix,
    inStructure: shapes,
    outStructure: shapes,
    has,
    bandwidth,
    bandRows,
  }) as unknown as DiagonalLinearOperator<Vector>;
}

function mv(this: DiagonalLinearOperator, vector: unknown): unknown {
  return map((d, x) => mul(d as Tensor, x as Tensor) as never, this.diagonal as unknown, vector);
}

function transpose(this: DiagonalLinearOperator): DiagonalLinearOperator {
  return this;
}

function asMatrix(this: DiagonalLinearOperator): Tensor {
  const none = { lower: 0, upper: 0 };
  return matrixOfBand(this.bandRows!(none), none);
}

function shapes(this: DiagonalLinearOperator): unknown {
  return shapesOf(this.diagonal, this.kind);
}

function has(this: DiagonalLinearOperator, tag: LinearTag): boolean {
  return tag !== "unitDiagonal" && tag !== "positiveSemidefinite" && tag !== "negativeSemidefinite";
}

function bandwidth(): Bandwidth {
  return { lower: 0, upper: 0 };
}

function bandRows(this: DiagonalLinearOperator, wanted: Bandwidth): Tensor {
  const diagonal = packed(spaceOf(this.diagonal, this.kind), this.diagonal, this.kind);
  return widenedBand(reshape(diagonal, [diagonal.size, 1]), bandwidth(), wanted);
}
