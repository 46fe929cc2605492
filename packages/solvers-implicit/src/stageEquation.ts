import { add, mul, sub } from "@diffrax-ts/array";
import { JacobianLinearOperator } from "@diffrax-ts/linear-solvers";
import { type Term, type Tolerances, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  type Linearisation,
  rootFind,
  type RootFindOptions,
  type RootFinder,
} from "@diffrax-ts/root-finders";

/** The equation of a stage that depends on itself. */
export interface StageEquation {
  readonly term: Term;
  /** Of the term, over the whole step. */
  readonly control: Tree;
  /** Where the stage stands. */
  readonly t: Scalar;
  /** `y₀` and what the stages before add to it. */
  readonly partial: Tree;
  /** `aᵢᵢ`. */
  readonly diagonal: number | Tensor;
  readonly args: unknown;
  /** Whether the unknown is `fᵢ`, which the next step can use, too, or the increment `kᵢ = fᵢ Δx`. */
  readonly inFields: boolean;
}

/** How equations of stages are solved. */
export interface StageSolver {
  readonly rootFinder: RootFinder;
  readonly rootFindMaxSteps: number;
  readonly tolerances: Tolerances | null;
}

/** The solution of the equation of a stage. */
export interface StageRoot {
  /** `fᵢ` or `kᵢ`. */
  readonly value: Tree;
  readonly result: Tensor;
}

/** The left side: `fᵢ - f(tᵢ, yᵢ)` with `yᵢ = partial + aᵢᵢ fᵢ Δx`, or `kᵢ - f(tᵢ, yᵢ) Δx` with `yᵢ = partial + aᵢᵢ kᵢ`. */
function residual(equation: StageEquation, unknown: Tree): Tree {
  const { term, control, t, args, inFields } = equation;
  const y = stageState(equation, unknown);
  const value = inFields ? term.vf(t, y, args) : term.vfProd(t, y, args, control);
  return treeMap((u, f) => sub(u, f), unknown, value);
}

/** `yᵢ`. */
export function stageState(
  { term, control, partial, diagonal, inFields }: StageEquation,
  unknown: Tree,
): Tree {
  const increment = inFields ? term.prod(unknown, control) : unknown;
  return treeMap((y, k) => add(y, mul(k, diagonal)), partial, increment);
}

/** What a root finder has to know of the Jacobian `∂residual/∂unknown`, for this stage and others. */
export function lineariseStage(
  { rootFinder }: StageSolver,
  equation: StageEquation,
  guess: Tree,
): Linearisation {
  const left = (unknown: Tree): Tree => residual(equation, unknown);
  return rootFinder.linearise!(JacobianLinearOperator(left, guess));
}

/**
 * Solves the equation of a stage.
 *
 * @param jacobian - `null`: the root finder makes its own.
 */
export function solveStage(
  { rootFinder, rootFindMaxSteps, tolerances }: StageSolver,
  equation: StageEquation,
  guess: Tree,
  jacobian: Linearisation | null,
): StageRoot {
  const left = (unknown: Tree): Tree => residual(equation, unknown);
  const options = { maxSteps: rootFindMaxSteps, throw: false, tolerances };
  const known = jacobian === null ? {} : { jacobian };
  return findRoot(left, rootFinder, guess, { ...options, ...known });
}

// The types of `rootFind` follow the structure of the unknown. That of any tree has no end, and inside of a step, which is always traced, its result is a tensor.
const findRoot = rootFind as unknown as (
  fn: (unknown: Tree) => Tree,
  rootFinder: RootFinder,
  guess: Tree,
  options: RootFindOptions,
) => StageRoot;
