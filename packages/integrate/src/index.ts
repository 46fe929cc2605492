/**
 * Solves differential equations: the loop, its drivers and the solution.
 *
 * @packageDocumentation
 */
export type { AbortedSolve } from "./live/aborted.ts";
export type {
  DiffeqsolveAsync,
  DiffeqsolveStream,
  IntegratorMaker,
  MakeIntegrator,
  Prepare,
  PreparedAhead,
} from "./live/asyncSignatures.ts";
export { diffeqsolve, solveWith } from "./diffeqsolve.ts";
export { diffeqsolveAsync, solveAsyncWith } from "./live/diffeqsolveAsync.ts";
export { diffeqsolveStream, solveStreamWith } from "./live/diffeqsolveStream.ts";
export type { SolveChunk, SolveStream, StreamedSolution } from "./live/SolveStream.ts";
export type { AdvanceOptions, Integrator, OtherNumbers } from "./live/Integrator.ts";
export {
  type GivenSaved,
  integrator,
  integratorFromJSON,
  integratorWith,
} from "./live/makeIntegrator.ts";
export { prepare, prepareWith } from "./live/prepareOnHost.ts";
export type { AsyncOptions, SignalLike, SolveProgress } from "./live/readAsyncOptions.ts";
export type {
  Diffeqsolve,
  SavedSubs,
  SavedTimes,
  SaveDense,
  SaveOne,
  SaveState,
  SaveSeveral,
  SubsFor,
  SolveOptions,
  TermForPart,
  TermsFor,
  SolutionOf,
  VectorField,
} from "./SolveOptions.ts";
export type { CalledInRun, Reader } from "./Reader.ts";
export type { ControlInput, Diffusion, DriftAndDiffusion } from "./termsOfRecord.ts";
export type { SavedArray, SavedInput, SavedIntegrator } from "./live/savedIntegrator.ts";
export type { RawOptions } from "./readOptions.ts";
export type { Solution, SolutionEvents, SolveStats } from "./Solution.ts";
