/**
 * Roots, fixed points and minima of nonlinear functions, with derivatives: what Optimistix is to Diffrax.
 *
 * @packageDocumentation
 */
export { fixedPoint } from "./fixedPoint.ts";
export type { FixedPointSolver } from "./FixedPointSolver.ts";
export type {
  Bounds,
  IterationStep,
  IterativeSolver,
  Problem,
  Termination,
  TreeFunction,
} from "./IterativeSolver.ts";
export { leastSquares } from "./leastSquares.ts";
export type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
export type { Linearisation } from "./Linearisation.ts";
export { minimise } from "./minimise.ts";
export type { Minimiser } from "./Minimiser.ts";
export type { GivenBounds, NonlinearOptions, RootFindOptions } from "./NonlinearOptions.ts";
export type { NonlinearSolution, StateOf } from "./NonlinearSolution.ts";
export { type NonlinearResult, nonlinearMessage, nonlinearResultName } from "./results.ts";
export type { RootFinder } from "./RootFinder.ts";
export { rootFind, type RootSolution } from "./rootFind.ts";
export { BFGS, type BFGSOptions, type BFGSState } from "./solvers/BFGS.ts";
export { Bisection, type BisectionOptions, type BisectionState } from "./solvers/Bisection.ts";
export { Chord } from "./solvers/Chord.ts";
export {
  FixedPointIteration,
  type FixedPointIterationOptions,
  type FixedPointState,
} from "./solvers/FixedPointIteration.ts";
export { GaussNewton } from "./solvers/GaussNewton.ts";
export type {
  LeastSquaresOptions,
  LeastSquaresState,
  OfGaussNewton,
} from "./solvers/leastSquaresParts.ts";
export {
  LevenbergMarquardt,
  type LevenbergMarquardtOptions,
  type LevenbergMarquardtState,
} from "./solvers/LevenbergMarquardt.ts";
export { LineSearchNewton, type LineSearchState } from "./solvers/LineSearchNewton.ts";
export { Newton } from "./solvers/Newton.ts";
export type { NewtonChord, NewtonOptions, NewtonState } from "./solvers/newtonChord.ts";
export { VeryChord, type VeryChordOptions, type VeryChordState } from "./solvers/VeryChord.ts";
export { type OwnTolerances, resolveTolerances } from "./tolerances.ts";
export {
  withStepsizeControllerTols,
  type WithoutTolerances,
} from "./withStepsizeControllerTols.ts";
