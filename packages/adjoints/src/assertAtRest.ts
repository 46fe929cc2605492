import { abs, equal, lessEqual, max, maximum, mul, onesLike, sub, where } from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { type LinearOperator, linearSolve, type LinearSolver } from "@diffrax-ts/linear-solvers";
import { type Tree, treeLeaves, treeMap } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";

/** Where a solve began and ended, and how much further a step of Newton's method would go: `(∂f/∂y)⁻¹ f`. */
export interface End {
  readonly y0: Tree;
  readonly y1: Tree;
  readonly rest: Tree;
}

/**
 * Asserts that a solve ended at a steady state, and that this is the only one near. Otherwise the implicit function theorem gives
 * numbers that look like a derivative and are none. A tenth is far above all roundings and tolerances, and far below what goes wrong.
 *
 * A sum of unknowns that is conserved leaves the Jacobian without inverse, but up to roundings: pivots are tiny instead of zero. To solve
 * for the product with a vector that is known brings that to light, and with it a band or a tag that is not true. Iterative solvers say
 * themselves how they ended, and those of least squares need no inverse.
 */
export function assertAtRest(
  { y0, y1, rest }: End,
  jacobian: LinearOperator<Tree, Tree>,
  known: { readonly solver: LinearSolver; readonly state: unknown },
): void {
  if (treeLeaves(y1).every(({ size }) => size === 0)) return;
  const { solver } = known;
  if (solver.isIterative?.() !== true && solver.assumeFullRank?.() !== false) {
    // The solution itself, since that has the scales of the unknowns.
    const isZero = equal(largest(y1), 0);
    const vector = treeMap((y) => where(isZero, onesLike(y), y), y1);
    const product = jacobian.mv(vector) as never;
    const { value } = linearSolve(jacobian, product, { ...known, throw: false });
    assert(
      lessEqual(largest(treeMap(sub, value, vector)), mul(0.1, largest(vector))),
      "diffeqsolve: adjoint: ImplicitAdjoint(): where the solve ended, the Jacobian of the vector field with respect to y has no inverse " +
        "up to roundings, or is not what tags or linearSolver say it is; if a sum of unknowns is conserved, write one of them in terms of " +
        "the others, or leave the adjoint out",
    );
  }
  assert(
    lessEqual(largest(rest), mul(0.1, maximum(largest(y0), largest(y1)))),
    "diffeqsolve: adjoint: ImplicitAdjoint() differentiates a steady state, and the solve did not come to rest: from where it ended, the " +
      "next one is further than a tenth of the largest unknown; take a later t1 or smaller tolerances of steadyStateEvent, or leave the " +
      "adjoint out",
  );
}

/** The largest element of a tree that has one; not a number if one is none. */
function largest(tree: Tree): Tensor {
  return treeLeaves(tree)
    .filter(({ size }) => size > 0)
    .map((x) => max(abs(x)))
    .reduce((a, b) => maximum(a, b));
}
