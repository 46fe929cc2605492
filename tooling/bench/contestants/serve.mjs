// One contestant with one problem in a process of its own: it answers each line `tolerance milliseconds` on
// its input with a line of JSON.
//
//   node serve.mjs lorenz typedArray
//   node serve.mjs lorenz ours traced
import { createInterface } from "node:readline";
import process from "node:process";
import { cpuMilliseconds } from "../clock.mjs";
import { problems } from "../problems.mjs";
import { stiffProblems } from "../stiffProblems.mjs";

/** @typedef {() => { steps: number, y: ArrayLike<number> } & Partial<Counts>} Solve Further counts are handed on. */
/** @typedef {Record<"rejected" | "evaluations" | "factorisations", number>} Counts */
/** @typedef {import("../problems.mjs").Problem & import("../stiffProblems.mjs").StiffProblem} Problem */
/** @typedef {(problem: Problem, tol: number, key: string, variant: string) => Solve | null | Promise<Solve | null>} Prepare */

const [key = "", who = "", variant = ""] = process.argv.slice(2);
/** @type {{ prepare: Prepare }} */
const contestant = await import(`./${who}.mjs`);
const problem = { ...problems, ...stiffProblems }[key];
/** @type {Map<number, Solve | null>} */
const prepared = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const [tol = 0, milliseconds = 0] = line.split(" ").map(Number);
  if (!prepared.has(tol)) prepared.set(tol, await contestant.prepare(problem, tol, key, variant));
  const solve = prepared.get(tol);
  console.log(JSON.stringify(solve ? timed(solve, milliseconds) : null));
}

/**
 * Solves again and again for about as long as was asked for, and at least once.
 *
 * @param {Solve} solve
 * @param {number} milliseconds
 */
function timed(solve, milliseconds) {
  const [start, cpuStart] = [performance.now(), cpuMilliseconds()];
  let [solves, elapsed] = [0, 0];
  let last;
  do {
    last = solve();
    solves++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  const cpu = cpuMilliseconds() - cpuStart;
  return {
    ns: (elapsed / solves) * 1e6,
    cpuNs: (cpu / solves) * 1e6,
    ...last,
    y: Array.from(last.y),
  };
}
