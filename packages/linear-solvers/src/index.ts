/**
 * Linear operators, and solvers of systems of linear equations: what Lineax is to Diffrax.
 *
 * @packageDocumentation
 */
export { requireBand } from "./band.ts";
export type { Bandwidth } from "./Bandwidth.ts";
export { diagonal, tridiagonal, type Tridiagonals } from "./diagonal.ts";
export type { IterationTolerances, OperatorState, Tolerances } from "./iteration.ts";
export type { BandFactors } from "./kernels/bandedLU.ts";
export type { BlockedFactors, Triangle } from "./kernels/blockedLU.ts";
export type { QRFactors } from "./kernels/householder.ts";
export type { SVDFactors } from "./kernels/jacobiSVD.ts";
export type { SmallFactors } from "./kernels/smallLU.ts";
export { invert } from "./invert.ts";
export { linearise } from "./linearise.ts";
export type { LinearOperator } from "./LinearOperator.ts";
export { linearSolve, type LinearSolution } from "./linearSolve.ts";
export type { IterationOptions, LinearSolveOptions } from "./LinearSolveOptions.ts";
export type { LinearSolver, LinearSolverInputs, LinearStep } from "./LinearSolver.ts";
export { materialise } from "./materialise.ts";
export { AddLinearOperator } from "./operators/AddLinearOperator.ts";
export {
  BandedLinearOperator,
  type BandedLinearOperatorOptions,
} from "./operators/BandedLinearOperator.ts";
export { ComposedLinearOperator } from "./operators/ComposedLinearOperator.ts";
export { DiagonalLinearOperator } from "./operators/DiagonalLinearOperator.ts";
export {
  FunctionLinearOperator,
  type FunctionLinearOperatorOptions,
} from "./operators/FunctionLinearOperator.ts";
export { IdentityLinearOperator } from "./operators/IdentityLinearOperator.ts";
export {
  JacobianLinearOperator,
  type JacobianLinearOperatorOptions,
} from "./operators/JacobianLinearOperator.ts";
export {
  MatrixLinearOperator,
  type MatrixLinearOperatorOptions,
} from "./operators/MatrixLinearOperator.ts";
export {
  DivLinearOperator,
  MulLinearOperator,
  type ScaledLinearOperator,
} from "./operators/MulLinearOperator.ts";
export { NegLinearOperator } from "./operators/NegLinearOperator.ts";
export { TaggedLinearOperator } from "./operators/TaggedLinearOperator.ts";
export { TridiagonalLinearOperator } from "./operators/TridiagonalLinearOperator.ts";
export {
  hasUnitDiagonal,
  isDiagonal,
  isLowerTriangular,
  isNegativeSemidefinite,
  isPositiveSemidefinite,
  isSymmetric,
  isTridiagonal,
  isUpperTriangular,
} from "./properties.ts";
export {
  LINEAR_RESULTS,
  type LinearResult,
  linearResultCode,
  linearResultName,
} from "./results.ts";
export {
  AutoLinearSolver,
  type AutoLinearSolverOptions,
  type AutoState,
} from "./solvers/AutoLinearSolver.ts";
export { BandedLU, type BandedLUState } from "./solvers/BandedLU.ts";
export { BiCGStab } from "./solvers/BiCGStab.ts";
export { CG, type CGOptions, type CGState } from "./solvers/CG.ts";
export { Cholesky, type CholeskyState } from "./solvers/Cholesky.ts";
export { Diagonal, type DiagonalOptions, type DiagonalState } from "./solvers/Diagonal.ts";
export { GMRES, type GMRESOptions } from "./solvers/GMRES.ts";
export { LSMR, type LSMROptions } from "./solvers/LSMR.ts";
export { LU, type LUState } from "./solvers/LU.ts";
export { Normal, NormalCG, type NormalState } from "./solvers/Normal.ts";
export { QR, type QRState } from "./solvers/QR.ts";
export { SVD, type SVDOptions } from "./solvers/SVD.ts";
export { Triangular, type TriangularState } from "./solvers/Triangular.ts";
export { Tridiagonal } from "./solvers/Tridiagonal.ts";
export { LINEAR_TAGS, type LinearTag, type LinearTags, tagList, transposeTags } from "./tags.ts";
export { packed, type Space, spaceOf, unpacked } from "./vectors.ts";
