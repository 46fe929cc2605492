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
  LoopOptions,
  SaveInput,
  SolveArgs,
  SolveInputs,
  SolveResults,
} from "./Adjoint.ts";
export type { DenseInfo, LocalInterpolation, MakeInterpolation } from "./LocalInterpolation.ts";
export { maxNorm, rmsNorm, twoNorm } from "./norms.ts";
export type { ReadField } from "./ReadField.ts";
export {
  isEvent,
  isOkay,
  isSuccessful,
  type Result,
  resultCode,
  resultMessage,
  resultName,
  RESULTS,
  type TracedResult,
} from "./results.ts";
export type { Solver, SolverStart, SolverStep, SolverStepResult } from "./Solver.ts";
export type {
  ControllerCheck,
  ControllerStart,
  Norm,
  StepDecision,
  StepSizeController,
  StepTried,
} from "./StepSizeController.ts";
export type { Term, Terms } from "./Term.ts";
export { isTracedFunction, traced, type TracedFunction } from "@diffrax-ts/pytree";
export { type Tree, treeLeaves, treeMap } from "./Tree.ts";
