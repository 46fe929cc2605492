import { div, mul } from "@diffrax-ts/array";
import { numberAs } from "@diffrax-ts/program";
import { describeValue, isLeaf, map, part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import { inSpace } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialise } from "../materialise.ts";
import type { LinearTag } from "../tags.ts";
import { floatTensor } from "../vectors.ts";
import { bandwidth, inStructure, outStructure } from "./wrapped.ts";

/** An operator times, or divided by, a number. */
export interface ScaledLinearOperator<Kind extends string, In, Out> extends LinearOperator<
  In,
  Out
> {
  readonly kind: Kind;
  readonly operator: LinearOperator<In, Out>;
  readonly scalar: Tensor;
  /** Of the number, if it was given as one. */
  readonly sign: "positive" | "negative" | "zero" | "unknown";
  /** How an element and the number come together. */
  readonly scale: (x: Tensor, scalar: Tensor) => Tensor;
}

/** An operator times a number. */
export type MulLinearOperator<In = unknown, Out = unknown> = ScaledLinearOperator<
  "MulLinearOperator",
  In,
  Out
>;

/** An operator divided by a number. */
export type DivLinearOperator<In = unknown, Out = unknown> = ScaledLinearOperator<
  "DivLinearOperator",
  In,
  Out
>;

/**
 * An operator times a number: `x => s A x`.
 *
 * @param scalar - A number, or a scalar tensor.
 */
export function MulLinearOperator<In, Out>(
  operator: LinearOperator<In, Out>,
  scalar: number | Tensor,
): MulLinearOperator<In, Out> {
  return scaled("MulLinearOperator", operator, scalar, mul) as MulLinearOperator<In, Out>;
}

/**
 * An operator divided by a number: `x => A x / s`.
 *
 * @param scalar - A number, or a scalar tensor.
 */
export function DivLinearOperator<In, Out>(
  operator: LinearOperator<In, Out>,
  scalar: number | Tensor,
): DivLinearOperator<In, Out> {
  return scaled("DivLinearOperator", operator, scalar, div) as DivLinearOperator<In, Out>;
}

function scaled(kind: string, operator: LinearOperator, scalar: unknown, scale: unknown): unknown {
  const { dtype } = inSpace(operator);
  if (!isLeaf(scalar))
    throw new TypeError(
      `${kind}: scalar must be a number or a scalar tensor, got ${describeValue(scalar)}`,
    );
  const isNumber = typeof scalar === "number";
  const factor = isNumber ? numberAs(kind, scalar, dtype) : floatTensor(`${kind}: scalar`, scalar);
  if (factor.shape.length > 0 || factor.dtype !== dtype)
    throw new TypeError(`${kind}: scalar must be ${dtype}[], got ${describeValue(factor)}`);
  return part(kind, {
    operator,
    scalar: factor,
    sign: isNumber ? signOf(scalar) : "unknown",
    scale,
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

type AnyScaled = ScaledLinearOperator<string, unknown, unknown>;

function signOf(x: number): AnyScaled["sign"] {
  if (x === 0) return "zero";
  return x > 0 ? "positive" : "negative";
}

function mv(this: AnyScaled, vector: unknown): unknown {
  return map((x) => this.scale(x as Tensor, this.scalar) as never, this.operator.mv(vector));
}

function transpose(this: AnyScaled): LinearOperator {
  return withOperator(this, this.operator.transpose());
}

function asMatrix(this: AnyScaled): Tensor {
  return this.scale(this.operator.asMatrix(), this.scalar);
}

function has(this: AnyScaled, tag: LinearTag): boolean {
  const { operator, sign } = this;
  if (tag === "unitDiagonal") return false;
  if (tag !== "positiveSemidefinite" && tag !== "negativeSemidefinite") return operator.has(tag);
  if (sign === "unknown" || sign === "zero") return false;
  const opposite = tag === "positiveSemidefinite" ? "negativeSemidefinite" : "positiveSemidefinite";
  return operator.has(sign === "positive" ? tag : opposite);
}

function bandRows(this: AnyScaled, wanted: Bandwidth): Tensor {
  return this.scale(bandRowsOf(this.kind, this.operator, wanted), this.scalar);
}

function linearised(this: AnyScaled): LinearOperator {
  return withOperator(this, linearise(this.operator));
}

function materialised(this: AnyScaled): LinearOperator {
  return withOperator(this, materialise(this.operator));
}

function withOperator(scaled: AnyScaled, operator: LinearOperator): AnyScaled {
  return { ...scaled, operator };
}
