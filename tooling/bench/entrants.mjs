import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { onOneCore } from "./builds.mjs";
import { Contestant } from "./Contestant.mjs";
import { compiled, inPython, native } from "./peers.mjs";
import { difference } from "./statistics.mjs";
import { timeTo } from "./workPrecision.mjs";

/**
 * Who is asked for times, on one core like everybody.
 *
 * @typedef {Pick<Contestant, "ask" | "leave">} Entrant
 */

/** @param {readonly string[] | null} command @returns {Entrant | null} */
const start = (command) =>
  command === null ? null : new Contestant(...onOneCore(command.slice(1), command[0]));

/** @param {string[]} args Of serve.mjs. */
export const serve = (...args) => start([process.execPath, "serve.mjs", ...args]);

/** @param {string} name One of cases.mjs. */
export const aCase = (name) => serve(name, "case");

/** On all cores. @param {number | "none"} workers @returns {Entrant} */
export const inThreads = (workers) =>
  new Contestant(process.execPath, ["threads.mjs", String(workers)]);

/** @param {string} source @param {string[]} defined */
export const inC = (source, ...defined) =>
  start(compiled(source, [...native, ...defined.map((one) => `-D${one}`)]));

/** @param {string} problem @param {string} method */
export function inBoost(problem, method) {
  const command = compiled("odeint.cpp", [...native, `-D${problem}`]);
  return start(command && [...command, method]);
}

/** @param {string[]} args */
export const inDiffrax = (...args) => start(inPython("diffrax", "batch_peer.py", ...args));

/** What a script says of its first time, in a process that is new each time. @param {string[]} args @returns {Entrant} */
export function inNewProcesses(...args) {
  const cwd = fileURLToPath(new URL("contestants", import.meta.url));
  return {
    ask: async () => {
      const { stdout, stderr } = spawnSync(...onOneCore(args), { cwd, encoding: "utf8" });
      if (stdout === "") throw new Error(`bench: ${args.join(" ")}: ${stderr}`);
      return JSON.parse(stdout);
    },
    leave: () => {},
  };
}

const tolerances = Array.from({ length: 10 }, (_, i) => 10 ** (-3 - i));

/**
 * The method that is as accurate as wanted soonest, whatever tolerance that takes: the time is on the line, in logarithms, between the
 * two tolerances whose errors are nearest.
 *
 * @param {string} problem
 * @param {number} target `max |y - exact| / (1 + |exact|)` at the end.
 * @param {readonly (Entrant | null)[]} methods
 * @returns {Entrant | null}
 */
export function soonest(problem, target, methods) {
  const all = methods.filter((method) => method !== null);
  if (all.length === 0) return null;
  /** @type {{ method: Entrant, points: { tol: number, error: number }[] }[] | undefined} */
  let between;
  return {
    ask: async (_tol, milliseconds) => {
      between ??= await Promise.all(
        all.map(async (method) => ({ method, points: await around(method, problem, target) })),
      );
      const answers = [];
      for (const { method, points } of between) {
        const curves = { ns: [], cpuNs: [] };
        for (const { tol, error } of points) {
          const answer = await method.ask(tol, milliseconds);
          for (const clock of ["ns", "cpuNs"]) curves[clock].push({ error, ns: answer?.[clock] });
        }
        const [ns, cpuNs] = [curves.ns, curves.cpuNs].map((one) => timeTo(target, one));
        if (ns !== null) answers.push({ ns, cpuNs, steps: 0, y: [] });
      }
      return answers.reduce((best, one) => (one.ns < best.ns ? one : best));
    },
    leave: () => {
      for (const method of all) method.leave();
    },
  };
}

/** The two tolerances between which a method reaches the target; none if it does not. */
async function around(method, problem, target) {
  const exact = await endOf(problem);
  let before;
  for (const tol of tolerances) {
    const answer = await method.ask(tol, 0);
    const here = { tol, error: difference(answer?.y ?? [NaN], exact) };
    if (here.error <= target) return before === undefined ? [here] : [before, here];
    before = here;
  }
  return [];
}

/** @type {Map<string, Promise<ArrayLike<number>>>} */
const ends = new Map();

/** By `Dopri8` at 1e-13. @param {string} problem */
function endOf(problem) {
  const known = ends.get(problem);
  if (known !== undefined) return known;
  const judge = serve(problem, "ours", "dopri8");
  const end = judge.ask(1e-13, 0).then((answer) => answer?.y ?? []);
  void end.finally(() => judge.leave());
  ends.set(problem, end);
  return end;
}
