import { checkOptions, type Leaf, part, type Tensor } from "@diffrax-ts/pytree";
import { bandImplies, type Bandwidth, checkBandwidth } from "../Bandwidth.ts";
import {
  bandOfDiagonals,
  bandTimes,
  matrixOfBand,
  transposedBand,
  widenedBand,
} from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { type LinearTag, type LinearTags, tagList, tagsImply, transposeTags } from "../tags.ts";
import { floatTensor, packed, spaceOf } from "../vectors.ts";

/** Options of `BandedLinearOperator`. */
export interface BandedLinearOperatorOptions extends Bandwidth {
  /** What else the matrix is declared to be. @defaultValue nothing */
  readonly tags?: LinearTags;
}

/** A linear operator by some diagonals. */
export interface BandedLinearOperator extends LinearOperator<Tensor, Tensor>, Bandwidth {
  readonly kind: "BandedLinearOperator";
  /** `rows[i, d] = A[i, i - lower + d]`, with zeros outside of the matrix. */
  readonly rows: Tensor;
  readonly tags: readonly LinearTag[];
}

/**
 * The linear operator of a matrix that is zero but for some diagonals round the main one.
 *
 * @param diagonals - `[lower + upper + 1, n]`, one diagonal a row from the highest to the lowest, each element in its column:
 * `diagonals[upper + i - j, j] = A[i, j]`. That is the order of SciPy's `solve_banded`; what lies outside of the matrix is not read.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { BandedLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const operator = BandedLinearOperator(tensor([[4, 5, 6], [1, 2, 0]]), { lower: 1, upper: 0 });
 * operator.asMatrix().toArray();
 * // → [[4, 0, 0], [1, 5, 0], [0, 2, 6]]
 * ```
 */
export function BandedLinearOperator(
  diagonals: Leaf,
  options: BandedLinearOperatorOptions,
): BandedLinearOperator {
  const name = "BandedLinearOperator";
  const { tags = [], ...band } = checkOptions(name, options, ["lower", "upper", "tags"]);
  const bandwidth = checkBandwidth(name, band);
  const given = floatTensor(`${name}: diagonals`, diagonals);
  const count = bandwidth.lower + bandwidth.upper + 1;
  if (given.shape.length !== 2 || given.length !== count) {
    throw new TypeError(
      `${name}: diagonals must be [lower + upper + 1, n], here [${count}, n], got [${given.shape.join()}]`,
    );
  }
  return bandedOperator(bandOfDiagonals(given, bandwidth), bandwidth, tagList(name, tags));
}

/** From the rows of a band, as they are. */
export function bandedOperator(
  rows: Tensor,
  { lower, upper }: Bandwidth,
  tags: readonly LinearTag[],
): BandedLinearOperator {
  return part("BandedLinearOperator", {
    rows,
    lower,
    upper,
    tags,
    mv,
    transpose,
    asMatrix,
    inStructure: shape,
    outStructure: shape,
    has,
    bandwidth: bandwidthOf,
    bandRows,
  });
}

function mv(this: BandedLinearOperator, vector: Tensor): Tensor {
  const x = packed(spaceOf(this.inStructure(), this.kind), vector, `${this.kind}: vector`);
  return bandTimes(this.rows, this, x);
}

function transpose(this: BandedLinearOperator): BandedLinearOperator {
  const { rows, lower, upper, tags } = this;
  const turned = { lower: upper, upper: lower };
  return bandedOperator(transposedBand(rows, this), turned, transposeTags(tags));
}

function asMatrix(this: BandedLinearOperator): Tensor {
  return matrixOfBand(this.rows, this);
}

function shape(this: BandedLinearOperator): unknown {
  return { dtype: this.rows.dtype, shape: [this.rows.length] };
}

function has(this: BandedLinearOperator, tag: LinearTag): boolean {
  return tagsImply(this.tags, tag) || bandImplies(this, tag);
}

function bandwidthOf(this: BandedLinearOperator): Bandwidth {
  return { lower: this.lower, upper: this.upper };
}

function bandRows(this: BandedLinearOperator, wanted: Bandwidth): Tensor {
  return widenedBand(this.rows, this, wanted);
}
