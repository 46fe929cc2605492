import { describeValue } from "@diffrax-ts/pytree";
import { checkOnce, orderReached, type TableChecks } from "@diffrax-ts/solvers";
import { highestStrongOrder, strongOrderReached } from "./strongOrderConditions.ts";
import type {
  AdditiveCoeffs,
  GeneralCoeffs,
  StochasticButcherTableau,
} from "./StochasticButcherTableau.ts";

/**
 * Holds a tableau against what it has to fulfil, once.
 *
 * @param name - What errors begin with: the maker, the method, and where the tableau stands.
 * @throws TypeError or RangeError that says which field and stage, what was expected, and what it got.
 */
export function checkStochasticTableau(name: string, tableau: StochasticButcherTableau): void {
  checkOnce(name, "a StochasticButcherTableau", tableau, (checks) => {
    checkFields(checks, tableau);
    checkDrift(checks, tableau);
    checkNoise(checks, tableau);
    checkStrongOrder(checks, tableau);
  });
}

const fields: readonly (keyof StochasticButcherTableau)[] = [
  "source",
  "order",
  "strongOrder",
  "noiseType",
  "c",
  "a",
  "bSol",
  "bError",
  "coeffsW",
  "coeffsHh",
  "coeffsKk",
];

/** Coefficients under another name would be those of another method. */
function checkFields({ refuse }: TableChecks, tableau: StochasticButcherTableau): void {
  const other = Object.keys(tableau).find((key) => !(fields as readonly string[]).includes(key));
  if (other !== undefined) refuse(`there is no field ${other}, only ${fields.join(", ")}`);
}

function checkDrift(checks: TableChecks, tableau: StochasticButcherTableau): void {
  const { c, a, bSol, bError, order } = tableau;
  const { refuse, requireNumbers, requireSum, requireOrder } = checks;
  if (!Array.isArray(bSol) || bSol.length === 0)
    refuse(`bSol: expected one weight for each stage, got ${describeValue(bSol)}`);
  const stages = bSol.length;
  requireNumbers("bSol", bSol, stages, "one for each stage");
  requireNumbers(
    "c",
    c,
    stages - 1,
    `one for each of ${stages} stages by bSol but the first, where c₁ = 0`,
  );
  checkRows(checks, "a", a, stages);
  for (const [i, row] of a.entries()) requireSum(`a[${i}] (stage ${i + 2})`, row, c[i]!, `c[${i}]`);
  requireSum("bSol", bSol, 1, "of the weights");
  if (bError !== undefined) {
    requireNumbers("bError", bError, stages, `one for each of ${stages} stages by bSol`);
    requireSum("bError", bError, 0, "of the weights of an error");
  }
  const rows = [[], ...a];
  requireOrder("order", order, "the weights bSol", (most) =>
    orderReached([{ rows, b: bSol }], most),
  );
}

/** One row for each stage but the first, each one longer than that before it. */
function checkRows(
  { refuse, requireNumbers }: TableChecks,
  field: string,
  rows: readonly (readonly number[])[],
  stages: number,
): void {
  if (!Array.isArray(rows) || rows.length !== stages - 1) {
    refuse(
      `${field}: expected ${stages - 1} rows, one for each of ${stages} stages by bSol but the first, got ${describeValue(rows)}`,
    );
  }
  for (const [i, row] of rows.entries())
    requireNumbers(`${field}[${i}] (stage ${i + 2})`, row, i + 1, "one for each stage before it");
}

/** What the coefficients of `W`, `H` and `K` sum up to in the solution. */
const sums = { coeffsW: 1, coeffsHh: 0, coeffsKk: 0 } as const;

type Name = keyof typeof sums;

function checkNoise(checks: TableChecks, tableau: StochasticButcherTableau): void {
  const { noiseType, coeffsHh, coeffsKk } = tableau;
  const { refuse } = checks;
  if (!["additive", "commutative", "general"].includes(noiseType)) {
    refuse(
      `noiseType: expected "additive", "commutative" or "general", got ${describeValue(noiseType)}`,
    );
  }
  if (coeffsKk !== undefined && coeffsHh === undefined)
    refuse("coeffsKk: expected coeffsHh beside it, as K is known together with H");
  for (const name of Object.keys(sums) as Name[]) {
    const coeffs: unknown = tableau[name];
    if (coeffs === undefined && name !== "coeffsW") continue;
    if (typeof coeffs !== "object" || coeffs === null)
      refuse(`${name}: expected { a, bSol }, got ${describeValue(coeffs)}`);
    (noiseType === "additive" ? checkAdditive : checkGeneral)(checks, name, tableau);
  }
}

function checkAdditive(
  { refuse, requireNumbers, requireSum }: TableChecks,
  name: Name,
  tableau: StochasticButcherTableau,
): void {
  const { a, bSol } = tableau[name] as AdditiveCoeffs;
  const stages = tableau.bSol.length;
  requireNumbers(`${name}.a`, a, stages, `one for each of ${stages} stages by bSol`);
  if (typeof bSol !== "number")
    refuse(`${name}.bSol: expected one number for additive noise, got ${describeValue(bSol)}`);
  requireSum(`${name}.bSol`, [bSol], sums[name], "for additive noise");
}

function checkGeneral(checks: TableChecks, name: Name, tableau: StochasticButcherTableau): void {
  const { refuse, requireNumbers, requireSum } = checks;
  const { a, bSol, bError } = tableau[name] as GeneralCoeffs;
  const stages = tableau.bSol.length;
  const many = `one for each of ${stages} stages by bSol`;
  checkRows(checks, `${name}.a`, a, stages);
  requireNumbers(`${name}.bSol`, bSol, stages, many);
  requireSum(`${name}.bSol`, bSol, sums[name], "of the weights");
  if ((bError === undefined) !== (tableau.bError === undefined)) {
    const [has, lacks] =
      bError === undefined ? ["bError", `${name}.bError`] : [`${name}.bError`, "bError"];
    refuse(`${lacks}: expected weights of an error, as there are ${has}`);
  }
  if (bError === undefined) return;
  requireNumbers(`${name}.bError`, bError, stages, many);
  requireSum(`${name}.bError`, bError, 0, "of the weights of an error");
}

function checkStrongOrder({ refuse }: TableChecks, tableau: StochasticButcherTableau): void {
  const { noiseType, strongOrder } = tableau;
  if (!(typeof strongOrder === "number" && strongOrder > 0 && strongOrder < Infinity))
    refuse(`strongOrder: expected a finite number above 0, got ${describeValue(strongOrder)}`);
  if (noiseType === "general" && strongOrder > 0.5) {
    refuse(
      `strongOrder: expected at most 0.5, as no method that knows W, H and K alone converges faster for general noise, got ${strongOrder}; ` +
        'if it is for commutative noise, write noiseType: "commutative"',
    );
  }
  const reached = strongOrderReached(tableau, strongOrder);
  if (reached < Math.min(strongOrder, highestStrongOrder)) {
    refuse(
      `strongOrder: expected ${reached === 0 ? "another table" : `at most ${reached}`}, as the coefficients do not fulfil the conditions of strong order ` +
        `${reached + 0.5} for ${noiseType} noise, got ${strongOrder}`,
    );
  }
}
