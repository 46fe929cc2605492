import { part, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";
import { bandOfThree, bandTimes, matrixOfBand, widenedBand } from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearTag } from "../tags.ts";
import { floatTensor, packed, spaceOf } from "../vectors.ts";

/** A linear operator by three diagonals. */
export interface TridiagonalLinearOperator extends LinearOperator<Tensor, Tensor> {
  readonly kind: "TridiagonalLinearOperator";
  readonly diagonal: Tensor;
  readonly lowerDiagonal: Tensor;
  readonly upperDiagonal: Tensor;
}

/**
 * The linear operator of a matrix that is zero but for its diagonal and the two beside it.
 *
 * @param diagonal - `A[i, i]`, `[n]`.
 * @param lowerDiagonal - `A[i + 1, i]`, `[n - 1]`.
 * @param upperDiagonal - `A[i, i + 1]`, `[n - 1]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { TridiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const second = TridiagonalLinearOperator(tensor([-2, -2, -2]), tensor([1, 1]), tensor([1, 1]));
 * second.mv(tensor([1, 4, 9])).toArray();
 * // → [2, 2, -14]
 * ```
 */
export function TridiagonalLinearOperator(
  diagonal: Leaf,
  lowerDiagonal: Leaf,
  upperDiagonal: Leaf,
): TridiagonalLinearOperator {
  const name = "TridiagonalLinearOperator";
  const d = floatTensor(`${name}: diagonal`, diagonal);
  const size = d.shape[0] ?? 0;
  if (d.shape.length !== 1 || size === 0)
    throw new TypeError(`${name}: diagonal must be [n] with n >= 1, got [${d.shape.join()}]`);
  const beside = (key: string, x: Leaf): Tensor => {
    const given = floatTensor(`${name}: ${key}`, x);
    if (given.shape.length === 1 && given.length === size - 1 && given.dtype === d.dtype)
      return given;
    throw new TypeError(
      `${name}: ${key} must be ${d.dtype}[${size - 1}] beside a diagonal of ${d.dtype}[${size}], got ${given.dtype}[${given.shape.join()}]`,
    );
  };
  return part(name, {
    diagonal: d,
    lowerDiagonal: beside("lowerDiagonal", lowerDiagonal),
    upperDiagonal: beside("upperDiagonal", upperDiagonal),
    mv,
    transpose,
    asMatrix,
    inStructure: shape,
    outStructure: shape,
    has,
    bandwidth,
    bandRows,
  });
}

function mv(this: TridiagonalLinearOperator, vector: Tensor): Tensor {
  const x = packed(spaceOf(this.inStructure(), this.kind), vector, `${this.kind}: vector`);
  return bandTimes(this.bandRows!(bandwidth()), bandwidth(), x);
}

function transpose(this: TridiagonalLinearOperator): TridiagonalLinearOperator {
  const { lowerDiagonal, upperDiagonal } = this;
  return { ...this, lowerDiagonal: upperDiagonal, upperDiagonal: lowerDiagonal };
}

function asMatrix(this: TridiagonalLinearOperator): Tensor {
  return matrixOfBand(this.bandRows!(bandwidth()), bandwidth());
}

function shape(this: TridiagonalLinearOperator): unknown {
  return { dtype: this.diagonal.dtype, shape: this.diagonal.shape };
}

function has(this: TridiagonalLinearOperator, tag: LinearTag): boolean {
  return tag === "tridiagonal";
}

function bandwidth(): Bandwidth {
  return { lower: 1, upper: 1 };
}

function bandRows(this: TridiagonalLinearOperator, wanted: Bandwidth): Tensor {
  const rows = bandOfThree(this.lowerDiagonal, this.diagonal, this.upperDiagonal);
  return widenedBand(rows, bandwidth(), wanted);
}
