import { eye, ones } from "@diffrax-ts/array";
import type { ShapeTree } from "@diffrax-ts/autodiff";
import { part, type Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";
import { inSpace } from "../flat.ts";
import { widenedBand } from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import type { LinearTag } from "../tags.ts";
import { packed, shapesOf, spaceOf, unpacked } from "../vectors.ts";

/** The linear operator that changes nothing. */
export interface IdentityLinearOperator<Vector = Tensor> extends LinearOperator<Vector, Vector> {
  readonly kind: "IdentityLinearOperator";
  readonly input: ShapeTree<Vector>;
}

/**
 * The linear operator that returns what it is given: `x => x`.
 *
 * @param structure - A tree like those that it takes, of which only shapes and dtypes count, or one of `{ dtype, shape }`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { IdentityLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * IdentityLinearOperator(tensor([0, 0])).asMatrix().toArray();
 * // → [[1, 0], [0, 1]]
 * ```
 */
export function IdentityLinearOperator<Vector = Tensor>(
  structure: Vector | ShapeTree<Vector>,
): IdentityLinearOperator<Vector> {
  const name = "IdentityLinearOperator";
  return part(name, {
    input: shapesOf(structure, `${name}: structure`) as ShapeTree<Vector>,
    mv,
    transpose,
    asMatrix,
    inStructure: shapes,
    outStructure: shapes,
    has,
    bandwidth,
    bandRows,
  }) as unknown as IdentityLinearOperator<Vector>;
}

function mv(this: IdentityLinearOperator, vector: unknown): unknown {
  const space = spaceOf(this.input, this.kind);
  return unpacked(space, packed(space, vector, `${this.kind}: vector`));
}

function transpose(this: IdentityLinearOperator): IdentityLinearOperator {
  return this;
}

function asMatrix(this: IdentityLinearOperator): Tensor {
  const { size, dtype } = inSpace(this);
  return eye(size, { dtype });
}

function shapes(this: IdentityLinearOperator): unknown {
  return this.input;
}

function has(tag: LinearTag): boolean {
  return tag !== "negativeSemidefinite";
}

function bandwidth(): Bandwidth {
  return { lower: 0, upper: 0 };
}

function bandRows(this: IdentityLinearOperator, wanted: Bandwidth): Tensor {
  const { size, dtype } = inSpace(this);
  return widenedBand(ones([size, 1], { dtype }), bandwidth(), wanted);
}
