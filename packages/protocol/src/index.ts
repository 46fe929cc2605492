/**
 * The interfaces at which terms, solvers, controllers and the solve meet, and how a solve can end.
 *
 * @packageDocumentation
 */
export type {
  Adjoint,
  AdjointCheck,
  AdjointProblem,
  InnerSolve,
  InnerSolveOptions,
  Keeps,
  LoopOptions,
  SaveInput,
  SolveArgs,
  SolveInputs,
  SolveResults,
} from "./Adjoint.ts";
export {
  checkAdjoint,
  checkEvent,
  checkSolver,
  checkStepSizeController,
  checkTerm,
} from "./checkParts.ts";
export {
  checkControllerStart,
  checkSolverState,
  checkStepDecision,
  checkStepResult,
} from "./checkResults.ts";
export type {
  Event,
  EventChange,
  EventContext,
  EventInfo,
  EventMet,
  EventRows,
  EventSaveAt,
  EventSpan,
  EventStart,
  EventStarted,
  ReadEventField,
  StepMade,
  StepPlanned,
} from "./Event.ts";
export { fieldLike } from "./fieldLike.ts";
export { isStochastic, type NoiseTerm, noiseTerms } from "./isStochastic.ts";
export { type BrownianIncrement, hasLevyArea, type LevyArea, levyAreas } from "./levyArea.ts";
export type { DenseInfo, LocalInterpolation, MakeInterpolation } from "./LocalInterpolation.ts";
export { mostSteps } from "./mostSteps.ts";
export type { NoiseClaim, NoiseStart } from "./NoiseClaim.ts";
export { isNoise, type NoiseType, noiseTypes } from "./NoiseType.ts";
export { maxNorm, type Norm, normOfTree, rmsNorm, twoNorm } from "./norms.ts";
export { pack } from "./pack.ts";
export {
  holdsPacked,
  isPacked,
  type PackedTree,
  packBy,
  packedLike,
  type Packing,
  packingOf,
  packTree,
  structureUnpacked,
  unpackTree,
} from "./packedTree.ts";
export { type Path, pathDerivative, type PathStep } from "./Path.ts";
export { checkProgressMeter, type ProgressMeter, type RunningMeter } from "./ProgressMeter.ts";
export type { ReadField, ResultOfField } from "./ReadField.ts";
export {
  assertOkay,
  firstFailure,
  isEvent,
  isOkay,
  isSuccessful,
  type Result,
  resultCode,
  resultMessage,
  resultName,
  RESULTS,
  resultTensor,
  type TracedResult,
} from "./results.ts";
export {
  type Claiming,
  type Claims,
  type Interpretation,
  type MadeSolver,
  type Solver,
  solver,
  type SolverFields,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type StochasticClaims,
} from "./Solver.ts";
export type {
  ControllerCheck,
  ControllerStart,
  StepCut,
  StepDecision,
  StepSizeController,
  StepTried,
} from "./StepSizeController.ts";
export {
  addCounts,
  type CountName,
  countNames,
  evaluationsOf,
  type StepCounts,
} from "./StepCounts.ts";
export { slopeOf } from "./slopeOf.ts";
export type { ControlWanted, MultiTerm, StatePart, Term, TermStep } from "./Term.ts";
export { type TermRound, termRound } from "./termRound.ts";
export {
  isList,
  isMultiTerm,
  type KindOf,
  mapTerms,
  type TermKind,
  type TermOf,
  type Terms,
  type TermsOf,
  type TermStructure,
  type TermSum,
  type TermWanted,
} from "./Terms.ts";
export { initTerm, initTerms, termOver, termsOver, type TermsStep } from "./termState.ts";
export type { Tolerances } from "./Tolerances.ts";
export { isTracedFunction, traced, type TracedFunction } from "@diffrax-ts/pytree";
export type { Tree } from "./Tree.ts";
export { treeLeaves, treeMap } from "./treeMap.ts";
export { warnOnce } from "./warnOnce.ts";
