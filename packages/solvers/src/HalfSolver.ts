import { abs, add, mul, sub, where } from "@diffrax-ts/array";
import { part, type Scalar } from "@diffrax-ts/pytree";
import {
  addCounts,
  checkSolver,
  firstFailure,
  isStochastic,
  isSuccessful,
  type Solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type TermsOf,
  type TermStructure,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";

/** A solver that takes every step twice: once as a whole, and once in halves. */
export interface HalfSolver<
  State extends Tree = Tree,
  Structure extends TermStructure = TermStructure,
> extends Solver<State, Structure> {
  readonly kind: "HalfSolver";
  readonly solver: Solver<State, Structure>;
}

/**
 * Gives any solver error estimates: each step is also made as two half steps, and the difference is the estimate.
 *
 * A step costs three of the wrapped solver's, and the half steps are the solution: of the order of the solver, with errors about
 * `2^-order` of those of whole steps. Between the steps it is the curve of the whole step, which ends where the whole step does,
 * and so beside the solution by the estimated error; this is as in Diffrax.
 *
 * @example
 * ```ts
 * import { diffeqsolve } from "@diffrax-ts/core";
 * import { HalfSolver, Euler } from "@diffrax-ts/solvers";
 *
 * const { ys } = diffeqsolve((t, y) => -y, HalfSolver(Euler()), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
 * ys.at(0).item() - Math.exp(-1);
 * // → -0.0094…
 * ```
 */
export function HalfSolver<State extends Tree, const Structure extends TermStructure>(
  solver: Solver<State, Structure>,
): HalfSolver<State, Structure> {
  checkSolver("HalfSolver: solver", solver);
  const fields = {
    solver,
    termStructure: solver.termStructure,
    interpolation: solver.interpolation,
    isElementwise: solver.isElementwise === true,
    interpretation: solver.interpretation,
    minimalLevyArea: solver.minimalLevyArea,
    noiseType: solver.noiseType,
    order,
    strongOrder,
    errorOrder,
    func,
    init,
    step,
  };
  return part("HalfSolver", fields);
}

function order(this: HalfSolver, terms: TermsOf<TermStructure>): number {
  return this.solver.order(terms);
}

function strongOrder(this: HalfSolver, terms: TermsOf<TermStructure>): number | null {
  return this.solver.strongOrder(terms);
}

/** The two solutions are of one order, so that their difference is of one more; of half of one in a stochastic equation. */
function errorOrder(this: HalfSolver, terms: TermsOf<TermStructure>): number | null {
  if (!isStochastic(terms)) return this.solver.order(terms) + 1;
  const strong = this.solver.strongOrder(terms);
  return strong === null ? null : strong + 0.5;
}

function func(
  this: HalfSolver,
  terms: TermsOf<TermStructure>,
  t: Scalar,
  y: Tree,
  args: unknown,
): Tree {
  return this.solver.func(terms, t, y, args);
}

function init<State extends Tree, Structure extends TermStructure>(
  this: HalfSolver<State, Structure>,
  terms: TermsOf<Structure>,
  start: SolverStart,
): State {
  return this.solver.init(terms, start);
}

function step<State extends Tree, Structure extends TermStructure>(
  this: HalfSolver<State, Structure>,
  terms: TermsOf<Structure>,
  whole: SolverStep<State>,
): SolverStepResult<State> {
  const { solver } = this;
  const { t0, t1 } = whole;
  const half = add(t0, mul(sub(t1, t0), 0.5));
  const first = solver.step(terms, { ...whole, t1: half });
  const second = solver.step(terms, {
    ...whole,
    t0: half,
    y0: first.y1,
    solverState: first.solverState,
    madeJump: false,
  });
  const full = solver.step(terms, whole);
  const result = firstFailure([first.result, second.result, full.result]);
  const difference = treeMap((a, b) => abs(sub(a, b)), second.y1, full.y1);
  return {
    y1: second.y1,
    // A step that could not be made is to be tried again with a shorter one.
    yError:
      result === null
        ? difference
        : treeMap((e) => where(isSuccessful(result), e, Infinity), difference),
    denseInfo: full.denseInfo,
    solverState: second.solverState,
    result,
    counts: addCounts(...[first, second, full].map(({ counts = {} }) => counts)),
  };
}
