import { add, less, mul, sub } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import { resultTensor, type Tree } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Scalar } from "@diffrax-ts/pytree";
import { scaledSize } from "../isWithinTolerances.ts";
import type { FixedPointSolver } from "../FixedPointSolver.ts";
import type { IterationStep, Problem, Termination } from "../IterativeSolver.ts";
import { checkTolerances, type OwnTolerances } from "../tolerances.ts";
import { difference, dtypeOf, mapTree } from "../trees.ts";

/** Options of `FixedPointIteration`. */
export interface FixedPointIterationOptions extends Partial<OwnTolerances> {
  /** How much of the last iterate is kept. @defaultValue 0 */
  readonly damp?: number;
}

/** Applies the function again and again. */
export interface FixedPointIteration extends FixedPointSolver<FixedPointState> {
  readonly kind: "FixedPointIteration";
  readonly damp: number;
}

/** What is carried from step to step. */
export interface FixedPointState {
  /** Of the last step, over the tolerance. */
  readonly relativeError: Scalar;
}

/**
 * `y ← (1 - damp) f(y) + damp y`, until `y` stays the same. It converges if `f` brings points nearer to one another; if it does so slowly, take a root finder.
 *
 * @throws RangeError for a tolerance that is none, or `damp` outside of 0 to 1.
 *
 * @example
 * ```ts
 * import { cos } from "@diffrax-ts/array";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { fixedPoint, FixedPointIteration } from "@diffrax-ts/root-finders";
 *
 * const solver = FixedPointIteration({ rtol: 1e-9, atol: 1e-9, damp: 0.4 });
 * const { value, stats } = fixedPoint((y: Scalar) => cos(y), solver, 1);
 * value.item();
 * // → 0.739085133…
 * stats.numSteps;
 * // → 5
 * ```
 */
export function FixedPointIteration(options: FixedPointIterationOptions = {}): FixedPointIteration {
  const {
    rtol = null,
    atol = null,
    norm = null,
    damp = 0,
  } = checkOptions("FixedPointIteration", options, ["rtol", "atol", "norm", "damp"]);
  if (!(typeof damp === "number" && damp >= 0 && damp < 1))
    throw new RangeError(
      `FixedPointIteration: damp must be a number from 0 to below 1, got ${describeValue(damp)}`,
    );
  return part("FixedPointIteration", {
    ...checkTolerances("FixedPointIteration", { rtol, atol, norm }),
    damp,
    solves: "fixedPoint",
    init,
    step,
    terminate,
  } as const);
}

function init(_problem: Problem, y: Tree): FixedPointState {
  return { relativeError: scalarTensor(dtypeOf(y), Infinity) };
}

function step(
  this: FixedPointIteration,
  problem: Problem,
  y: Tree,
): IterationStep<FixedPointState> {
  const damped = (fx: Parameters<typeof add>[0], x: typeof fx) =>
    add(mul(sub(1, this.damp), fx), mul(this.damp, x));
  const next = this.damp === 0 ? problem.fn(y) : mapTree(damped, problem.fn(y), y);
  const relativeError = scaledSize(problem, difference(y, next), next);
  return { y: next, state: { relativeError } };
}

function terminate(_problem: Problem, _y: Tree, { relativeError }: FixedPointState): Termination {
  return { terminate: less(relativeError, 1), result: resultTensor("successful") };
}
