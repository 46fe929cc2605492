import { part, type Tensor } from "@diffrax-ts/pytree";
import { transpose as transposedMatrix } from "@diffrax-ts/array";
import { bandRowsOf, bandwidthOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import { inSpace, outSpace } from "../flat.ts";
import { transposedBand, widenedBand } from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialised } from "../materialised.ts";
import { type LinearTag, transposedTag } from "../tags.ts";
import { transposedProduct } from "../transposedProduct.ts";
import { vectorIn } from "../vectors.ts";

/** The transpose of an operator that is known by its products. */
export interface TransposedLinearOperator extends LinearOperator {
  readonly kind: "TransposedLinearOperator";
  readonly operator: LinearOperator;
}

/** `transpose` of operators that are known by their products: nothing is computed before a product is asked for. */
export function transposed(this: LinearOperator): TransposedLinearOperator {
  return part("TransposedLinearOperator", {
    operator: this,
    mv,
    transpose,
    asMatrix,
    inStructure,
    outStructure,
    has,
    bandwidth,
    bandRows,
    linearise: linearised,
    materialise: materialised,
  });
}

function mv(this: TransposedLinearOperator, vector: unknown): unknown {
  const { operator } = this;
  const y = vectorIn(outSpace(operator), vector, `${this.kind}: vector`);
  if (operator.mvTransposed !== undefined) return operator.mvTransposed(y);
  return transposedProduct((x) => operator.mv(x), inSpace(operator), y);
}

function transpose(this: TransposedLinearOperator): LinearOperator {
  return this.operator;
}

function asMatrix(this: TransposedLinearOperator): Tensor {
  return transposedMatrix(this.operator.asMatrix());
}

function inStructure(this: TransposedLinearOperator): unknown {
  return this.operator.outStructure();
}

function outStructure(this: TransposedLinearOperator): unknown {
  return this.operator.inStructure();
}

function has(this: TransposedLinearOperator, tag: LinearTag): boolean {
  return this.operator.has(transposedTag(tag));
}

function bandwidth(this: TransposedLinearOperator): Bandwidth | null {
  const own = bandwidthOf(this.operator);
  return own === null ? null : turned(own);
}

function bandRows(this: TransposedLinearOperator, wanted: Bandwidth): Tensor {
  const own = bandwidthOf(this.operator) ?? turned(wanted);
  const rows = transposedBand(bandRowsOf(this.kind, this.operator, own), own);
  return widenedBand(rows, turned(own), wanted);
}

function turned({ lower, upper }: Bandwidth): Bandwidth {
  return { lower: upper, upper: lower };
}

function linearised(this: TransposedLinearOperator): LinearOperator {
  return linearise(this.operator).transpose();
}
