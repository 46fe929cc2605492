import type { TracedResult, Tree } from "@diffrax-ts/protocol";
import { addScaled, scaledSum } from "@diffrax-ts/solvers";
import { jacobianFor, keep, type SharedJacobian } from "./KeptJacobian.ts";
import type { Stages, StageStart } from "./Stages.ts";
import { nodeOf, stageTime } from "./Summand.ts";
import { jacobianOf, type Stage, takeStage } from "./takeStage.ts";

/** The stages one after the other. */
export function writtenStages(start: StageStart): Stages {
  const { summands, calculateJacobian, solver } = start;
  const f: Tree[][] = summands.map(() => []);
  const k: Tree[][] = summands.map(() => []);
  const results: TracedResult[] = [];
  let shared: SharedJacobian | null = null;
  for (let i = 0; i < summands[0]!.tableau.bSol.length; i++) {
    const stage = stageAt(start, i, f, k);
    const isShared = stage.diagonal !== null && solver.rootFinder.sharesJacobian === true;
    if (isShared && (shared === null || calculateJacobian === "everyStage"))
      shared = jacobianFor(start, () => jacobianOf(start, stage));
    const taken = takeStage(start, stage, shared?.known ?? null);
    if (shared !== null && taken.jacobian !== null) shared = { ...shared, known: taken.jacobian };
    for (const [p, of] of taken.f.entries()) f[p]!.push(of);
    for (const [p, of] of taken.k.entries()) k[p]!.push(of);
    results.push(taken.result);
  }
  const fLast = start.f0 === null ? null : f.map((of) => of.at(-1)!);
  return { k, fLast, kept: start.kept === null ? null : keep(shared!), results };
}

/** Stage `i`, from those before it. */
function stageAt(
  { summands, implicit, t0, t1, y0, args, f0 }: StageStart,
  i: number,
  f: readonly (readonly Tree[])[],
  k: readonly (readonly Tree[])[],
): Stage {
  const { term, tableau, control } = summands[implicit]!;
  const times = summands.map((summand) => stageTime(nodeOf(summand.tableau, i), t0, t1));
  const a = tableau.aDiagonal?.[i] ?? 0;
  const diagonal = a === 0 ? null : a;
  if (i === 0) {
    const guess = diagonal === null ? null : term.vfProd(t0, y0, args, control);
    return { times, partial: y0, diagonal, guess, fields: f0 };
  }
  const weights = summands.flatMap((summand) => summand.tableau.aLower[i - 1]!);
  const partial = addScaled(y0, weights, k.flat()); //                               y₀ + Σₚ Σⱼ aᵢⱼ kⱼ
  const α = tableau.aPredictor?.[i - 1] ?? [...Array.from({ length: i - 1 }, () => 0), 1];
  const guess = scaledSum(α, (f0 === null ? k : f)[implicit]!); //             Σⱼ αᵢⱼ kⱼ
  return { times, partial, diagonal, guess, fields: null };
}
