import type { Part, Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "./Bandwidth.ts";
import type { LinearTag } from "./tags.ts";

/**
 * A linear function from trees of tensors like `In` to trees like `Out`: the `A` of `A x = b`.
 *
 * All leaves of a tree have to be of one float dtype. As a matrix, an operator has the elements of `Out` for rows and those of `In` for
 * columns, leaf after leaf in the order of sorted keys.
 *
 * Its functions stand at module level and read their data from `this`.
 */
export interface LinearOperator<In = unknown, Out = unknown> extends Part {
  /** `A x`. */
  mv(vector: In): Out;
  /** `Aᵀ`. */
  transpose(): LinearOperator<Out, In>;
  /** `[size of Out, size of In]`. Most solvers ask for it; an operator that is known by its products alone computes it anew at each call. */
  asMatrix(): Tensor;
  /** A tree like what it takes, of `{ dtype, shape }`: as `evalShape` gives it. */
  inStructure(): unknown;
  /** The same of what it gives. */
  outStructure(): unknown;
  /** Whether the operator is declared to have a property, or has it by its nature. */
  has(tag: LinearTag): boolean;
  /** How many diagonals may hold numbers. @defaultValue what the tags `"diagonal"` and `"tridiagonal"` say */
  bandwidth?(): Bandwidth | null;
  /**
   * The diagonals of a square operator, `[n, lower + upper + 1]`: row `i` holds `A[i, i - lower], …, A[i, i + upper]`, with zeros outside of
   * the matrix. @defaultValue found with `lower + upper + 1` products
   *
   * @param bandwidth - At least that of the operator.
   */
  bandRows?(bandwidth: Bandwidth): Tensor;
  /** `Aᵀ y`, of an operator whose `transpose` is lazy. @defaultValue the transpose of the function `mv` */
  mvTransposed?(vector: Out): In;
  /** The same operator, with what its products have in common computed once. @defaultValue itself */
  linearise?(): LinearOperator<In, Out>;
  /** The same operator, by its numbers. @defaultValue itself */
  materialise?(): LinearOperator<In, Out>;
}
