import { describeValue } from "@diffrax-ts/pytree";
import { splittingOrderReached } from "./orderConditions.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";
import { tableChecks } from "./tableChecks.ts";

/** The coefficients that have been found to be right. */
let checked: WeakSet<SplittingCoefficients> | undefined;

/**
 * Holds coefficients against what they have to fulfil, once.
 *
 * @param kind - The name of the method.
 * @throws TypeError or RangeError that names the method, the field, and what was expected.
 */
export function checkSplitting(kind: string, coefficients: SplittingCoefficients): void {
  const what = `symplecticSplitting: ${kind}: coefficients`;
  if (checked?.has(coefficients)) return;
  if (typeof coefficients !== "object" || coefficients === null) {
    throw new TypeError(
      `${what} must be SplittingCoefficients, got ${describeValue(coefficients)}`,
    );
  }
  const { c, d, order, forceTimes } = coefficients;
  const { refuse, requireNumbers, requireSum, requireOrder } = tableChecks(what);
  if (!Array.isArray(c) || c.length === 0)
    refuse(`c: expected one drift for each stage, got ${describeValue(c)}`);
  const stages = c.length;
  const many = `${stages} stages by c`;
  requireNumbers("c", c, stages, "one for each stage");
  requireNumbers("d", d, stages, `one for each of ${many}`);
  requireSum("c", c, 1, "of the drifts");
  requireSum("d", d, 1, "of the kicks");
  requireOrder("order", order, "the coefficients", (most) =>
    splittingOrderReached(coefficients, most),
  );
  if (forceTimes !== undefined) {
    requireNumbers("forceTimes", forceTimes, stages, `one for each of ${many}`);
    if (order > 1)
      refuse(
        `forceTimes: expected none, as the order ${order} needs the force at c₁, c₁ + c₂, …; leave it out`,
      );
  }
  (checked ??= new WeakSet()).add(coefficients);
}
