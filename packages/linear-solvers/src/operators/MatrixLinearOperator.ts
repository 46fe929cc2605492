import { dot, transpose as transposed } from "@diffrax-ts/array";
import type { ShapeTree } from "@diffrax-ts/autodiff";
import { checkOptions, describeValue, type Leaf, part, type Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";
import { checkMatrixTags } from "../checkMatrixTags.ts";
import { bandOfMatrix } from "../kernels/band.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { type LinearTag, type LinearTags, tagList, tagsImply, transposeTags } from "../tags.ts";
import { floatTensor, packed, shapesOf, spaceOf, unpacked } from "../vectors.ts";

/** Options of `MatrixLinearOperator`. */
export interface MatrixLinearOperatorOptions<In = Tensor, Out = Tensor> {
  /** What the matrix is declared to be. Where its numbers are known it is checked. @defaultValue nothing */
  readonly tags?: LinearTags;
  /** A tree like those that it takes, or one of `{ dtype, shape }`. @defaultValue a vector */
  readonly inStructure?: ShapeTree<In> | In;
  /** A tree like those that it gives. @defaultValue a vector */
  readonly outStructure?: ShapeTree<Out> | Out;
}

/** A linear operator by its matrix. */
export interface MatrixLinearOperator<In = Tensor, Out = Tensor> extends LinearOperator<In, Out> {
  readonly kind: "MatrixLinearOperator";
  readonly matrix: Tensor;
  readonly tags: readonly LinearTag[];
  readonly input: ShapeTree<In>;
  readonly output: ShapeTree<Out>;
}

/**
 * The linear operator with a matrix: `x => A x`.
 *
 * @param matrix - `A`, `[m, n]`, float64 or float32.
 * @throws TypeError if it is no matrix of floats, or not what a tag says, as far as its numbers are known.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { MatrixLinearOperator } from "@diffrax-ts/linear-solvers";
 *
 * const matrix = tensor([[2, 1, 0], [0, 1, 3]]);
 * MatrixLinearOperator(matrix).mv(tensor([1, 2, 3])).toArray();
 * // → [4, 11]
 * ```
 */
export function MatrixLinearOperator<In = Tensor, Out = Tensor>(
  matrix: Leaf,
  options: MatrixLinearOperatorOptions<In, Out> = {},
): MatrixLinearOperator<In, Out> {
  const name = "MatrixLinearOperator";
  const {
    tags = [],
    inStructure,
    outStructure,
  } = checkOptions(name, options, ["tags", "inStructure", "outStructure"]);
  const a = floatTensor(`${name}: matrix`, matrix);
  if (a.shape.length !== 2) {
    const advice = a.shape.length > 2 ? "; for several of them use vmap" : "";
    throw new TypeError(`${name}: matrix must be [m, n], got ${describeValue(a)}${advice}`);
  }
  const [m, n] = a.shape as [number, number];
  const list = tagList(name, tags);
  checkMatrixTags(name, a, list);
  return part(name, {
    matrix: a,
    tags: list,
    input: side(name, "inStructure", a, n, inStructure) as ShapeTree<In>,
    output: side(name, "outStructure", a, m, outStructure) as ShapeTree<Out>,
    mv,
    transpose,
    asMatrix,
    inStructure: inputOf,
    outStructure: outputOf,
    has,
    bandRows,
  }) as unknown as MatrixLinearOperator<In, Out>;
}

/** The shapes of what a side of a matrix stands for. */
function side(
  name: string,
  key: string,
  { dtype }: Tensor,
  length: number,
  given: unknown,
): unknown {
  if (given === undefined) return { dtype, shape: [length] };
  const shapes = shapesOf(given, `${name}: ${key}`);
  const { size } = spaceOf(shapes, name);
  if (size === length) return shapes;
  throw new TypeError(`${name}: ${key} has ${size} elements, and the matrix ${length}`);
}

function mv(this: MatrixLinearOperator, vector: Tensor): unknown {
  const x = packed(spaceOf(this.input, this.kind), vector, `${this.kind}: vector`);
  return unpacked(spaceOf(this.output, this.kind), dot(this.matrix, x));
}

function transpose(this: MatrixLinearOperator): LinearOperator<Tensor, Tensor> {
  const { input, output, tags, matrix } = this;
  const turned: MatrixLinearOperator = {
    ...this,
    matrix: transposed(matrix),
    tags: transposeTags(tags),
    input: output,
    output: input,
  };
  return turned;
}

function asMatrix(this: MatrixLinearOperator): Tensor {
  return this.matrix;
}

function inputOf(this: MatrixLinearOperator): unknown {
  return this.input;
}

function outputOf(this: MatrixLinearOperator): unknown {
  return this.output;
}

function has(this: MatrixLinearOperator, tag: LinearTag): boolean {
  return tagsImply(this.tags, tag);
}

function bandRows(this: MatrixLinearOperator, bandwidth: Bandwidth): Tensor {
  return bandOfMatrix(this.matrix, bandwidth);
}
