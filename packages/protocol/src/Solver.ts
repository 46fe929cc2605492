import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { DenseInfo, MakeInterpolation } from "./LocalInterpolation.ts";
import type { TracedResult } from "./results.ts";
import type { Term, Terms } from "./Term.ts";
import type { Tree } from "./Tree.ts";

/** Where a solver starts. */
export interface SolverStart {
  readonly t0: Scalar;
  /** The end of the first step. */
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
}

/** One step to be made, from `t0` to `t1`. */
export interface SolverStep<State> extends SolverStart {
  /** What the step before this one passed on. */
  readonly solverState: State;
  /** Whether the vector field has jumped at `t0`: what was known of it there is no longer true. */
  readonly madeJump: Tensor | false;
}

/** What a step gives. */
export interface SolverStepResult<State> {
  readonly y1: Tree;
  /** An estimate of the local error of `y1`, with the structure of `y1`; `null` if the solver has none. */
  readonly yError: Tree;
  /** For the interpolation within the step. */
  readonly denseInfo: DenseInfo;
  readonly solverState: State;
  readonly result: TracedResult;
}

/**
 * A method that takes one step at a time. It holds no state: what changes from step to step is passed along.
 *
 * Its functions stand at module level and read their data from `this`, so that a record rebuilt from its leaves
 * works, and two calls of a maker with the same options are one trace.
 */
export interface Solver<State extends Tree = Tree> extends Part {
  /** What it wants to be given: one term, or one term that is a sum of so many. */
  readonly termStructure: "term" | { readonly multiTerm: number };
  /** What makes the solution between the ends of a step. */
  readonly interpolation: MakeInterpolation;
  /** The order of convergence on ordinary differential equations. */
  order(terms: Terms): number;
  /** The strong order on stochastic ones; `null` if it has none. */
  strongOrder(terms: Terms): number | null;
  /** The order of the local error, which step size control goes by; `null` if not known. */
  errorOrder(terms: Terms): number | null;
  /** `f(t, y)`, for the choice of a first step. */
  func(terms: Term, t: Scalar, y: Tree, args: unknown): Tree;
  /** What the first step is to be passed. Its structure, shapes and dtypes stay the same through the solve. */
  init(terms: Terms, start: SolverStart): State;
  /** One step, kept or not: it is traced once, and may be asked again from the same start with a shorter step. */
  step(terms: Terms, step: SolverStep<State>): SolverStepResult<State>;
}
