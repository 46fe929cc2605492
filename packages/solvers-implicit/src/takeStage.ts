import { astype, notEqual } from "@diffrax-ts/array";
import {
  addCounts,
  resultCode,
  type StepCounts,
  type TracedResult,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation, RootFinder } from "@diffrax-ts/root-finders";
import {
  lineariseStage,
  solveStage,
  type StageEquation,
  type StageRoot,
  stageState,
} from "./stageEquation.ts";
import type { StageStart } from "./Stages.ts";

/** A stage that is to be taken. */
export interface Stage {
  /** Where it stands, for each summand. */
  readonly times: readonly Scalar[];
  /** `y₀` and what the stages before add to it. */
  readonly partial: Tree;
  /** `aᵢᵢ` of the implicit summand; `null` if this stage is explicit. */
  readonly diagonal: number | Tensor | null;
  /** Where the iteration starts: `fᵢ` or `kᵢ` of the implicit summand. Not looked at if the stage is explicit. */
  readonly guess: Tree;
  /** The vector fields of an explicit stage, if they are known. */
  readonly fields: readonly Tree[] | null;
}

/** A stage that was taken. */
export interface StageTaken {
  /** `fᵢ⁽ᵖ⁾`, for each summand; empty if they are not passed on. */
  readonly f: readonly Tree[];
  /** `kᵢ⁽ᵖ⁾`, for each summand. */
  readonly k: readonly Tree[];
  readonly result: TracedResult;
  readonly counts: StepCounts;
  /** What is known of the Jacobian that it was given. */
  readonly jacobian: Linearisation | null;
}

/** The equation of a stage that is not explicit. */
function equationOf(
  { summands, implicit, y0, args, f0 }: StageStart,
  { times, partial, diagonal }: Stage,
): StageEquation {
  const { term, control } = summands[implicit]!;
  return {
    term,
    control,
    t: times[implicit]!,
    y0,
    partial,
    diagonal: diagonal!,
    args,
    inFields: f0 !== null,
  };
}

/** Whether a stage needs a Jacobian that may be that of another one. */
export function sharesJacobian({ solver }: StageStart, { diagonal }: Stage): boolean {
  return diagonal !== null && solver.rootFinder.sharesJacobian === true;
}

/** The Jacobian of a stage, for root finders that share it. */
export function jacobianOf(start: StageStart, stage: Stage): Linearisation {
  return lineariseStage(start.solver, equationOf(start, stage), stage.guess);
}

/** A Jacobian like those of the stages of a step, before there are any. */
export function firstJacobian(start: StageStart): Linearisation {
  const { summands, t0, y0, f0, implicit } = start;
  const guess = f0 === null ? y0 : f0[implicit]!;
  const times = summands.map(() => t0);
  return jacobianOf(start, { times, partial: y0, diagonal: 1, guess, fields: null });
}

/** The vector fields and increments of a stage. */
export function takeStage(
  start: StageStart,
  stage: Stage,
  jacobian: Linearisation | null,
): StageTaken {
  const { summands, args, f0 } = start;
  let y = stage.partial;
  let root: Tree = null;
  let result: TracedResult = null;
  let learned = jacobian;
  let ofRoot: StepCounts = {};
  if (stage.diagonal !== null) {
    const equation = equationOf(start, stage);
    const solved = solveStage(start.solver, equation, stage.guess, jacobian);
    ({ value: root, result } = solved);
    if (jacobian !== null) learned = solved.jacobian;
    ofRoot = countsOf(start.solver.rootFinder, solved);
    y = stageState(equation, root);
  }
  // What the equation was solved for needs no other evaluation.
  const isSolved = (p: number): boolean => stage.diagonal !== null && p === start.implicit;
  if (f0 === null) {
    const k = summands.map(({ term, control }, p) =>
      isSolved(p) ? root : term.vfProd(stage.times[p]!, y, args, control),
    );
    const numEvaluations = summands.filter((_, p) => !isSolved(p)).length;
    return { f: [], k, result, counts: addCounts(ofRoot, { numEvaluations }), jacobian: learned };
  }
  let numEvaluations = 0;
  const f = summands.map(({ term }, p) => {
    if (isSolved(p)) return root;
    if (stage.fields !== null) return stage.fields[p]!;
    numEvaluations++;
    return term.vf(stage.times[p]!, y, args);
  });
  const k = summands.map(({ term, control }, p) => term.prod(f[p]!, control));
  return { f, k, result, counts: addCounts(ofRoot, { numEvaluations }), jacobian: learned };
}

/** How much work it was to solve the equation of a stage: each step evaluates it once. A Jacobian that stages share is counted where it is made. */
function countsOf(finder: RootFinder, { result, stats: { numSteps } }: StageRoot): StepCounts {
  const counts = {
    numEvaluations: numSteps,
    numIterations: numSteps,
    numFailedIterations: astype(notEqual(result, resultCode("successful")), "int32"),
  };
  if (finder.sharesJacobian === true || finder.linearSolver === undefined) return counts;
  const numJacobians = finder.linearise === undefined ? numSteps : 1;
  return { ...counts, numJacobians, numFactorisations: numJacobians };
}
