/**
 * Differential equations in TypeScript: solved, differentiated, batched and compiled.
 *
 * @packageDocumentation
 */
import * as np from "@diffrax-ts/array";
import { compileEagerly } from "@diffrax-ts/autodiff";
import * as random from "@diffrax-ts/random";

// The one call at the top of a module: nothing that is called later stands before every use of `np`. It sets a variable, and where a
// bundler leaves it out, what is called outside of jit runs in the evaluator.
compileEagerly();

export { np, random };
export {
  adjointRmsSeminorm,
  BacksolveAdjoint,
  DirectAdjoint,
  ForwardMode,
  ImplicitAdjoint,
  RecursiveCheckpointAdjoint,
} from "@diffrax-ts/adjoints";
export {
  checkpoint,
  cond,
  customJvp,
  customVjp,
  explain,
  type Explanation,
  grad,
  hasFma,
  hessian,
  jacfwd,
  jacrev,
  jit,
  type JitOptions,
  jvp,
  noinline,
  scan,
  stopGradient,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
export { DirectBrownianPath, UnsafeBrownianPath, VirtualBrownianTree } from "@diffrax-ts/brownian";
export { citation, citationRules } from "@diffrax-ts/citation";
export { diffeqsolve } from "./diffeqsolve.ts";
export { diffeqsolveAsync, prepare } from "./diffeqsolveAsync.ts";
export { diffeqsolveStream } from "./diffeqsolveStream.ts";
export {
  AbstractDiscreteTerminatingEvent,
  DiscreteTerminatingEvent,
  Event,
  type EventOptions,
  SteadyStateEvent,
  steadyStateEvent,
} from "@diffrax-ts/events";
export { integrator } from "./integrator.ts";
export type {
  AbortedSolve,
  AdvanceOptions,
  AsyncOptions,
  Diffeqsolve,
  DiffeqsolveAsync,
  DiffeqsolveStream,
  Integrator,
  IntegratorMaker,
  MakeIntegrator,
  OtherNumbers,
  Prepare,
  PreparedAhead,
  SavedIntegrator,
  SavedSubs,
  SavedTimes,
  SaveDense,
  SaveOne,
  SaveState,
  SaveSeveral,
  SubsFor,
  Solution,
  SolutionEvents,
  SolveChunk,
  SolveOptions,
  SolveProgress,
  SolveStats,
  SolveStream,
  StreamedSolution,
  TermForPart,
  TermsFor,
  SolutionOf,
  VectorField,
} from "@diffrax-ts/integrate";
export {
  backwardHermiteCoefficients,
  type CubicCoefficients,
  CubicInterpolation,
  DenseInterpolation,
  linearInterpolation,
  LinearInterpolation,
  rectilinearInterpolation,
} from "@diffrax-ts/interpolation";
export { linearSolve, LU } from "@diffrax-ts/linear-solvers";
export { plain } from "@diffrax-ts/plain";
export {
  HtmlProgressMeter,
  NoProgressMeter,
  TextProgressMeter,
  TqdmProgressMeter,
} from "@diffrax-ts/progress-meters";
export {
  type Adjoint,
  isEvent,
  isOkay,
  isSuccessful,
  maxNorm,
  type Path,
  type Result,
  RESULTS,
  rmsNorm,
  type Solver,
  type StepSizeController,
  type Term,
  traced,
  type TracedFunction,
  type Tree,
  treeLeaves,
  treeMap,
  twoNorm,
} from "@diffrax-ts/protocol";
export {
  type Concrete,
  fixed,
  type Plain,
  type Saved,
  type Scalar,
  type Tensor,
  type Traced,
} from "@diffrax-ts/pytree";
export {
  BFGS,
  Bisection,
  Chord,
  fixedPoint,
  FixedPointIteration,
  GaussNewton,
  leastSquares,
  LevenbergMarquardt,
  LineSearchNewton,
  minimise,
  Newton,
  rootFind,
  VeryChord,
  withStepsizeControllerTols,
} from "@diffrax-ts/root-finders";
export { type Fold, SaveAt, type SaveAtOptions, type SubSaveAt } from "@diffrax-ts/saveat";
export {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
  HalfSolver,
  Heun,
  LeapfrogMidpoint,
  Midpoint,
  Ralston,
  ReversibleHeun,
  SemiImplicitEuler,
  StormerVerlet,
  Tsit5,
  Yoshida4,
} from "@diffrax-ts/solvers";
export {
  ImplicitEuler,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  Sil3,
} from "@diffrax-ts/solvers-implicit";
export {
  ALIGN,
  EulerHeun,
  GeneralShARK,
  ItoMilstein,
  QUICSORT,
  SEA,
  ShARK,
  ShOULD,
  SlowRK,
  SPaRK,
  SRA1,
  StratonovichMilstein,
} from "@diffrax-ts/solvers-sde";
export {
  ClipStepSizeController,
  ConstantStepSize,
  PIDController,
  StepTo,
} from "@diffrax-ts/step-size-controllers";
export {
  ControlTerm,
  MultiTerm,
  ODETerm,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  WeaklyDiagonalControlTerm,
} from "@diffrax-ts/terms";
