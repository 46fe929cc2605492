import type { TracedResult, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation } from "@diffrax-ts/root-finders";
import { lineariseStage, solveStage, type StageEquation, stageState } from "./stageEquation.ts";
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
}

/** The equation of a stage that is not explicit. */
export function equationOf(
  { summands, implicit, args, f0 }: StageStart,
  { times, partial, diagonal }: Stage,
): StageEquation {
  const { term, control } = summands[implicit]!;
  return {
    term,
    control,
    t: times[implicit]!,
    partial,
    diagonal: diagonal!,
    args,
    inFields: f0 !== null,
  };
}

/** The Jacobian of a stage, for root finders that share it. */
export function jacobianOf(start: StageStart, stage: Stage): Linearisation {
  return lineariseStage(start.solver, equationOf(start, stage), stage.guess);
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
  if (stage.diagonal !== null) {
    const equation = equationOf(start, stage);
    ({ value: root, result } = solveStage(start.solver, equation, stage.guess, jacobian));
    y = stageState(equation, root);
  }
  // What the equation was solved for needs no other evaluation.
  const isSolved = (p: number): boolean => stage.diagonal !== null && p === start.implicit;
  if (f0 === null) {
    const k = summands.map(({ term, control }, p) =>
      isSolved(p) ? root : term.vfProd(stage.times[p]!, y, args, control),
    );
    return { f: [], k, result };
  }
  const f = summands.map(({ term }, p) => {
    if (isSolved(p)) return root;
    return stage.fields?.[p] ?? term.vf(stage.times[p]!, y, args);
  });
  return { f, k: summands.map(({ term, control }, p) => term.prod(f[p]!, control)), result };
}
