import { add, astype, equal, less, mul, sub, where } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import {
  addCounts,
  type CountName,
  countNames,
  firstFailure,
  resultTensor,
  type StepCounts,
  type Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation } from "@diffrax-ts/root-finders";
import {
  addScaledBy,
  columnOf,
  columnsOf,
  shifted,
  sumScaledBy,
  windowOf,
} from "@diffrax-ts/solvers";
import { countsOf, jacobianFor, keep, type SharedJacobian } from "./KeptJacobian.ts";
import type { Stages, StageStart } from "./Stages.ts";
import { predictorsOf } from "./Summand.ts";
import { jacobianOf, sharesJacobian, type Stage, takeStage } from "./takeStage.ts";
import { stageAt } from "./writtenStages.ts";

/** What changes from stage to stage. */
interface Carried {
  readonly stage: Scalar;
  /** For each summand a window of its stages. */
  readonly f: readonly (readonly Tree[])[];
  readonly k: readonly (readonly Tree[])[];
  /** What is learned of a Jacobian that stages share: all but its factors. */
  readonly rates: Omit<Linearisation, "factors"> | null;
  readonly result: Tensor;
  readonly counts: Readonly<Record<CountName, Tensor>>;
}

/** The coefficients of the stages after the first, by stage. */
interface Columns {
  readonly nodes: readonly Tensor[];
  readonly aLower: readonly Tensor[];
  readonly predictor: readonly Tensor[];
  readonly diagonal: Tensor | null;
}

/**
 * The first stage, and the others as a loop: the vector field is in the program twice or three times, and not once for each stage. An explicit stage among
 * the others is solved for like them: whether there is a zero on the diagonal shows when it runs.
 */
export function scannedStages(start: StageStart): Stages {
  const { summands } = start;
  const numStages = summands[0]!.tableau.bSol.length;
  const isOwn = start.calculateJacobian === "everyStage";
  const stage0 = stageAt(start, 0, [], []);
  let shared = shareAt(start, stage0);
  const first = takeStage(start, stage0, shared?.known ?? null);
  if (shared !== null) shared = { ...shared, known: first.jacobian! };
  const ofFirst = { f: first.f.map((f0) => [f0]), k: first.k.map((k0) => [k0]) };
  if (isOwn) shared = null;
  else if (numStages > 1) shared ??= shareAt(start, stageAt(start, 1, ofFirst.f, ofFirst.k));

  const columns = columnsFrom(start);
  const begin: Carried = {
    stage: astype(0, "int32"),
    f: first.f.map((f0) => windowOf(f0, numStages)),
    k: first.k.map((k0) => windowOf(k0, numStages)),
    rates: ratesOf(shared?.known),
    result: firstFailure([first.result, resultTensor("successful")])!,
    counts: inTensors(addCounts(first.counts, countsOf(shared))),
  };
  const turn = (carried: Carried): Carried => {
    const stage = scannedStage(start, columns, carried);
    const own = isOwn ? shareAt(start, stage) : shared;
    const known = own === null ? null : { ...own.known, ...carried.rates };
    const { f, k, result, counts, jacobian } = takeStage(start, stage, known);
    const ofJacobian = isOwn ? countsOf(own) : {};
    return {
      stage: add(carried.stage, 1),
      f: carried.f.map((window, p) => shifted(window, f[p]!)),
      k: carried.k.map((window, p) => shifted(window, k[p]!)),
      rates: carried.rates === null ? null : ratesOf(jacobian),
      result: firstFailure([carried.result, result])!,
      counts: inTensors(addCounts(carried.counts, counts, ofJacobian)),
    };
  };
  const goesOn = ({ stage }: Carried): Tensor => less(stage, numStages - 1);
  const end = treeLoop("scanStages", begin, goesOn, turn, { bound: numStages - 1 });
  return {
    k: end.k,
    fLast: start.f0 === null ? null : end.f.map((window) => window.at(-1)!),
    kept:
      start.kept === null ? null : keep({ ...shared!, known: { ...shared!.known, ...end.rates } }),
    result: start.implicit < 0 ? null : end.result,
    counts: end.counts,
  };
}

/** All counts, as a loop carries them. */
function inTensors(counts: StepCounts): Readonly<Record<CountName, Tensor>> {
  const all = countNames.map((name) => [name, astype(counts[name] ?? 0, "int32")]);
  return Object.fromEntries(all) as Record<CountName, Tensor>;
}

/** The Jacobian that a stage shares with those after it; `null` if it needs none. */
function shareAt(start: StageStart, stage: Stage): SharedJacobian | null {
  return sharesJacobian(start, stage) ? jacobianFor(start, () => jacobianOf(start, stage)) : null;
}

function ratesOf(known: Linearisation | null | undefined): Carried["rates"] {
  if (known === null || known === undefined) return null;
  const { factors: _, ...rates } = known;
  return rates;
}

function columnsFrom({ summands, implicit, t0 }: StageStart): Columns {
  const own = summands[implicit]?.tableau;
  return {
    nodes: summands.map(({ tableau }) => columnOf(tableau.c, t0)),
    aLower: summands.flatMap(({ tableau }) => columnsOf(tableau.aLower, t0)),
    predictor: own === undefined ? [] : columnsOf(predictorsOf(own), t0),
    diagonal: own === undefined ? null : columnOf(own.aDiagonal!.slice(1), t0),
  };
}

/** The stage of a turn, from those before it. */
function scannedStage(
  { implicit, t0, t1, y0, f0 }: StageStart,
  columns: Columns,
  { stage, f, k }: Carried,
): Stage {
  const at = (column: Tensor): Scalar => column.at(stage) as Scalar;
  const times = columns.nodes.map((column) => {
    const c = at(column);
    return where(equal(c, 1), t1, add(t0, mul(sub(t1, t0), c))) as Scalar;
  });
  const partial = addScaledBy(y0, columns.aLower.map(at), k.flat());
  const { diagonal } = columns;
  if (diagonal === null) return { times, partial, diagonal, guess: null, fields: null };
  const guess = sumScaledBy(columns.predictor.map(at), (f0 === null ? k : f)[implicit]!);
  return { times, partial, diagonal: at(diagonal), guess, fields: null };
}
