/**
 * Solves differential equations: the loop, its drivers and the solution.
 *
 * @packageDocumentation
 */
export type { AbortedSolve } from "./aborted.ts";
export type {
  DiffeqsolveAsync,
  DiffeqsolveStream,
  IntegratorMaker,
  MakeIntegrator,
  Prepare,
  PreparedAhead,
} from "./asyncSignatures.ts";
export { diffeqsolve, solveWith } from "./diffeqsolve.ts";
export { diffeqsolveAsync, solveAsyncWith } from "./diffeqsolveAsync.ts";
export { diffeqsolveStream, solveStreamWith } from "./diffeqsolveStream.ts";
export type { SolveChunk, SolveStream, StreamedSolution } from "./SolveStream.ts";
export type { AdvanceOptions, Integrator, OtherNumbers } from "./Integrator.ts";
export {
  type GivenSaved,
  integrator,
  integratorFromJSON,
  integratorWith,
} from "./makeIntegrator.ts";
export { prepare, prepareWith } from "./prepareOnHost.ts";
export type { AsyncOptions, SignalLike, SolveProgress } from "./readAsyncOptions.ts";
export type {
  Diffeqsolve,
  SavedSubs,
  SavedTimes,
  SaveDense,
  SaveOne,
  SaveSeveral,
  SolveOptions,
  TermForPart,
  TermsFor,
  SolutionOf,
  VectorField,
} from "./SolveOptions.ts";
export type { CalledInRun, Reader } from "./Reader.ts";
export type { ControlInput, Diffusion, DriftAndDiffusion } from "./termsOfRecord.ts";
export type { SavedArray, SavedInput, SavedIntegrator } from "./savedIntegrator.ts";
export type { RawOptions } from "./readOptions.ts";
export type { Solution, SolutionEvents, SolveStats } from "./Solution.ts";
