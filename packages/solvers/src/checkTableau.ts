import { describeValue } from "@diffrax-ts/pytree";
import type { ButcherTableau } from "./ButcherTableau.ts";
import { orderReached } from "./orderConditions.ts";

/** The conditions of higher orders are too many to look at whenever a method is made. */
const highestOrder = 8;

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
  const refuse = (what: string): never => {
    throw new RangeError(`explicitRungeKutta: ${kind}: tableau.${what}`);
  };
  const requireNumbers = (
    field: string,
    numbers: readonly number[],
    length: number,
    why: string,
  ): void => {
    if (!Array.isArray(numbers) || numbers.length !== length)
      refuse(`${field}: expected ${length} numbers, ${why}, got ${describeValue(numbers)}`);
    const i = numbers.findIndex((x) => !Number.isFinite(x));
    if (i >= 0)
      refuse(`${field}[${i}]: expected a finite number, got ${describeValue(numbers[i])}`);
  };
  const requireSum = (field: string, numbers: readonly number[], wanted: number, words: string) => {
    const sum = numbers.reduce((total, x) => total + x, 0);
    const scale = numbers.reduce((total, x) => total + Math.abs(x), Math.abs(wanted));
    // As exact as tables with ten digits are.
    if (!(Math.abs(sum - wanted) <= 1e-8 * scale))
      refuse(`${field}: expected the sum ${words} = ${wanted}, got ${sum}`);
  };

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
  requireOrder("order", order, bSol, "bSol");
  requireOrder("embeddedOrder", embeddedOrder, embedded, "bSol - bError");
  (checked ??= new WeakSet()).add(tableau);

  function requireOrder(field: string, claimed: number, b: readonly number[], of: string): void {
    if (!(typeof claimed === "number" && claimed > 0 && claimed < Infinity))
      refuse(`${field}: expected a finite number above 0, got ${describeValue(claimed)}`);
    // A fraction claims the conditions of whole orders below it.
    const conditions = Math.min(Math.floor(claimed), highestOrder);
    const reached = orderReached(aLower, b, conditions);
    if (reached < conditions) {
      refuse(
        `${field}: expected at most ${reached}, as the weights ${of} do not fulfil the conditions of order ${reached + 1}, got ${claimed}`,
      );
    }
  }
}
