/**
 * Roots of nonlinear equations, with derivatives: what Optimistix is to Diffrax.
 *
 * @packageDocumentation
 */
export { Chord } from "./Chord.ts";
export { Newton } from "./Newton.ts";
export type { NewtonChord, NewtonOptions, NewtonState } from "./newtonChord.ts";
export { type RootResult, rootMessage, rootResultName } from "./results.ts";
export type {
  Linearisation,
  RootFinder,
  RootFinderInputs,
  RootProblem,
  RootStep,
  Termination,
} from "./RootFinder.ts";
export { rootFind, type RootSolution } from "./rootFind.ts";
export type { RootBounds, RootFindOptions } from "./RootFindOptions.ts";
export { type OwnTolerances, resolveTolerances } from "./tolerances.ts";
export { VeryChord, type VeryChordOptions, type VeryChordState } from "./VeryChord.ts";
export {
  withStepsizeControllerTols,
  type WithoutTolerances,
} from "./withStepsizeControllerTols.ts";
