import { checkOptions, part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, bandwidthOf, requireBand } from "../band.ts";
import { type Bandwidth, checkBandwidth } from "../Bandwidth.ts";
import { requireSquare } from "../flat.ts";
import {
  type BandFactors,
  factorBand,
  solveBand,
  solveBandTransposed,
} from "../kernels/bandedLU.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearSolver, LinearStep } from "../LinearSolver.ts";

/** Elimination within a band. */
export interface BandedLU extends LinearSolver<BandedLUState> {
  readonly kind: "BandedLU";
  /** `null`: what the operator is declared to have. */
  readonly band: Bandwidth | null;
}

/** The factors of the matrix. */
export interface BandedLUState {
  readonly factors: BandFactors;
  readonly isTransposed: boolean;
}

/**
 * Gaussian elimination with partial pivoting for matrices that are zero but for some diagonals. It takes about
 * `2 n lower (lower + upper)` operations for a matrix and `2 n (2 lower + upper)` for a vector, and as much memory as these diagonals.
 *
 * Of a Jacobian it asks for `lower + upper + 1` derivatives, whatever the number of unknowns: the choice for partial differential equations in one
 * dimension. **A band that is too narrow would give wrong numbers**: it is an error where a system with known numbers is solved; before many
 * solves inside a traced function call `requireBand`.
 *
 * @param options - How many diagonals there are below and above the main one. @defaultValue what the operator is declared to have
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { BandedLU, linearSolve } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[2, 1, 0], [1, 2, 1], [0, 1, 2]]);
 * linearSolve(matrix, tensor([3, 4, 3]), { solver: BandedLU({ lower: 1, upper: 1 }) }).value.toArray();
 * // → [1, 1, 1]
 * ```
 */
export function BandedLU(options?: Bandwidth): BandedLU {
  const band =
    options === undefined
      ? null
      : checkBandwidth("BandedLU", checkOptions("BandedLU", options, ["lower", "upper"]));
  return part("BandedLU", { band, init, transpose, compute, check });
}

function init(this: BandedLU, operator: LinearOperator): BandedLUState {
  requireSquare("BandedLU", operator);
  const band = bandOf(this, operator);
  return { factors: factorBand(bandRowsOf("BandedLU", operator, band), band), isTransposed: false };
}

function bandOf(solver: BandedLU, operator: LinearOperator): Bandwidth {
  const band = solver.band ?? bandwidthOf(operator);
  if (band !== null) return band;
  throw new TypeError(
    `BandedLU: the operator (${operator.kind}) is not declared to have a band; write BandedLU({ lower, upper })`,
  );
}

function transpose({ factors, isTransposed }: BandedLUState): BandedLUState {
  return { factors, isTransposed: !isTransposed };
}

function compute({ factors, isTransposed }: BandedLUState, vector: Tensor): LinearStep {
  return { value: (isTransposed ? solveBandTransposed : solveBand)(factors, vector) };
}

function check(this: BandedLU, operator: LinearOperator): void {
  requireBand("BandedLU", operator, bandOf(this, operator));
}
