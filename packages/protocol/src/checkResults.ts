import { leavesLike } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import {
  describeValue,
  flatten,
  isTensor,
  type Leaf,
  structure,
  structuresEqual,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { isRecord, type Member, wrongMember } from "./Member.ts";
import { isPacked } from "./packedTree.ts";
import { countNames } from "./StepCounts.ts";
import type { Solver, SolverStepResult } from "./Solver.ts";
import type { StepDecision, StepSizeController } from "./StepSizeController.ts";
import type { Tree } from "./Tree.ts";
import { treeLeaves } from "./treeMap.ts";

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
 * @param before - The state of the solver before the step, which the state after it has to be like.
 * @returns The same, with tensors for the numbers in its state.
 * @throws TypeError that names the solver and the member that is missing or wrong.
 */
export function checkStepResult(
  { kind }: Solver,
  made: SolverStepResult<Tree>,
  before: Tree,
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
  const name = `diffeqsolve: solver: ${kind}.step`;
  const { solverState } = checked(name, made, members);
  return { ...made, solverState: stateLike(solverState, before, `${name}: solverState`) };
}

/** Holds what a controller decided against what it has to decide, as `checkStepResult` does for solvers. */
export function checkStepDecision(
  { kind }: StepSizeController,
  decision: StepDecision<Tree>,
  before: Tree,
): StepDecision<Tree> {
  const members: Members<StepDecision<Tree>> = {
    keepStep: tensorOr(true, "true"),
    t0: aTensor,
    t1: aTensor,
    madeJump: tensorOr(false, "false"),
    controllerState: { words: "a tree of tensors, or null", isRight: isTree },
    result: tensorOr(null, "null for success"),
  };
  const name = `diffeqsolve: stepsizeController: ${kind}.adaptStepSize`;
  const { controllerState } = checked(name, decision, members);
  const after = stateLike(controllerState, before, `${name}: controllerState`);
  return { ...decision, controllerState: after };
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
  const { t1, controllerState } = checked(
    `diffeqsolve: stepsizeController: ${kind}.init`,
    started,
    members,
  );
  return { t1, controllerState: firstState(controllerState, t1.dtype) };
}

/** Holds the state that a solver starts with against what a state has to be, as `checkStepResult` does for later ones. */
export function checkSolverState({ kind }: Solver, state: Tree, dtype: Tensor["dtype"]): Tree {
  if (isTree(state)) return firstState(state, dtype);
  throw new TypeError(
    `diffeqsolve: solver: ${kind}.init must return a tree of tensors, or null, got ${describeValue(state)}`,
  );
}

/** A state with tensors for the numbers in it, in the dtype of times. */
function firstState(state: Tree, dtype: Tensor["dtype"]): Tree {
  const { leaves, structure: like } = flatten(state);
  const isDone = leaves.every(isTensor);
  return isDone
    ? state
    : (unflatten(
        like,
        leaves.map((leaf) => inDType(leaf, dtype)),
      ) as Tree);
}

function inDType(leaf: Leaf, dtype: Tensor["dtype"]): Leaf {
  return typeof leaf === "number" ? numberAs("diffeqsolve", leaf, dtype) : leaf;
}

/** A state in the form of the one before. @throws TypeError that says where it departs from that. */
function stateLike(state: Tree, before: Tree, name: string): Tree {
  const like = structure(before);
  const leaves = treeLeaves(before);
  return unflatten(like, leavesLike(like, leaves, state, name, " as in the state before")) as Tree;
}

function checked<Of>(name: string, value: Of, members: Members<Of>): Of {
  if (!isRecord(value))
    throw new TypeError(`${name} must return a record, got ${describeValue(value)}`);
  const wrong = wrongMember(value, "what it returned", members);
  if (wrong !== null) throw new TypeError(`${name}: ${wrong}`);
  return value;
}
