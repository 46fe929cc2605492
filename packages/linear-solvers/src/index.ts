/**
 * Solvers of systems of linear equations: what Lineax is to Diffrax.
 *
 * @packageDocumentation
 */
export { linearSolve, type LinearSolution } from "./linearSolve.ts";
export type { LinearSolveOptions } from "./LinearSolveOptions.ts";
export type { LinearSolver, LinearStep } from "./LinearSolver.ts";
export { LU } from "./LU.ts";
export {
  LINEAR_RESULTS,
  type LinearResult,
  linearResultCode,
  linearResultName,
} from "./results.ts";
