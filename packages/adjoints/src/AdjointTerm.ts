import { astype, neg } from "@diffrax-ts/array";
import { vjp } from "@diffrax-ts/autodiff";
import {
  type Term,
  termRound,
  type TermRound,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
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
  return termRound("AdjointTerm", term, { vf });
}

function vf(this: AdjointTerm, t: Scalar, state: Tree, args: unknown): Tree {
  const { term } = this;
  const [y, aY] = state as AugmentedState;
  const field = (x: Tree, ofArgs: Tree, ofTerm: Tree): Tree =>
    withFloatLeaves(term, ofTerm).vf(t, x, withFloatLeaves(args, ofArgs));
  // The state has one dtype, whatever those of args and parameters.
  const asState = (x: Tensor): Tensor => astype(x, treeLeaves(y)[0]?.dtype ?? "float64");
  // As if trees were tensors: TypeScript does not find an end of what a tree may hold.
  const flow = vjp(
    field as (...variables: readonly Tensor[]) => Tensor,
    ...([y, floatLeaves(args), floatLeaves(term)] as readonly Tensor[]),
  );
  return treeMap(asState, [flow.value, ...flow.vjp(treeMap(neg, aY) as Tensor)]);
}
