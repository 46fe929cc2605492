import { abs, add, astype, div, mul, sub } from "@diffrax-ts/array";
import { withDifferences } from "@diffrax-ts/autodiff";
import {
  JacobianLinearOperator,
  type LinearOperator,
  type LinearTags,
} from "@diffrax-ts/linear-solvers";
import { type Term, type Tolerances, type Tree, treeMap } from "@diffrax-ts/protocol";
import { isTensor, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import {
  type Linearisation,
  resolveTolerances,
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
  readonly y0: Tree;
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
  /** What the Jacobian is declared to be. */
  readonly tags: LinearTags;
  /** Whether tolerances are those of `yᵢ`; as in Diffrax 0.7.2 they are those of the unknown. */
  readonly weighs: boolean;
}

/** The solution of the equation of a stage. */
export interface StageRoot {
  /** `fᵢ` or `kᵢ`. */
  readonly value: Tree;
  readonly result: Tensor;
  readonly stats: { readonly numSteps: Tensor };
  /** What was learned of the Jacobian. */
  readonly jacobian: Linearisation | null;
}

/** What the left side of an equation depends on, beside the unknown. */
type StageArgs = Omit<StageEquation, "y0">;

/**
 * The left side: `fᵢ - f(tᵢ, yᵢ)` with `yᵢ = partial + aᵢᵢ fᵢ Δx`, or `kᵢ - f(tᵢ, yᵢ) Δx` with `yᵢ = partial + aᵢᵢ kᵢ`. All that it depends on is in its
 * arguments: it is traced once, and not for each stage.
 */
function residual(unknown: Tree, equation: StageArgs): Tree {
  const { term, control, t, args, inFields } = equation;
  const y = stageState(equation, unknown);
  const value = inFields ? term.vf(t, y, args) : term.vfProd(t, y, args, control);
  return treeMap((u, f) => sub(u, f), unknown, value);
}

/** The arguments of `residual`: a part, so that a coefficient stays a number, and so does what is `fixed` in the arguments of the vector field. */
function stageArgs(equation: StageEquation): StageArgs {
  const { y0: _, ...others } = equation;
  return part("stageEquation", others);
}

/** `yᵢ`. */
export function stageState(
  { term, control, partial, diagonal, inFields }: StageArgs,
  unknown: Tree,
): Tree {
  const increment = inFields ? term.prod(unknown, control) : unknown;
  return treeMap((y, k) => add(y, mul(k, diagonal)), partial, increment);
}

/** By which errors of the unknown become errors of `yᵢ` over their tolerance: `aᵢᵢ Δx / (atol + rtol |y₀|)`; `null` if the control is not a number. */
function weightsOf(
  { rootFinder, tolerances: given }: StageSolver,
  { y0, control, diagonal, inFields }: StageEquation,
): Tree {
  const { rtol, atol } = resolveTolerances("rootFinder", rootFinder, given);
  const isNumber = isTensor(control) && control.shape.length === 0;
  if (inFields && !isNumber) return null;
  const factor = inFields ? mul(control as Tensor, diagonal) : diagonal;
  return treeMap((y) => {
    const inTolerance = (x: Tensor | number): Tensor | number =>
      isTensor(x) ? astype(x, y.dtype) : x;
    return div(inTolerance(factor), add(inTolerance(atol), mul(inTolerance(rtol), abs(y))));
  }, y0);
}

/** What a root finder has to know of the Jacobian `∂residual/∂unknown`, for this stage and others. */
export function lineariseStage(
  { rootFinder, tags }: StageSolver,
  equation: StageEquation,
  guess: Tree,
): Linearisation {
  const options = { args: stageArgs(equation), tags };
  // A Jacobian that is not exact takes more iterations, and leads to the same root.
  return withDifferences(() => rootFinder.linearise!(jacobianAt(residual, guess, options)));
}

/**
 * Solves the equation of a stage.
 *
 * @param jacobian - `null`: the root finder makes its own.
 */
export function solveStage(
  solver: StageSolver,
  equation: StageEquation,
  guess: Tree,
  jacobian: Linearisation | null,
): StageRoot {
  const { rootFinder, rootFindMaxSteps, tolerances, tags, weighs } = solver;
  const args = stageArgs(equation);
  const options = { args, maxSteps: rootFindMaxSteps, throw: false, tolerances, tags };
  const weights = weighs ? weightsOf(solver, equation) : null;
  return withDifferences(() =>
    findRoot(residual, rootFinder, guess, {
      ...options,
      ...(jacobian === null ? {} : { jacobian }),
      ...(weights === null ? {} : { weights }),
    }),
  );
}

// The types of these follow the structure of the unknown. That of any tree has no end, and inside of a step, which is always traced, a result is a tensor.
const findRoot = rootFind as unknown as (
  fn: typeof residual,
  rootFinder: RootFinder,
  guess: Tree,
  options: RootFindOptions,
) => StageRoot;
const jacobianAt = JacobianLinearOperator as unknown as (
  fn: typeof residual,
  guess: Tree,
  options: { readonly args: StageArgs; readonly tags: LinearTags },
) => LinearOperator;
