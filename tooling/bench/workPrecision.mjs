import { enter } from "./Contestant.mjs";
import { peers } from "./peers.mjs";
import { problems } from "./problems.mjs";
import { difference, median } from "./statistics.mjs";
import { printTable, time } from "./table.mjs";

const tolerances = [1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11];
const targets = [1e-3, 1e-6, 1e-9];
const smooth = ["lorenz10", "lotkaVolterra", "pleiades"];
const finest = 1e-13;
const judge = "diffrax-ts, Dopri8";
const witness = "odex";

/**
 * How long it takes to be as accurate as wanted, whatever tolerance that takes.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function workPrecision(settings) {
  for (const key of smooth)
    if (settings.problems.includes(key)) await workPrecisionOf(key, settings);
}

/**
 * @param {string} key
 * @param {import("./main.mjs").Settings} settings
 */
async function workPrecisionOf(key, { rounds, milliseconds, clock }) {
  const who = Object.fromEntries(
    Object.entries(peers).filter(([name]) => !/traced|callback|arrays/.test(name)),
  );
  const contestants = enter(key, who);
  const truth = (await contestants.get(judge)?.ask(finest, 0))?.y ?? [];
  const doubt = difference((await contestants.get(witness)?.ask(finest, 0))?.y ?? [], truth);
  console.log(
    `${problems[key].name}: time to an error, max |y - exact| / (1 + |exact|), at the end`,
  );
  console.log(
    `  (exact: Dopri8 at ${finest}; odex at ${finest} differs by ${doubt.toExponential(0)})\n`,
  );

  const rows = [];
  /** @type {Map<string, { error: number, times: number[] }[]>} */
  const points = new Map();
  for (const [name, contestant] of contestants) {
    const all = [];
    for (const tol of tolerances) {
      const answer = await contestant.ask(tol, milliseconds);
      if (answer !== null) all.push({ error: difference(answer.y, truth), times: [] });
    }
    if (all.length > 0) points.set(name, all);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, tol] of tolerances.entries()) {
      for (const [name, all] of points) {
        all[i].times.push(
          (await contestants.get(name)?.ask(tol, milliseconds / 4))?.[clock] ?? NaN,
        );
      }
    }
  }
  for (const [name, all] of points) {
    const curve = all.map(({ error, times }) => ({ error, ns: median(times) }));
    const cells = curve.map(({ error, ns }) => `${time(ns)} ${error.toExponential(0)}`);
    rows.push([name, ...targets.map((target) => timeCell(timeTo(target, curve))), ...cells]);
  }
  for (const contestant of contestants.values()) contestant.leave();
  printTable(["", ...targets.map((x) => `to ${x}`), ...tolerances.map((x) => `tol ${x}`)], rows);
}

/**
 * On the line, in logarithms, between the tolerances that come out nearest, or at the first one if that is accurate enough; `null` if
 * none is.
 *
 * @param {number} target
 * @param {readonly { error: number, ns: number }[]} curve
 */
export function timeTo(target, curve) {
  if (curve.length > 0 && curve[0].error <= target) return curve[0].ns;
  for (let i = 1; i < curve.length; i++) {
    const [from, to] = [curve[i - 1], curve[i]];
    if (from.error < target || to.error > target) continue;
    const share = Math.log(from.error / target) / Math.log(from.error / to.error);
    return from.ns * (to.ns / from.ns) ** share;
  }
  return null;
}

/** @param {number | null} ns */
export function timeCell(ns) {
  return ns === null ? "-" : time(ns);
}
