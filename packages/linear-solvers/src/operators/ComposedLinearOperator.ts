import { matmul } from "@diffrax-ts/array";
import { part, type Tensor } from "@diffrax-ts/pytree";
import { bandwidthOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import { inSpace, outSpace } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialise } from "../materialise.ts";
import { isDiagonal } from "../properties.ts";
import type { LinearTag } from "../tags.ts";
import { describeSpace, sameSpace } from "../vectors.ts";

/** Two operators, one after the other. */
export interface ComposedLinearOperator<
  In = unknown,
  Mid = unknown,
  Out = unknown,
> extends LinearOperator<In, Out> {
  readonly kind: "ComposedLinearOperator";
  readonly operator1: LinearOperator<Mid, Out>;
  readonly operator2: LinearOperator<In, Mid>;
}

/**
 * Two operators, one after the other: `x => A (B x)`, the product of their matrices.
 *
 * @throws TypeError if the first does not take what the second gives.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { ComposedLinearOperator, DiagonalLinearOperator, MatrixLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const a = MatrixLinearOperator(tensor([[1, 1], [0, 1]]));
 * const b = DiagonalLinearOperator(tensor([2, 3]));
 * ComposedLinearOperator(a, b).asMatrix().toArray();
 * // → [[2, 3], [0, 3]]
 * ```
 */
export function ComposedLinearOperator<In, Mid, Out>(
  operator1: LinearOperator<Mid, Out>,
  operator2: LinearOperator<In, NoInfer<Mid>>,
): ComposedLinearOperator<In, Mid, Out> {
  const [takes, gives] = [inSpace(operator1), outSpace(operator2)];
  if (!sameSpace(takes, gives)) {
    throw new TypeError(
      `ComposedLinearOperator: the first operator takes ${describeSpace(takes)}, and the second gives ${describeSpace(gives)}`,
    );
  }
  return part("ComposedLinearOperator", {
    operator1,
    operator2,
    mv,
    transpose,
    asMatrix,
    inStructure,
    outStructure,
    has,
    bandwidth,
    linearise: linearised,
    materialise: materialised,
  }) as ComposedLinearOperator<In, Mid, Out>;
}

function mv(this: ComposedLinearOperator, vector: unknown): unknown {
  return this.operator1.mv(this.operator2.mv(vector));
}

function transpose(this: ComposedLinearOperator): LinearOperator {
  return ComposedLinearOperator(this.operator2.transpose(), this.operator1.transpose());
}

function asMatrix(this: ComposedLinearOperator): Tensor {
  return matmul(this.operator1.asMatrix(), this.operator2.asMatrix());
}

function inStructure(this: ComposedLinearOperator): unknown {
  return this.operator2.inStructure();
}

function outStructure(this: ComposedLinearOperator): unknown {
  return this.operator1.outStructure();
}

function has(this: ComposedLinearOperator, tag: LinearTag): boolean {
  const { operator1, operator2 } = this;
  const both = (other: LinearTag): boolean => operator1.has(other) && operator2.has(other);
  switch (tag) {
    case "diagonal":
    case "lowerTriangular":
    case "upperTriangular":
      return both(tag);
    // A product of symmetric matrices is symmetric if they commute, as diagonal ones do.
    case "symmetric":
      return both("diagonal");
    case "tridiagonal":
      return both(tag) && (isDiagonal(operator1) || isDiagonal(operator2));
    case "unitDiagonal":
      return both(tag) && (both("lowerTriangular") || both("upperTriangular"));
    case "positiveSemidefinite":
    case "negativeSemidefinite":
      return false;
  }
}

function bandwidth(this: ComposedLinearOperator): Bandwidth | null {
  const [first, second] = [bandwidthOf(this.operator1), bandwidthOf(this.operator2)];
  if (first === null || second === null) return null;
  return { lower: first.lower + second.lower, upper: first.upper + second.upper };
}

function linearised(this: ComposedLinearOperator): LinearOperator {
  return ComposedLinearOperator(linearise(this.operator1), linearise(this.operator2));
}

function materialised(this: ComposedLinearOperator): LinearOperator {
  return ComposedLinearOperator(materialise(this.operator1), materialise(this.operator2));
}
