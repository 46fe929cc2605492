import { closed, evalShape, type ShapeTree } from "@diffrax-ts/autodiff";
import { type Callable, checkOptions, describeValue, part, type Tensor } from "@diffrax-ts/pytree";
import { bandImplies, type Bandwidth, checkBandwidth } from "../Bandwidth.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { materialised } from "../materialised.ts";
import { probedMatrix } from "../probe.ts";
import { type LinearTag, type LinearTags, tagList, tagsImply } from "../tags.ts";
import { shapesOf, spaceOf, vectorIn, zeroVector } from "../vectors.ts";
import { transposed } from "./TransposedLinearOperator.ts";

/** Options of an operator that is known by its products alone. */
export interface FunctionLinearOperatorOptions {
  /** What it is declared to be. @defaultValue nothing */
  readonly tags?: LinearTags;
  /**
   * How many diagonals of its matrix hold numbers: as many products then make up the matrix, whatever its size.
   * @defaultValue what the tags `"diagonal"` and `"tridiagonal"` say
   */
  readonly bandwidth?: Bandwidth;
}

/** A linear operator by a function. */
export interface FunctionLinearOperator<In = unknown, Out = unknown> extends LinearOperator<
  In,
  Out
> {
  readonly kind: "FunctionLinearOperator";
  readonly fn: (vector: In, ...captured: readonly Tensor[]) => Out;
  readonly captured: readonly Tensor[];
  readonly input: ShapeTree<In>;
  readonly tags: readonly LinearTag[];
  readonly band: Bandwidth | null;
}

/**
 * The linear operator that a function is, from trees of tensors to trees of tensors. Its transpose is found by transposing the function.
 *
 * @param fn - Linear: `fn(x + y) = fn(x) + fn(y)`.
 * @param inStructure - A tree like its argument, of which only shapes and dtypes count, or one of `{ dtype, shape }`.
 *
 * @example
 * ```ts
 * import { cumsum, tensor } from "@diffrax-ts/array";
 * import { FunctionLinearOperator } from "@diffrax-ts/linear-solvers";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const sums = FunctionLinearOperator((x: Tensor) => cumsum(x), tensor([0, 0, 0]));
 * sums.mv(tensor([1, 2, 3])).toArray();
 * // → [1, 3, 6]
 * sums.transpose().mv(tensor([1, 2, 3])).toArray();
 * // → [6, 5, 3]
 * ```
 */
export function FunctionLinearOperator<In, Out>(
  fn: (vector: In) => Out,
  inStructure: NoInfer<In> | ShapeTree<NoInfer<In>>,
  options: FunctionLinearOperatorOptions = {},
): FunctionLinearOperator<In, Out> {
  const name = "FunctionLinearOperator";
  const { tags = [], bandwidth: band } = checkOptions(name, options, ["tags", "bandwidth"]);
  if (typeof fn !== "function")
    throw new TypeError(`${name}: fn must be a function, got ${describeValue(fn)}`);
  const input = shapesOf(inStructure, `${name}: inStructure`);
  const example = zeroVector(spaceOf(input, name));
  return part(name, {
    ...closed(fn as Callable, example),
    input,
    tags: tagList(name, tags),
    band: band === undefined ? null : checkBandwidth(name, band),
    mv,
    transpose: transposed,
    asMatrix,
    inStructure: inputOf,
    outStructure: outputOf,
    has,
    bandwidth: bandwidthOf,
    materialise: materialised,
  }) as unknown as FunctionLinearOperator<In, Out>;
}

function mv(this: FunctionLinearOperator, vector: unknown): unknown {
  const x = vectorIn(spaceOf(this.input, this.kind), vector, `${this.kind}: vector`);
  return this.fn(x, ...this.captured);
}

function asMatrix(this: FunctionLinearOperator): Tensor {
  return probedMatrix(this);
}

function inputOf(this: FunctionLinearOperator): unknown {
  return this.input;
}

function outputOf(this: FunctionLinearOperator): unknown {
  return evalShape(this.fn, zeroVector(spaceOf(this.input, this.kind)), ...this.captured);
}

function has(this: FunctionLinearOperator, tag: LinearTag): boolean {
  return tagsImply(this.tags, tag) || bandImplies(this.band, tag);
}

function bandwidthOf(this: FunctionLinearOperator): Bandwidth | null {
  return this.band;
}
