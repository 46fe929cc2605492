import { div, less, logicalAnd, mul } from "@diffrax-ts/array";
import { normOfTree, type Tolerances, type Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Problem } from "./IterativeSolver.ts";
import { toDType } from "./tolerances.ts";
import { allowed, mapTree, normed } from "./trees.ts";

/** What changed in a step. */
export interface Change {
  readonly y: Tree;
  readonly yDiff: Tree;
  readonly f: Tree;
  /** `null`: `f` is to vanish, and all of it counts. */
  readonly fDiff: Tree;
}

/** Whether a step is within the tolerances, in the space of the unknowns and in that of the function. */
export function isWithinTolerances(problem: Problem, { y, yDiff, f, fDiff }: Change): Tensor {
  const { tolerances } = problem;
  const fSize =
    fDiff === null
      ? normOf(
          tolerances,
          mapTree((x) => div(x, toDType(tolerances.atol, x)), f),
        )
      : overTolerance(tolerances, fDiff, f);
  return logicalAnd(less(scaledSize(problem, yDiff, y), 1), less(fSize, 1));
}

/** `‖diff / (atol + rtol |y|)‖`, or with the weights that were given. */
export function scaledSize({ tolerances, weights }: Problem, diff: Tree, y: Tree): Scalar {
  if (weights === null) return overTolerance(tolerances, diff, y);
  return normOf(
    tolerances,
    mapTree((d, weight) => mul(d, weight), diff, weights),
  );
}

function overTolerance(tolerances: Tolerances, diff: Tree, y: Tree): Scalar {
  return normOf(
    tolerances,
    mapTree((d, x) => div(d, allowed(tolerances, x)), diff, y),
  );
}

function normOf({ norm }: Tolerances, tree: Tree): Scalar {
  return normOfTree(norm, normed(tree));
}
