import { cond } from "@diffrax-ts/autodiff";
import {
  type Claiming,
  evaluationsOf,
  type MakeInterpolation,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
} from "@diffrax-ts/protocol";
import { checkOptions } from "@diffrax-ts/pytree";
import { type ButcherTableau, isFsal } from "./ButcherTableau.ts";
import { addScaled, scaledSum } from "./scaledSum.ts";
import { scannedStages } from "./scannedStages.ts";
import { writtenStages } from "./writtenStages.ts";

/** Options of every explicit Runge–Kutta method. */
export interface RungeKuttaOptions {
  /**
   * Run the stages as a loop instead of writing them out: programs are smaller by the number of stages, and compile
   * as much faster, but each step takes longer. @defaultValue false
   */
  readonly scanStages?: boolean;
}

/** What an explicit Runge–Kutta method remembers: `f(t0, y0)` if it is "first same as last", nothing otherwise. */
type RungeKuttaState = Tree;

/** An explicit Runge–Kutta method. */
export interface ExplicitRungeKutta<Kind extends string = string>
  extends Solver<RungeKuttaState, "term">, Claiming {
  readonly kind: Kind;
  readonly tableau: ButcherTableau;
  readonly scanStages: boolean;
}

/** Makes the method of a table that is known to be right: those of this package, which tests hold against all conditions. */
export function rungeKutta<const Kind extends string>(
  kind: Kind,
  tableau: ButcherTableau,
  interpolation: MakeInterpolation,
  options: RungeKuttaOptions = {},
): ExplicitRungeKutta<Kind> {
  const { scanStages = false } = checkOptions(kind, options, ["scanStages"]);
  const { order, strongOrder = null } = tableau;
  // Of the tables with an order on stochastic equations that is what they converge to.
  const interpretation = strongOrder === null ? undefined : "stratonovich";
  const own = { tableau, scanStages, interpolation, interpretation, init, step } as const;
  const fields = { ...own, isElementwise: true } as const;
  return solver(kind, { order, strongOrder }, fields);
}

function init(
  this: ExplicitRungeKutta,
  term: Term,
  { t0, t1, y0, args }: SolverStart,
): RungeKuttaState {
  const isPassedOn = isFsal(this.tableau) && !term.isVfExpensive(t0, t1, y0, args);
  return isPassedOn ? term.vf(t0, y0, args) : null;
}

function step(
  this: ExplicitRungeKutta,
  term: Term,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<RungeKuttaState>,
): SolverStepResult<RungeKuttaState> {
  const { tableau, scanStages } = this;
  const fsal = isFsal(tableau) && !term.isVfExpensive(t0, t1, y0, args);
  const control = term.contr(t0, t1);
  // What was known of the vector field at t0 does not hold after a jump.
  const f0 =
    !fsal || madeJump === false
      ? solverState
      : cond(
          madeJump,
          () => term.vf(t0, y0, args),
          () => solverState,
        );
  const k0 = fsal ? term.prod(f0, control) : term.vfProd(t0, y0, args, control);

  const run = scanStages ? scannedStages : writtenStages;
  const { k, yLast, fLast } = run({ tableau, term, t0, t1, y0, args, control, k0, fsal });
  const y1 = fsal ? yLast : addScaled(y0, tableau.bSol, k); //  y₁  = y₀ + Σᵢ bᵢ kᵢ
  const yError = scaledSum(tableau.bError, k); //               err = Σᵢ βᵢ kᵢ
  const numStages = tableau.bSol.length;
  const counts = fsal ? evaluationsOf(numStages - 1, madeJump) : evaluationsOf(numStages, false);
  return { y1, yError, denseInfo: { y0, y1, k }, solverState: fLast, result: null, counts };
}
