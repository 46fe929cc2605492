import { describeValue } from "@diffrax-ts/pytree";
import { type ButcherTableau, rowsOf } from "./ButcherTableau.ts";
import { orderReached } from "./orderConditions.ts";
import { type TableChecks, tableChecks } from "./tableChecks.ts";

/** The orders that tables claim. */
export interface OrderClaims {
  /** Of the solution. */
  readonly order: number;
  /** Of the embedded one. */
  readonly embeddedOrder: number;
}

/** The tables that have been found to be right, and as what. */
let checked: WeakMap<object, string> | undefined;

/**
 * Holds a tableau against what it has to fulfil, once.
 *
 * @param name - What errors begin with: the maker, the method, and where the tableau stands.
 * @throws TypeError or RangeError that says which field and stage, what was expected, and what it got.
 */
export function checkTableau(name: string, tableau: ButcherTableau): void {
  checkOnce(name, "a ButcherTableau", tableau, (checks) => {
    checkLengths(checks, tableau);
    checkSums(checks, tableau);
    checkOrders(checks, tableau, [tableau]);
  });
}

/** Checks a table that has not been checked before. */
export function checkOnce(
  name: string,
  what: string,
  table: object,
  check: (checks: TableChecks) => void,
): void {
  if (checked?.get(table) === what) return;
  if (typeof table !== "object" || table === null)
    throw new TypeError(`${name} must be ${what}, got ${describeValue(table)}`);
  check(tableChecks(name));
  (checked ??= new WeakMap()).set(table, what);
}

function checkLengths(checks: TableChecks, tableau: ButcherTableau): void {
  const { c, aLower, bSol, bError, aDiagonal, aPredictor } = tableau;
  const { refuse, requireNumbers } = checks;
  if (!Array.isArray(bSol) || bSol.length === 0)
    refuse(`bSol: expected one weight for each stage, got ${describeValue(bSol)}`);
  const stages = bSol.length;
  const many = `${stages} stages by bSol`;
  requireNumbers("bSol", bSol, stages, "one for each stage");
  requireNumbers("bError", bError, stages, `one for each of ${many}`);
  requireNumbers("c", c, stages - 1, `one for each of ${many} but the first, where c₁ = a₁₁`);
  const before = "one for each stage before it";
  const explicit = "as an explicit stage uses those before it alone";
  checkRows(checks, "aLower", aLower, stages, aDiagonal === undefined ? explicit : before);
  if (aDiagonal !== undefined)
    requireNumbers("aDiagonal", aDiagonal, stages, `one for each of ${many}`);
  if (aPredictor !== undefined) checkRows(checks, "aPredictor", aPredictor, stages, before);
}

/** One row for each stage but the first, each one longer than that before it. */
function checkRows(
  { refuse, requireNumbers }: TableChecks,
  field: string,
  rows: readonly (readonly number[])[],
  stages: number,
  why: string,
): void {
  if (!Array.isArray(rows) || rows.length !== stages - 1) {
    refuse(
      `${field}: expected ${stages - 1} rows, one for each of ${stages} stages by bSol but the first, got ${describeValue(rows)}`,
    );
  }
  for (const [i, row] of rows.entries())
    requireNumbers(`${field}[${i}] (stage ${i + 2})`, row, i + 1, why);
}

function checkSums({ requireSum }: TableChecks, tableau: ButcherTableau): void {
  const { c, aLower, aDiagonal, aPredictor, bSol, bError } = tableau;
  const own = aDiagonal === undefined ? "" : "with aDiagonal ";
  const rows = rowsOf(tableau);
  for (const i of aLower.keys())
    requireSum(`aLower[${i}] (stage ${i + 2})`, rows[i + 1]!, c[i]!, `${own}c[${i}]`);
  for (const [i, row] of (aPredictor ?? []).entries())
    requireSum(`aPredictor[${i}] (stage ${i + 2})`, row, 1, "of a prediction");
  requireSum("bSol", bSol, 1, "of the weights");
  requireSum("bError", bError, 0, "of the weights of an error");
}

/** Holds claimed orders against the order conditions, of one tableau or of several whose increments are added. */
export function checkOrders(
  { requireOrder }: TableChecks,
  { order, embeddedOrder }: OrderClaims,
  tableaus: readonly ButcherTableau[],
): void {
  const reached =
    (weightsOf: (tableau: ButcherTableau) => readonly number[]) =>
    (most: number): number =>
      orderReached(
        tableaus.map((tableau) => ({ rows: rowsOf(tableau), b: weightsOf(tableau) })),
        most,
      );
  const embedded = ({ bSol, bError }: ButcherTableau): number[] =>
    bSol.map((b, i) => b - bError[i]!);
  requireOrder(
    "order",
    order,
    "the weights bSol",
    reached(({ bSol }) => bSol),
  );
  requireOrder("embeddedOrder", embeddedOrder, "the weights bSol - bError", reached(embedded));
}
