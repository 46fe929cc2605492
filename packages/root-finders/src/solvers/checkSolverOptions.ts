import type { LinearSolver } from "@diffrax-ts/linear-solvers";
import { describeValue, isMaker, isPart } from "@diffrax-ts/pytree";

/** @throws RangeError if it is no number above 0. */
export function checkKappa(name: string, kappa: number): number {
  if (typeof kappa === "number" && kappa > 0) return kappa;
  throw new RangeError(`${name}: kappa must be a number > 0, got ${describeValue(kappa)}`);
}

/** @throws TypeError if it is none. */
export function checkLinearSolver(name: string, solver: LinearSolver): LinearSolver {
  if (isPart(solver) && typeof solver.init === "function" && typeof solver.compute === "function")
    return solver;
  const given: unknown = solver;
  if (isMaker(given))
    throw new TypeError(
      `${name}: linearSolver is the function ${given.name}; call it: ${given.name}()`,
    );
  throw new TypeError(
    `${name}: linearSolver must be one such as LU(), got ${describeValue(given)}`,
  );
}
