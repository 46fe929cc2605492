import { neg } from "@diffrax-ts/array";
import { map, part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialise } from "../materialise.ts";
import type { LinearTag } from "../tags.ts";
import { bandwidth, inStructure, outStructure } from "./wrapped.ts";

/** The negative of an operator. */
export interface NegLinearOperator<In = unknown, Out = unknown> extends LinearOperator<In, Out> {
  readonly kind: "NegLinearOperator";
  readonly operator: LinearOperator<In, Out>;
}

/** The negative of an operator: `x => -A x`. */
export function NegLinearOperator<In, Out>(
  operator: LinearOperator<In, Out>,
): NegLinearOperator<In, Out> {
  return part("NegLinearOperator", {
    operator,
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
  }) as NegLinearOperator<In, Out>;
}

function mv(this: NegLinearOperator, vector: unknown): unknown {
  return map((x) => neg(x as Tensor) as never, this.operator.mv(vector));
}

function transpose(this: NegLinearOperator): LinearOperator {
  return NegLinearOperator(this.operator.transpose());
}

function asMatrix(this: NegLinearOperator): Tensor {
  return neg(this.operator.asMatrix());
}

function has(this: NegLinearOperator, tag: LinearTag): boolean {
  if (tag === "unitDiagonal") return false;
  if (tag === "positiveSemidefinite") return this.operator.has("negativeSemidefinite");
  return this.operator.has(tag === "negativeSemidefinite" ? "positiveSemidefinite" : tag);
}

function bandRows(this: NegLinearOperator, wanted: Bandwidth): Tensor {
  return neg(bandRowsOf(this.kind, this.operator, wanted));
}

function linearised(this: NegLinearOperator): LinearOperator {
  return NegLinearOperator(linearise(this.operator));
}

function materialised(this: NegLinearOperator): LinearOperator {
  return NegLinearOperator(materialise(this.operator));
}
