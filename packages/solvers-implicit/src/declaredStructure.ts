import { evalShape, withDifferences } from "@diffrax-ts/autodiff";
import {
  JacobianLinearOperator,
  type LinearOperator,
  type LinearTags,
} from "@diffrax-ts/linear-solvers";
import type { SolverStart, Term, Tree } from "@diffrax-ts/protocol";
import type { RootFinder } from "@diffrax-ts/root-finders";

/** What the Jacobians of stages are declared to be, by a linear solver that is for nothing else. */
export function declaredTags({ linearSolver }: RootFinder): LinearTags {
  if (linearSolver?.kind === "Diagonal") return "diagonal";
  return linearSolver?.kind === "Tridiagonal" ? "tridiagonal" : [];
}

/**
 * Makes sure, where the solve starts, that the Jacobian of the vector field is what it is declared to be.
 *
 * @throws Error when it runs, if it holds numbers outside of a band.
 */
export function checkStructure(
  rootFinder: RootFinder,
  term: Term,
  { t0, t1, y0, args }: SolverStart,
): void {
  const { linearSolver } = rootFinder;
  if (linearSolver?.check === undefined) return;
  const control = term.contr(t0, t1);
  const increment = (y: Tree): Tree => term.vfProd(t0, y, args, control);
  const tags = declaredTags(rootFinder);
  const jacobian: LinearOperator = JacobianLinearOperator(increment, y0, { tags });
  // Differences leave numbers where there are zeros, so that nothing can be seen in them.
  const usage = { used: false };
  withDifferences(() => evalShape(() => jacobian.mv(y0)), usage);
  if (!usage.used) linearSolver.check(jacobian);
}
