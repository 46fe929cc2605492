import { asTensor } from "@diffrax-ts/array";
import { closed, evalShape, jacfwd, jacrev, jvp, linearize, vjp } from "@diffrax-ts/autodiff";
import {
  type Callable,
  checkOptions,
  describeValue,
  type Leaf,
  map,
  part,
  type Tensor,
  type Traced,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import { bandwidthOf } from "../band.ts";
import { bandImplies, type Bandwidth, checkBandwidth } from "../Bandwidth.ts";
import { inSize, inSpace, outSize, outSpace } from "../flat.ts";
import type { LinearOperator } from "../LinearOperator.ts";
import { materialised } from "../materialised.ts";
import { probedMatrix } from "../probe.ts";
import { type LinearTag, tagList, tagsImply } from "../tags.ts";
import { transposedProduct } from "../transposedProduct.ts";
import { floatTree, packed, shapesOf, unpacked, vectorIn } from "../vectors.ts";
import {
  FunctionLinearOperator,
  type FunctionLinearOperatorOptions,
} from "./FunctionLinearOperator.ts";
import { transposed } from "./TransposedLinearOperator.ts";

/** Options of `JacobianLinearOperator`. */
export interface JacobianLinearOperatorOptions<
  Args = unknown,
> extends FunctionLinearOperatorOptions {
  /** The second argument of the function. It is not what the derivative is with respect to. @defaultValue undefined */
  readonly args?: Args;
  /**
   * How derivatives are taken: forwards, and the matrix column by column; or backwards, and row by row, which functions with a rule for reverse mode
   * alone need. @defaultValue `"fwd"`, but `"bwd"` for a matrix with fewer rows than columns
   */
  readonly jac?: "fwd" | "bwd";
}

/** The derivative of a function at a point. */
export interface JacobianLinearOperator<In = unknown, Out = unknown> extends LinearOperator<
  In,
  Out
> {
  readonly kind: "JacobianLinearOperator";
  readonly fn: (x: In, args: unknown, ...captured: readonly Tensor[]) => Out;
  readonly captured: readonly Tensor[];
  readonly x: In;
  readonly params: { readonly args: unknown };
  readonly tags: readonly LinearTag[];
  readonly band: Bandwidth | null;
  readonly jac: "fwd" | "bwd" | null;
}

/**
 * The derivative of a function at a point, as a linear operator: `v => f'(x) v`. A product is one derivative in the direction of `v`, and no
 * matrix is stored.
 *
 * **If the matrix is zero but for some diagonals, say so**, by a tag (`"diagonal"`, `"tridiagonal"`) or by `bandwidth: { lower, upper }`: solvers
 * for such matrices then take `lower + upper + 1` derivatives instead of one for each unknown (columns that no row has in common are done together).
 *
 * @param fn - `(x, args) => y`, of tensors. What it needs besides `x` is best given as `args`: operators made with one function are then of one
 * structure, and traced once. What it uses from a surrounding trace is differentiated all the same.
 * @param x - The point.
 *
 * @example
 * ```ts
 * import { mul, tensor } from "@diffrax-ts/array";
 * import { diagonal, JacobianLinearOperator, linearSolve } from "@diffrax-ts/linear-solvers";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * const square = (x: Tensor) => mul(x, x);
 * const jacobian = JacobianLinearOperator(square, tensor([1, 2]), { tags: "diagonal" });
 * diagonal(jacobian).toArray();
 * // → [2, 4]
 * linearSolve(jacobian, tensor([2, 2])).value.toArray();
 * // → [1, 0.5]
 * ```
 */
export function JacobianLinearOperator<In, Out, Args = undefined>(
  fn: (x: In, args: Traced<Args>) => Out,
  x: NoInfer<In>,
  options: JacobianLinearOperatorOptions<Args> = {},
): JacobianLinearOperator<In, Out> {
  const name = "JacobianLinearOperator";
  const {
    args,
    tags = [],
    bandwidth: band,
    jac = null,
  } = checkOptions(name, options, ["args", "tags", "bandwidth", "jac"]);
  if (typeof fn !== "function")
    throw new TypeError(`${name}: fn must be a function, got ${describeValue(fn)}`);
  if (jac !== null && jac !== "fwd" && jac !== "bwd")
    throw new TypeError(`${name}: jac must be "fwd" or "bwd", got ${describeValue(jac)}`);
  const point = floatTree(`${name}: x`, x);
  // `map` gives back the type of the tree it is given, in which the checker knows of no leaves.
  const others: unknown = map((leaf) => asTensor(leaf as Leaf, `${name}: args`) as never, args);
  // What a part's functions take is `unknown` to them: that it is of the types In and Out the checker cannot see.
  return part(name, {
    ...closed(fn as Callable, point, others),
    x: point,
    params: { args: others },
    tags: tagList(name, tags),
    band: band === undefined ? null : checkBandwidth(name, band),
    jac,
    mv,
    mvTransposed,
    transpose: transposed,
    asMatrix,
    inStructure,
    outStructure,
    has,
    bandwidth: declared,
    linearise,
    materialise: materialised,
  }) as unknown as JacobianLinearOperator<In, Out>;
}

/** The function of the point alone. */
function atArgs({ fn, params, captured }: JacobianLinearOperator): (x: unknown) => unknown {
  const args: unknown = unwrapFixed(params.args);
  return (x) => fn(x, args, ...captured);
}

function mv(this: JacobianLinearOperator, vector: unknown): unknown {
  const v = vectorIn(inSpace(this), vector, `${this.kind}: vector`);
  if (this.jac === "bwd") {
    // The transpose of reverse mode, for functions that have no other.
    return transposedProduct((y) => this.mvTransposed!(y), outSpace(this), v);
  }
  return jvp(atArgs(this), [this.x], [v]).tangent;
}

function mvTransposed(this: JacobianLinearOperator, vector: unknown): unknown {
  // Of trees of some space the checker does not know that they hold tensors, and so are objects.
  return vjp(atArgs(this), this.x as object).vjp(vector)[0];
}

function asMatrix(this: JacobianLinearOperator): Tensor {
  if (bandwidthOf(this) !== null) return probedMatrix(this);
  const [from, to] = [inSpace(this), outSpace(this)];
  const f = atArgs(this);
  const flat = (x: Tensor): Tensor => packed(to, f(unpacked(from, x)), this.kind);
  const isWide = outSize(this) < inSize(this);
  const take = (this.jac ?? (isWide ? "bwd" : "fwd")) === "bwd" ? jacrev : jacfwd;
  return take(flat)(packed(from, this.x, this.kind));
}

function inStructure(this: JacobianLinearOperator): unknown {
  return shapesOf(this.x, `${this.kind}: x`);
}

function outStructure(this: JacobianLinearOperator): unknown {
  const { fn, x, params, captured } = this;
  return evalShape(fn, x, params.args, ...captured);
}

function has(this: JacobianLinearOperator, tag: LinearTag): boolean {
  return tagsImply(this.tags, tag) || bandImplies(this.band, tag);
}

function declared(this: JacobianLinearOperator): Bandwidth | null {
  return this.band;
}

/** The value at the point is computed once, and with it all that does not depend on the direction. */
function linearise(this: JacobianLinearOperator): LinearOperator {
  if (this.jac === "bwd") return this;
  const { jvp: product } = linearize(atArgs(this), this.x);
  return FunctionLinearOperator(product, this.inStructure(), {
    tags: this.tags,
    ...(this.band === null ? {} : { bandwidth: this.band }),
  });
}
