import { slice } from "@diffrax-ts/array";
import { checkOptions, part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, bandwidthOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialise } from "../materialise.ts";
import { type LinearTag, type LinearTags, tagList, tagsImply, transposeTags } from "../tags.ts";
import { inStructure, outStructure } from "./wrapped.ts";

/** An operator, and what it is declared to be. */
export interface TaggedLinearOperator<In = unknown, Out = unknown> extends LinearOperator<In, Out> {
  readonly kind: "TaggedLinearOperator";
  readonly operator: LinearOperator<In, Out>;
  readonly tags: readonly LinearTag[];
}

/**
 * An operator that is declared to have some properties beside those that it is known to have.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { AddLinearOperator, isSymmetric, MatrixLinearOperator, TaggedLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const a = MatrixLinearOperator(tensor([[1, 2], [0, 1]]));
 * const sum = AddLinearOperator(a, a.transpose());
 * isSymmetric(sum);
 * // → false
 * isSymmetric(TaggedLinearOperator(sum, { tags: "symmetric" }));
 * // → true
 * ```
 */
export function TaggedLinearOperator<In, Out>(
  operator: LinearOperator<In, Out>,
  options: { readonly tags: LinearTags },
): TaggedLinearOperator<In, Out> {
  const { tags } = checkOptions("TaggedLinearOperator", options, ["tags"]);
  return tagged(operator, tagList("TaggedLinearOperator", tags)) as TaggedLinearOperator<In, Out>;
}

function tagged(operator: LinearOperator, tags: readonly LinearTag[]): TaggedLinearOperator {
  return part("TaggedLinearOperator", {
    operator,
    tags,
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

function mv(this: TaggedLinearOperator, vector: unknown): unknown {
  return this.operator.mv(vector);
}

function transpose(this: TaggedLinearOperator): LinearOperator {
  return tagged(this.operator.transpose(), transposeTags(this.tags));
}

function asMatrix(this: TaggedLinearOperator): Tensor {
  return this.operator.asMatrix();
}

function has(this: TaggedLinearOperator, tag: LinearTag): boolean {
  return tagsImply(this.tags, tag) || this.operator.has(tag);
}

/** The narrower of what the tags say and what the operator says. */
function bandwidth(this: TaggedLinearOperator): Bandwidth | null {
  const { tags, operator } = this;
  if (tagsImply(tags, "diagonal")) return { lower: 0, upper: 0 };
  const own = bandwidthOf(operator);
  if (!tagsImply(tags, "tridiagonal")) return own;
  return { lower: Math.min(own?.lower ?? 1, 1), upper: Math.min(own?.upper ?? 1, 1) };
}

function bandRows(this: TaggedLinearOperator, wanted: Bandwidth): Tensor {
  const { operator } = this;
  const own = bandwidthOf(operator);
  if (own === null) return bandRowsOf(this.kind, operator, wanted);
  const whole = {
    lower: Math.max(own.lower, wanted.lower),
    upper: Math.max(own.upper, wanted.upper),
  };
  const rows = bandRowsOf(this.kind, operator, whole);
  const first = whole.lower - wanted.lower;
  return slice(rows, null, [first, first + wanted.lower + wanted.upper + 1]);
}

function linearised(this: TaggedLinearOperator): LinearOperator {
  return tagged(linearise(this.operator), this.tags);
}

function materialised(this: TaggedLinearOperator): LinearOperator {
  return tagged(materialise(this.operator), this.tags);
}
