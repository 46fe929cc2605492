import { describeValue, isTensor, structure, structuresEqual } from "@diffrax-ts/pytree";
import { isRecord, type Member, wrongMember } from "./Member.ts";
import { isPacked } from "./packedTree.ts";
import { countNames } from "./StepCounts.ts";
import type { Solver, SolverStepResult } from "./Solver.ts";
import type { StepDecision, StepSizeController } from "./StepSizeController.ts";
import type { Tree } from "./Tree.ts";

/** The members of what a function of a part gives: one that is left out does not compile. */
type Members<Of> = { readonly [Name in keyof Of]-?: Member };

function isTree(value: unknown): boolean {
  if (typeof value === "number" || value === null || isTensor(value)) return true;
  if (isPacked(value)) return isTree(value.params);
  return isRecord(value) && Object.values(value).every(isTree);
}

function isLike(a: unknown, b: unknown): boolean {
  return structuresEqual(structure(a), structure(b));
}

function isCounts(value: unknown): boolean {
  if (value === undefined) return true;
  const isCount = (count: unknown): boolean => typeof count === "number" || isTensor(count);
  const names: readonly string[] = countNames;
  return (
    isRecord(value) &&
    Object.entries(value).every(([name, count]) => names.includes(name) && isCount(count))
  );
}

const aTree: Member = { words: "a tree of tensors", isRight: isTree };
const aTensor: Member = { words: "a tensor", isRight: isTensor };
const tensorOr = (other: unknown, words: string): Member => ({
  words: `a tensor, or ${words}`,
  isRight: (value) => value === other || isTensor(value),
});

/**
 * Holds what the step of a solver gave against what it has to give. It is looked at when a solve is traced, and costs nothing when it
 * runs.
 *
 * @throws TypeError that names the solver and the member that is missing or wrong.
 */
export function checkStepResult(
  { kind }: Solver,
  made: SolverStepResult<Tree>,
): SolverStepResult<Tree> {
  const members: Members<SolverStepResult<Tree>> = {
    y1: aTree,
    yError: {
      words: "a tree of tensors like y1, or null",
      isRight: (error) => error === null || (isTree(error) && isLike(error, made.y1)),
    },
    denseInfo: { words: "a record of trees", isRight: (info) => isRecord(info) && isTree(info) },
    solverState: { words: "a tree of tensors, or null", isRight: isTree },
    result: tensorOr(null, "null for success"),
    counts: {
      words: `a record of numbers and int32 tensors by names such as ${countNames[0]}`,
      isRight: isCounts,
    },
  };
  return checked(`diffeqsolve: solver: ${kind}.step`, made, members);
}

/** Holds what a controller decided against what it has to decide, as `checkStepResult` does for solvers. */
export function checkStepDecision(
  { kind }: StepSizeController,
  decision: StepDecision<Tree>,
): StepDecision<Tree> {
  const members: Members<StepDecision<Tree>> = {
    keepStep: tensorOr(true, "true"),
    t0: aTensor,
    t1: aTensor,
    madeJump: tensorOr(false, "false"),
    controllerState: { words: "a tree of tensors, or null", isRight: isTree },
    result: tensorOr(null, "null for success"),
  };
  return checked(`diffeqsolve: stepsizeController: ${kind}.adaptStepSize`, decision, members);
}

/** Holds where a controller starts against what it has to say of it, as `checkStepResult` does for solvers. */
export function checkControllerStart(
  { kind }: StepSizeController,
  started: ReturnType<StepSizeController["init"]>,
): ReturnType<StepSizeController["init"]> {
  const members: Members<ReturnType<StepSizeController["init"]>> = {
    t1: aTensor,
    controllerState: { words: "a tree of tensors, or null", isRight: isTree },
  };
  return checked(`diffeqsolve: stepsizeController: ${kind}.init`, started, members);
}

function checked<Of>(name: string, value: Of, members: Members<Of>): Of {
  if (!isRecord(value))
    throw new TypeError(`${name} must return a record, got ${describeValue(value)}`);
  const wrong = wrongMember(value, "what it returned", members);
  if (wrong !== null) throw new TypeError(`${name}: ${wrong}`);
  return value;
}
