import { enter } from "./Contestant.mjs";
import { inNode, inPython } from "./peers.mjs";
import { median } from "./statistics.mjs";
import { stiffProblems } from "./stiffProblems.mjs";
import { printTable, ratio, time } from "./table.mjs";
import { timeCell, timeTo } from "./workPrecision.mjs";
import process from "node:process";

const tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
const targets = [1e-3, 1e-6];
const longest = 2e9; // who needs more nanoseconds than that is not asked for more digits

/** @type {(...args: string[]) => Pick<import("./peers.mjs").Peer, "command">} */
const ours = (...args) => inNode(false, "stiffOurs", ...args);
/** @type {typeof ours} */
const inTypeScript = (...args) => ({
  command: (problem) =>
    process.env["DIFF_GROK"] === undefined
      ? null
      : inNode(false, "diffGrok", ...args).command(problem),
});

/** Who takes part, by the name that the tables show. */
const peers = {
  "diffrax-ts, Kvaerno3": ours("Kvaerno3"),
  "diffrax-ts, Kvaerno4": ours("Kvaerno4"),
  "diffrax-ts, Kvaerno5": ours("Kvaerno5"),
  "diffrax-ts, Kvaerno3, diffrax072": ours("Kvaerno3:diffrax072"),
  "diffrax-ts, Kvaerno5, diffrax072": ours("Kvaerno5:diffrax072"),
  "JavaScript, Kvaerno3 by hand": inNode(false, "kvaerno3ByHand"),
  "diff-grok, CVODE": inTypeScript("CVODE"),
  "diff-grok, LSODA": inTypeScript("LSODA"),
  "SciPy, LSODA": { command: (problem) => inPython("scipy", "scipy_peer.py", problem, "LSODA") },
  "SciPy, Radau": { command: (problem) => inPython("scipy", "scipy_peer.py", problem, "Radau") },
  "Diffrax, Kvaerno3": {
    command: (problem) => inPython("diffrax", "diffrax_peer.py", problem, "Kvaerno3"),
  },
  "Diffrax, Kvaerno5": {
    command: (problem) => inPython("diffrax", "diffrax_peer.py", problem, "Kvaerno5"),
  },
};

/**
 * Stiff problems: work against precision.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function stiff(settings) {
  for (const key of Object.keys(stiffProblems))
    if (settings.problems.includes(key)) await stiffOn(key, settings);
}

/**
 * @typedef {object} Point
 * @property {number} tol The relative tolerance.
 * @property {number} error Infinite for a solve that failed.
 * @property {import("./Contestant.mjs").Answer} answer The first one.
 * @property {number[]} times Round by round.
 */

/**
 * @param {string} key
 * @param {import("./main.mjs").Settings} settings
 */
async function stiffOn(key, { rounds, milliseconds, clock }) {
  const problem = stiffProblems[key];
  console.log(`${problem.name}: max |y - exact| / (${problem.atol} + |exact|) at the end`);
  const contestants = enter(key, peers);
  /** @type {Map<string, Point[]>} */
  const curves = new Map();
  for (const [name, contestant] of contestants) {
    const curve = await curveOf(contestant, problem, milliseconds);
    if (curve.length > 0) curves.set(name, curve);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, tol] of tolerances.entries()) {
      for (const [name, curve] of curves) {
        if (curve[i] === undefined) continue;
        const answer = await contestants.get(name)?.ask(tol, milliseconds / 4);
        curve[i].times.push(answer?.[clock] ?? NaN);
      }
    }
  }
  for (const contestant of contestants.values()) contestant.leave();
  printTimes(curves);
  printCounts(curves);
}

/**
 * @param {import("./Contestant.mjs").Contestant} contestant
 * @param {import("./stiffProblems.mjs").StiffProblem} problem
 * @param {number} milliseconds
 */
async function curveOf(contestant, problem, milliseconds) {
  /** @type {Point[]} */
  const curve = [];
  for (const tol of tolerances) {
    let answer = await contestant.ask(tol, milliseconds);
    if (answer === null) break; // does not take this problem
    if (answer.ns > longest) answer = (await contestant.ask(tol, 0)) ?? answer; // now without compiling
    const error = answer.failed ? Infinity : errorOf(answer.y, problem);
    curve.push({ tol, error, answer, times: [] });
    if (answer.ns > longest) break;
  }
  return curve;
}

/** @type {(y: readonly number[], problem: import("./stiffProblems.mjs").StiffProblem) => number} */
function errorOf(y, { exact, watched, atol }) {
  return Math.max(
    ...exact.map((x, i) => Math.abs(y[watched?.[i] ?? i] - x) / (atol + Math.abs(x))),
  );
}

/** How long an error takes, whatever tolerance that takes, and over the best of ours. @param {Map<string, Point[]>} curves */
function printTimes(curves) {
  const all = [...curves].map(([name, points]) => {
    const curve = points
      .filter(({ error }) => Number.isFinite(error))
      .map(({ error, times }) => ({ error, ns: median(times) }));
    return { name, times: targets.map((target) => timeTo(target, curve)) };
  });
  const best = targets.map((_, i) =>
    Math.min(
      ...all
        .filter(({ name }) => name.startsWith("diffrax-ts"))
        .map((one) => one.times[i] ?? Infinity),
    ),
  );
  /** @type {(ns: number | null, i: number) => string[]} */
  const cells = (ns, i) => [
    timeCell(ns),
    ratio(ns === null || best[i] === Infinity ? null : ns / best[i]),
  ];
  printTable(
    ["", ...targets.flatMap((target) => [`to ${target}`, "to ours"])],
    all.map(({ name, times }) => [name, times.flatMap(cells)]),
  );
}

/** @param {Map<string, Point[]>} curves */
function printCounts(curves) {
  const counts = /** @type {const} */ (["steps", "rejected", "evaluations", "factorisations"]);
  const rows = [...curves].flatMap(([name, points]) =>
    points.map(({ tol, error, answer, times }) => [
      name,
      String(tol),
      Number.isFinite(error) ? error.toExponential(1) : "failed",
      time(median(times)),
      ...counts.map((count) => String(answer[count] ?? "")),
    ]),
  );
  printTable(["", "rtol", "error", "a solve", ...counts], rows);
}
