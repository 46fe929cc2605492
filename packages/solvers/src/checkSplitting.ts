import { describeValue } from "@diffrax-ts/pytree";
import { checkOnce } from "./checkTableau.ts";
import { splittingOrderReached } from "./orderConditions.ts";
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";
import type { TableChecks } from "./tableChecks.ts";

/**
 * Holds coefficients against what they have to fulfil, once.
 *
 * @param kind - The name of the method.
 * @throws TypeError or RangeError that names the method, the field, and what was expected.
 */
export function checkSplitting(kind: string, coefficients: SplittingCoefficients): void {
  const name = `symplecticSplitting: ${kind}: coefficients`;
  checkOnce(name, "SplittingCoefficients", coefficients, (checks) => check(checks, coefficients));
}

function check(
  { refuse, requireNumbers, requireSum, requireOrder }: TableChecks,
  coefficients: SplittingCoefficients,
): void {
  const { c, d, order, forceTimes } = coefficients;
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
}
