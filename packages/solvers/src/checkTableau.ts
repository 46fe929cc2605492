import { describeValue } from "@diffrax-ts/pytree";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { orderReached } from "./orderConditions.ts";
import { tableChecks } from "./tableChecks.ts";

/** The tableaus that have been found to be right. */
let checked: WeakSet<ButcherTableau> | undefined;

/**
 * Holds a tableau against what it has to fulfil, once.
 *
 * @param kind - The name of the method.
 * @throws TypeError or RangeError that names the method, the field, the stage, and what was expected.
 */
export function checkTableau(kind: string, tableau: ButcherTableau): void {
  if (checked?.has(tableau)) return;
  if (typeof tableau !== "object" || tableau === null) {
    throw new TypeError(
      `explicitRungeKutta: ${kind}: tableau must be a ButcherTableau, got ${describeValue(tableau)}`,
    );
  }
  const { c, aLower, bSol, bError, order, embeddedOrder } = tableau;
  const { refuse, requireNumbers, requireSum, requireOrder } = tableChecks(
    `explicitRungeKutta: ${kind}: tableau`,
  );

  if (!Array.isArray(bSol) || bSol.length === 0)
    refuse(`bSol: expected one weight for each stage, got ${describeValue(bSol)}`);
  const stages = bSol.length;
  const many = `${stages} stages by bSol`;
  requireNumbers("bSol", bSol, stages, "one for each stage");
  requireNumbers("bError", bError, stages, `one for each of ${many}`);
  requireNumbers("c", c, stages - 1, `one for each of ${many} but the first, where c₁ = 0`);
  if (!Array.isArray(aLower) || aLower.length !== stages - 1) {
    refuse(
      `aLower: expected ${stages - 1} rows, one for each of ${many} but the first, got ${describeValue(aLower)}`,
    );
  }
  for (const [i, row] of aLower.entries()) {
    const stage = i + 2;
    const field = `aLower[${i}] (stage ${stage})`;
    requireNumbers(field, row, stage - 1, "as an explicit stage uses those before it alone");
    requireSum(field, row, c[i]!, `c[${i}]`);
  }
  requireSum("bSol", bSol, 1, "of the weights");
  requireSum("bError", bError, 0, "of the weights of an error");
  const embedded = bSol.map((b, i) => b - bError[i]!);
  const reached = (b: readonly number[]) => (most: number) => orderReached(aLower, b, most);
  requireOrder("order", order, "the weights bSol", reached(bSol));
  requireOrder("embeddedOrder", embeddedOrder, "the weights bSol - bError", reached(embedded));
  (checked ??= new WeakSet()).add(tableau);
}
