import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import {
  ControlTerm,
  diffeqsolve,
  DirectBrownianPath,
  Euler,
  grad,
  jit,
  MultiTerm,
  np,
  ODETerm,
  UnsafeBrownianPath,
  VirtualBrownianTree,
  vmap,
} from "@diffrax-ts/core";
import { bits, key, normal, split } from "@diffrax-ts/random";
import { Contestant } from "./Contestant.mjs";
import { geometric, geometricByBoxMuller, ornsteinUhlenbeck } from "./contestants/sdeByHand.mjs";
import { compiled, inPython } from "./peers.mjs";
import { measure } from "./measure.mjs";
import { median } from "./statistics.mjs";
import { printTable, ratio, time } from "./table.mjs";

const dt = 0.01;
/** Many, so that no branch is foreseen because it was seen before. */
const keys = Array.from({ length: 64 }, (_, i) => key(i));
const numberOfPaths = 100_000;
const processes = 15;

/** @type {Record<string, (key: any, t1: number) => any>} */
const paths = {
  DirectBrownianPath: (k) => DirectBrownianPath({ shape: [], key: k }),
  UnsafeBrownianPath: (k) => UnsafeBrownianPath({ shape: [], key: k }),
  VirtualBrownianTree: (k, t1) => VirtualBrownianTree({ t0: 0, t1, tol: 1e-3, shape: [], key: k }),
};

/**
 * Stochastic equations: one path, many paths, random numbers, gradients, first solves.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function sde(settings) {
  await onePath(settings);
  await manyPaths(settings);
  await randomNumbers(settings);
  gradients(settings);
  firstSolves();
}

const drift = ODETerm((t, y) => -y);
const noise = () => 0.2;
const ouTerms = (path) => MultiTerm(drift, ControlTerm(noise, path));
const growth = ODETerm((t, y) => 0.05 * y);
const spread = (t, y) => 0.2 * y;
const gbmTerms = (path) => MultiTerm(growth, ControlTerm(spread, path));
const euler = Euler();

/** Calls with another key each time. @template K, T @param {readonly K[]} list @param {(k: K) => T} f */
function inTurn(list, f) {
  let next = 0;
  return () => f(list[next++ % list.length]);
}

/** @param {import("./main.mjs").Settings} settings */
async function onePath(settings) {
  for (const steps of [100, 1000]) {
    const t1 = steps * dt;
    const options = { t0: 0, t1, dt0: dt, y0: 1 };
    const words = keys.map((k) => [0, k.data[1]]);
    /** @type {Record<string, () => unknown>} */
    const cases = {
      "JavaScript by hand, the same numbers": inTurn(words, (k) => ornsteinUhlenbeck(k, steps, dt)),
    };
    for (const [name, path] of Object.entries(paths)) {
      const solve = (k) => diffeqsolve(ouTerms(path(k, t1)), euler, options).ys.at(0);
      const terms = keys.map((k) => ouTerms(path(k, t1)));
      cases[`${name}, jitted`] = inTurn(keys, jit(solve));
      cases[`${name}, diffeqsolve`] = inTurn(terms, (one) => diffeqsolve(one, euler, options));
    }
    const peers = {
      "Diffrax, VirtualBrownianTree": ["ou", "tree", String(steps)],
      "Diffrax, UnsafeBrownianPath": ["ou", "unsafe", String(steps)],
    };
    const own = ornsteinUhlenbeck([0, 5], steps, dt);
    const error = Math.abs(
      jit((k) => diffeqsolve(ouTerms(paths.DirectBrownianPath(k)), euler, options).ys.at(0))(
        key(5),
      ).item() /
        own -
        1,
    );
    if (error > 1e-12) throw new Error(`bench: the loop by hand draws other numbers: ${error}`);
    const times = await withPeers(settings, cases, peers);
    printRatios(`Ornstein–Uhlenbeck, Euler, ${steps} steps`, times, steps);
  }
}

/** @param {import("./main.mjs").Settings} settings */
async function manyPaths(settings) {
  const once = { ...settings, milliseconds: 1 };
  const steps = 100;
  const options = { t0: 0, t1: 1, dt0: dt, y0: 1 };
  /** @type {(name: string, all: unknown) => () => unknown} */
  const ours = (name, all) => {
    const path = paths[name];
    const solve = jit(vmap((k) => diffeqsolve(gbmTerms(path(k, 1)), euler, options).ys.at(0)));
    return () => solve(all);
  };
  const all = split(key(1), numberOfPaths);
  const words = Uint32Array.from(np.reshape(all, [2 * numberOfPaths]).data);
  const direct = await withPeers(
    once,
    {
      "JavaScript by hand, the same numbers": () => geometric(words, steps, dt),
      "JavaScript by hand, Math.random, Box–Muller": () =>
        geometricByBoxMuller(numberOfPaths, steps, dt),
      DirectBrownianPath: ours("DirectBrownianPath", all),
      UnsafeBrownianPath: ours("UnsafeBrownianPath", all),
    },
    { "Diffrax, UnsafeBrownianPath": ["gbm", "unsafe", String(numberOfPaths)] },
  );
  const title = (/** @type {number} */ n) =>
    `${n} paths of geometric Brownian motion, a path and step`;
  printRatios(title(numberOfPaths), direct, steps * numberOfPaths);
  const fewer = numberOfPaths / 20;
  const trees = await withPeers(
    once,
    { VirtualBrownianTree: ours("VirtualBrownianTree", split(key(1), fewer)) },
    { "Diffrax, VirtualBrownianTree": ["gbm", "tree", String(fewer)] },
  );
  printRatios(title(fewer), trees, steps * fewer);
}

