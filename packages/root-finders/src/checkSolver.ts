import { describeValue, isMaker, isPart } from "@diffrax-ts/pytree";
import type { IterativeSolver } from "./IterativeSolver.ts";

/** What a solver solves. */
export type SolverKind = "root" | "fixedPoint" | "leastSquares" | "minimum";

const examples: Readonly<Record<SolverKind, string>> = {
  root: "Newton({ rtol, atol })",
  fixedPoint: "FixedPointIteration({ rtol, atol })",
  leastSquares: "LevenbergMarquardt({ rtol, atol })",
  minimum: "BFGS({ rtol, atol })",
};

const callers: Readonly<Record<SolverKind, string>> = {
  root: "rootFind",
  fixedPoint: "fixedPoint",
  leastSquares: "leastSquares",
  minimum: "minimise",
};

/**
 * A solver, and what it solves.
 *
 * @param name - Of the function that was given it.
 * @param wanted - What that can use; the first is what it is for.
 * @throws TypeError if it is none of these.
 */
export function requireSolver(
  name: string,
  given: unknown,
  wanted: readonly [SolverKind, ...SolverKind[]],
): readonly [IterativeSolver, SolverKind] {
  const example = examples[wanted[0]];
  if (isMaker(given)) {
    const { name: maker } = given;
    throw new TypeError(
      `${name}: the solver is the function ${maker}; call it: ${maker}({ rtol: …, atol: … })`,
    );
  }
  const solver = (given ?? {}) as Partial<IterativeSolver> & { readonly solves?: SolverKind };
  const { init, step, terminate, solves = "root", kind } = solver;
  const isSolver = [init, step, terminate].every((member) => typeof member === "function");
  if (!isPart(given) || !isSolver) {
    throw new TypeError(
      `${name}: the solver must be one such as ${example}, got ${describeValue(given)}`,
    );
  }
  if (wanted.includes(solves)) return [solver as IterativeSolver, solves];
  throw new TypeError(
    `${name}: ${kind} is for ${callers[solves]}; here use a solver such as ${example}`,
  );
}
