import type { LinearOperator } from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import type { IterativeSolver, Problem } from "./IterativeSolver.ts";
import type { Linearisation } from "./Linearisation.ts";

/** An iteration that solves `fn(y) = 0`, with as many equations as there are unknowns. */
export interface RootFinder<State = unknown> extends IterativeSolver<State> {
  readonly solves?: "root";
  /** What it has to know of the derivative before the iteration, once. @defaultValue nothing; its steps see to that */
  linearise?(operator: LinearOperator): Linearisation;
  /** What was learned of the derivative. @defaultValue nothing: it is as it was */
  learn?(problem: Problem, state: State): Linearisation;
  /** Whether what is known of a derivative should be made anew before another system is solved: a scalar truth value. @defaultValue that it always is */
  isOutdated?(jacobian: Pick<Linearisation, "rate">): Tensor;
  /** Whether a solver that solves several systems of one kind, such as the stages of a step, may hand it the derivative of another. @defaultValue false */
  readonly sharesJacobian?: boolean;
}
