import {
  addCounts,
  firstFailure,
  type StepCounts,
  type TracedResult,
  type Tree,
} from "@diffrax-ts/protocol";
import { addScaled, scaledSum } from "@diffrax-ts/solvers";
import { countsOf, jacobianFor, keep, type SharedJacobian } from "./KeptJacobian.ts";
import type { Stages, StageStart } from "./Stages.ts";
import { nodeOf, predictorsOf, stageTime } from "./Summand.ts";
import { jacobianOf, sharesJacobian, type Stage, takeStage } from "./takeStage.ts";

/** The stages one after the other. */
export function writtenStages(start: StageStart): Stages {
  const { summands, calculateJacobian } = start;
  const f: Tree[][] = summands.map(() => []);
  const k: Tree[][] = summands.map(() => []);
  const results: TracedResult[] = [];
  const counts: StepCounts[] = [];
  let shared: SharedJacobian | null = null;
  for (let i = 0; i < summands[0]!.tableau.bSol.length; i++) {
    const stage = stageAt(start, i, f, k);
    if (sharesJacobian(start, stage) && (shared === null || calculateJacobian === "everyStage")) {
      shared = jacobianFor(start, () => jacobianOf(start, stage));
      counts.push(countsOf(shared));
    }
    const taken = takeStage(start, stage, shared?.known ?? null);
    if (shared !== null && taken.jacobian !== null) shared = { ...shared, known: taken.jacobian };
    for (const [p, of] of taken.f.entries()) f[p]!.push(of);
    for (const [p, of] of taken.k.entries()) k[p]!.push(of);
    results.push(taken.result);
    counts.push(taken.counts);
  }
  const fLast = start.f0 === null ? null : f.map((of) => of.at(-1)!);
  const kept = start.kept === null ? null : keep(shared!);
  return { k, fLast, kept, result: firstFailure(results), counts: addCounts(...counts) };
}

/** Stage `i`, from those before it. */
export function stageAt(
  start: StageStart,
  i: number,
  f: readonly (readonly Tree[])[],
  k: readonly (readonly Tree[])[],
): Stage {
  const { summands, implicit, t0, t1, y0, args, f0 } = start;
  const times = summands.map(({ tableau }) => stageTime(nodeOf(tableau, i), t0, t1));
  const own = summands[implicit];
  const a = own?.tableau.aDiagonal?.[i] ?? 0;
  const diagonal = a === 0 ? null : a;
  if (i === 0) {
    const guess = diagonal === null ? null : own!.term.vfProd(t0, y0, args, own!.control);
    return { times, partial: y0, diagonal, guess, fields: f0 };
  }
  const weights = summands.flatMap(({ tableau }) => tableau.aLower[i - 1]!);
  const partial = addScaled(y0, weights, k.flat()); //                    y₀ + Σₚ Σⱼ aᵢⱼ kⱼ
  const guess =
    diagonal === null
      ? null
      : scaledSum(predictorsOf(own!.tableau)[i - 1]!, (f0 === null ? k : f)[implicit]!); // Σⱼ αᵢⱼ kⱼ
  return { times, partial, diagonal, guess, fields: null };
}
