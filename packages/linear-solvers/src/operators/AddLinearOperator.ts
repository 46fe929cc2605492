import { add } from "@diffrax-ts/array";
import { map, part, type Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, bandwidthOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import { inSpace, outSpace } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { linearise } from "../linearise.ts";
import { materialise } from "../materialise.ts";
import type { LinearTag } from "../tags.ts";
import { describeSpace, sameSpace } from "../vectors.ts";

/** The sum of two operators. */
export interface AddLinearOperator<In = unknown, Out = unknown> extends LinearOperator<In, Out> {
  readonly kind: "AddLinearOperator";
  readonly operator1: LinearOperator<In, Out>;
  readonly operator2: LinearOperator<In, Out>;
}

/**
 * The sum of two operators: `x => A x + B x`.
 *
 * @throws TypeError if they do not take, or do not give, trees of one kind.
 */
export function AddLinearOperator<In, Out>(
  operator1: LinearOperator<In, Out>,
  operator2: LinearOperator<NoInfer<In>, NoInfer<Out>>,
): AddLinearOperator<In, Out> {
  for (const [verb, spaceOf] of [
    ["take", inSpace],
    ["give", outSpace],
  ] as const) {
    const [first, second] = [spaceOf(operator1), spaceOf(operator2)];
    if (sameSpace(first, second)) continue;
    throw new TypeError(
      `AddLinearOperator: both operators have to ${verb} the same, got ${describeSpace(first)} and ${describeSpace(second)}`,
    );
  }
  return part("AddLinearOperator", {
    operator1,
    operator2,
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
  }) as AddLinearOperator<In, Out>;
}

function mv(this: AddLinearOperator, vector: unknown): unknown {
  const [first, second] = [this.operator1.mv(vector), this.operator2.mv(vector)];
  return map((x, y) => add(x as Tensor, y as Tensor) as never, first, second);
}

function transpose(this: AddLinearOperator): LinearOperator {
  return AddLinearOperator(this.operator1.transpose(), this.operator2.transpose());
}

function asMatrix(this: AddLinearOperator): Tensor {
  return add(this.operator1.asMatrix(), this.operator2.asMatrix());
}

function inStructure(this: AddLinearOperator): unknown {
  return this.operator1.inStructure();
}

function outStructure(this: AddLinearOperator): unknown {
  return this.operator1.outStructure();
}

function has(this: AddLinearOperator, tag: LinearTag): boolean {
  return tag !== "unitDiagonal" && this.operator1.has(tag) && this.operator2.has(tag);
}

function bandwidth(this: AddLinearOperator): Bandwidth | null {
  const [first, second] = [bandwidthOf(this.operator1), bandwidthOf(this.operator2)];
  if (first === null || second === null) return null;
  return { lower: Math.max(first.lower, second.lower), upper: Math.max(first.upper, second.upper) };
}

function bandRows(this: AddLinearOperator, wanted: Bandwidth): Tensor {
  const { kind, operator1, operator2 } = this;
  return add(bandRowsOf(kind, operator1, wanted), bandRowsOf(kind, operator2, wanted));
}

function linearised(this: AddLinearOperator): LinearOperator {
  return AddLinearOperator(linearise(this.operator1), linearise(this.operator2));
}

function materialised(this: AddLinearOperator): LinearOperator {
  return AddLinearOperator(materialise(this.operator1), materialise(this.operator2));
}
