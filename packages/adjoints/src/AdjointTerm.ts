import {
  astype,
  concatenate,
  mul,
  neg,
  reshape,
  stack,
  tensor,
  tensordot,
  zeros,
} from "@diffrax-ts/array";
import { resultTypes, vjp } from "@diffrax-ts/autodiff";
import {
  type Term,
  termRound,
  type TermRound,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { isTensor, type Scalar, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { floatLeaves, withFloatLeaves } from "./floatLeaves.ts";

/** The state of the adjoint equations: `[y, a_y, a_args, a_term]`, the last two as lists of the leaves that are floats. */
export type AugmentedState = readonly [y: Tree, aY: Tree, aArgs: Tree, aTerm: Tree];

/** The adjoint equations of a term. */
export interface AdjointTerm extends TermRound {
  readonly kind: "AdjointTerm";
}

/**
 * The continuous adjoint equations of `dy/dt = f(t, y, args; θ)`, with `θ` the parameters of the term itself:
 *
 *     dy/dt = f        da_y/dt = -a_yᵀ ∂f/∂y        da_args/dt = -a_yᵀ ∂f/∂args        da_θ/dt = -a_yᵀ ∂f/∂θ
 *
 * Of an equation `dy = f dx(t)`, with a control of several numbers, they are those of every column of `f`.
 *
 * Solved backward in time, from the gradient of a loss with respect to the state at one time, they lead to its gradients with
 * respect to the state at an earlier time, and to `args` and `θ`. Their state is `[y, a_y, a_args, a_θ]`.
 *
 * @see Chen et al. 2018, Neural Ordinary Differential Equations, https://arxiv.org/abs/1806.07366
 *
 * @example
 * ```ts
 * import { AdjointTerm } from "@diffrax-ts/adjoints";
 * import { mul, tensor } from "@diffrax-ts/array";
 * import { traced } from "@diffrax-ts/protocol";
 * import { ODETerm } from "@diffrax-ts/terms";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const growth = ODETerm(traced((t: Scalar, y: Scalar, rate: Scalar) => mul(rate, y)));
 * // At y = 2 with a_y = 1 and rate = 3: dy/dt = 6, da_y/dt = -3, da_rate/dt = -2
 * const [dy, daY, daArgs] = AdjointTerm(growth).vf(tensor(0), [tensor(2), tensor(1), [tensor(0)], []], tensor(3)) as Scalar[];
 * String([dy, daY, daArgs]);
 * // → "6,-3,-2"
 * ```
 */
export function AdjointTerm(term: Term): AdjointTerm {
  const isElementwise = term.isElementwise === true;
  return termRound("AdjointTerm", term, { isElementwise, vf, prod, vfProd, isVfExpensive });
}

/** For a control of several numbers: the adjoint equations for each of them, along a new last axis. */
function vf(this: AdjointTerm, t: Scalar, state: Tree, args: unknown): Tree {
  const { term } = this;
  const like = controlLike(term, t);
  if (isNumber(like)) {
    const field = (x: Tree, ofArgs: Tree, ofTerm: Tree): Tree =>
      withFloatLeaves(term, ofTerm).vf(t, x, withFloatLeaves(args, ofArgs));
    return derivatives(field, state, args, term);
  }
  const columns = unitControls(like).map((unit) => this.vfProd(t, state, args, unit));
  const [first, ...others] = columns;
  return treeMap((...column) => stack(column, { axis: -1 }), first!, ...others);
}

function vfProd(this: AdjointTerm, t: Scalar, state: Tree, args: unknown, control: Tree): Tree {
  const { term } = this;
  if (isNumber(control)) return this.prod(this.vf(t, state, args), control);
  const increment = (x: Tree, ofArgs: Tree, ofTerm: Tree): Tree =>
    withFloatLeaves(term, ofTerm).vfProd(t, x, withFloatLeaves(args, ofArgs), control);
  return derivatives(increment, state, args, term);
}

function prod(field: Tree, control: Tree): Tree {
  if (isNumber(control)) return treeMap((f) => mul(f, control), field);
  const numbers = concatenate(treeLeaves(control).map((x) => reshape(x, [-1])));
  return treeMap((f) => tensordot(f, numbers, 1), field);
}

function isVfExpensive(this: AdjointTerm, t0: Scalar): boolean {
  return !isNumber(controlLike(this.term, t0));
}

/** Whether a control is one number, such as time. */
function isNumber(control: Tree): control is Tensor {
  return isTensor(control) && control.shape.length === 0;
}

/** A control of zeros. */
function controlLike(term: Term, t: Scalar): Tree {
  // Without types: TypeScript does not find an end of what a tree may hold.
  const increment: (at: Scalar) => unknown = (at) => term.contr(at, at);
  const { structure: form, types } = resultTypes(increment, [t], "control");
  return unflatten(
    form,
    types.map(({ dtype, shape }) => zeros(shape, { dtype })),
  ) as Tree;
}

/** The controls with one number 1 and all others 0. */
function unitControls(like: Tree): readonly Tree[] {
  const leaves = treeLeaves(like);
  const form = structure(like);
  return leaves.flatMap((leaf, place) =>
    Array.from({ length: leaf.size }, (_, i) => {
      const numbers = Array.from({ length: leaf.size }, (_one, j) => (i === j ? 1 : 0));
      const unit = reshape(tensor(numbers, { dtype: leaf.dtype }), leaf.shape);
      return unflatten(
        form,
        leaves.map((other, j) => (j === place ? unit : other)),
      ) as Tree;
    }),
  );
}

/** A vector field or an increment, and its products with `-a_y`, in the form of the augmented state. */
function derivatives(
  field: (y: Tree, ofArgs: Tree, ofTerm: Tree) => Tree,
  state: Tree,
  args: unknown,
  term: Term,
): Tree {
  const [y, aY] = state as AugmentedState;
  // The state has one dtype, whatever those of args and parameters.
  const asState = (x: Tensor): Tensor => astype(x, treeLeaves(y)[0]?.dtype ?? "float64");
  // As if trees were tensors: TypeScript does not find an end of what a tree may hold.
  const flow = vjp(
    field as (...variables: readonly Tensor[]) => Tensor,
    ...([y, floatLeaves(args), floatLeaves(term)] as readonly Tensor[]),
  );
  return treeMap(asState, [flow.value, ...flow.vjp(treeMap(neg, aY) as Tensor)]);
}
