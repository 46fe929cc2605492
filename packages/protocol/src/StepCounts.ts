import { add, astype } from "@diffrax-ts/array";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";

/** What can be counted of a step. */
export const countNames = [
  "numEvaluations",
  "numJacobians",
  "numFactorisations",
  "numIterations",
  "numFailedIterations",
] as const;

/** The name of what can be counted of a step. */
export type CountName = (typeof countNames)[number];

/** How much work a step took: numbers where they are the same for every step, and otherwise int32 scalars. What is left out is 0. */
export type StepCounts = Readonly<Partial<Record<CountName, number | Tensor>>>;

/**
 * What a solver that passes on `f(t0, y0)` evaluates in a step.
 *
 * @param madeJump - At `t0`: what was passed on is evaluated anew then.
 */
export function evaluationsOf(others: number, madeJump: Tensor | false): StepCounts {
  return { numEvaluations: madeJump === false ? others : add(astype(madeJump, "int32"), others) };
}

/** All counts, one by one. */
export function addCounts(...all: readonly StepCounts[]): StepCounts {
  const total: Partial<Record<CountName, number | Tensor>> = {};
  for (const counts of all)
    for (const name of countNames) {
      const count = counts[name];
      if (count === undefined) continue;
      const before = total[name] ?? 0;
      const areKnown = !isTensor(before) && !isTensor(count);
      total[name] = areKnown ? before + count : before === 0 ? count : add(before, count);
    }
  return total;
}