/** @param {import("./main.mjs").Settings} settings */
async function randomNumbers(settings) {
  const n = 4096;
  const cases = {
    "bits: a Threefry block": inTurn(
      keys,
      jit((k) => bits(k, [n])),
    ),
    "normal, float64": inTurn(
      keys,
      jit((k) => normal(k, [n])),
    ),
    "normal, float32": inTurn(
      keys,
      jit((k) => normal(k, [n], { dtype: "float32" })),
    ),
  };
  const command = compiled("threefry.c", ["-O3", "-msse4.2"]);
  const inC = command === null ? {} : { "C -O3 -msse4.2, Threefry blocks": command };
  const times = await withCommands(settings, cases, inC);
  printRatios(`${n} random numbers, each`, times, n);
}

/** @param {import("./main.mjs").Settings} settings */
function gradients(settings) {
  const rows = Object.entries(paths).map(([name, path]) => {
    const end = (y0, k) =>
      diffeqsolve(gbmTerms(path(k, 1)), euler, { t0: 0, t1: 1, dt0: dt, y0 }).ys.at(0);
    const [forward, backward] = [jit(end), grad(end)];
    const times = measure(settings, {
      forward: inTurn(keys, (k) => forward(1, k)),
      gradient: inTurn(keys, (k) => backward(1, k)),
    });
    const [once, twice] = times.values();
    return [name, time(once), time(twice), ratio(twice / once)];
  });
  printTable(["Gradient through 100 steps", "forward", "gradient", ""], rows);
}

function firstSolves() {
  const first = fileURLToPath(new URL("contestants/firstSde.mjs", import.meta.url));
  const readings = Array.from({ length: processes + 1 }, () => {
    const { status, stdout } = spawnSync(process.execPath, [first], { encoding: "utf8" });
    if (status !== 0) throw new Error("bench: a stochastic solve failed in a process of its own");
    return JSON.parse(stdout);
  }).slice(1); // the first one fills the caches of the disk
  const parts = {
    import: ({ import: imported }) => imported,
    "the first solve": ({ times }) => times[0],
    "the 2nd to 5th, of new forms": ({ times }) => median(times.slice(1, 5)),
    "the 11th to 20th, of new forms": ({ times }) => median(times.slice(10)),
  };
  printTable(
    [`Stochastic solves in new processes (${processes})`, "median", "least"],
    Object.entries(parts).map(([name, part]) => {
      const all = readings.map((one) => part(one) * 1e6);
      return [name, time(median(all)), time(Math.min(...all))];
    }),
  );
}

/**
 * @param {import("./main.mjs").Settings} settings
 * @param {Record<string, () => unknown>} cases
 * @param {Record<string, string[]>} peers
 */
async function withPeers(settings, cases, peers) {
  /** @type {Record<string, string[]>} */
  const commands = {};
  for (const [name, args] of Object.entries(peers)) {
    const command = inPython("diffrax", "sde_peer.py", ...args);
    if (command !== null) commands[name] = command;
  }
  return withCommands(settings, cases, commands);
}

/** Everybody has a turn in every round; of all the least, as others may keep the machine busy. @returns {Promise<Map<string, number>>} */
async function withCommands(settings, cases, commands) {
  const others = Object.entries(commands).map(
    ([name, command]) =>
      /** @type {const} */ ([name, new Contestant(command[0], command.slice(1))]),
  );
  const times = new Map(
    [...Object.keys(cases), ...Object.keys(commands)].map((name) => [name, []]),
  );
  for (const [, contestant] of others) await contestant.ask(0, 0); // compiles
  for (let round = 0; round < settings.rounds; round++) {
    const each = measure({ ...settings, rounds: 1 }, cases);
    for (const [name, ns] of each) times.get(name).push(ns);
    for (const [name, contestant] of others)
      times.get(name).push((await contestant.ask(0, settings.milliseconds))[settings.clock]);
  }
  for (const [, contestant] of others) contestant.leave();
  return new Map([...times].map(([name, all]) => [name, Math.min(...all)]));
}

/** By the first one, and each by the number of what it makes. */
function printRatios(title, times, per) {
  const base = times.values().next().value;
  printTable(
    [title, "a call", "each", "to the first"],
    [...times].map(([name, ns]) => [name, time(ns), time(ns / per), ratio(ns / base)]),
  );
}
