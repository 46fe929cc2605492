import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { diffeqsolve, grad, jit, PIDController, Tsit5 } from "@diffrax-ts/core";
import { measure } from "./measure.mjs";
import { ofNetworks } from "./networks.mjs";
import { median } from "./statistics.mjs";
import { printTable, ratio, time } from "./table.mjs";

const tight = PIDController({ rtol: 1e-8, atol: 1e-8 });
const processes = 15;

/**
 * Gradients through solves: how long the first one takes, and how many times a forward pass.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function gradients(settings) {
  inNewProcesses();
  ofNewFunctions();
  ofLorenz(settings);
  ofNetworks(settings);
}

/** @type {(t1: number, options?: object) => (args: any) => any} */
export const lorenzEnd =
  (t1, options = {}) =>
  (args) => {
    const field = (t, [x, y, z], [a, b, c]) => [a * (y - x), x * (b - z) - y, x * y - c * z];
    const start = { t0: 0, t1, dt0: 0.01, y0: [1, 1, 1], args };
    const { ys } = diffeqsolve(field, Tsit5(), { ...start, stepsizeController: tight, ...options });
    return ys[0].at(0).add(ys[1].at(0)).add(ys[2].at(0));
  };
export const lorenzArgs = [10, 28, 8 / 3];

function inNewProcesses() {
  const first = fileURLToPath(new URL("contestants/firstGradient.mjs", import.meta.url));
  const readings = Array.from({ length: processes + 1 }, () => {
    const { status, stdout } = spawnSync(process.execPath, [first], { encoding: "utf8" });
    if (status !== 0) throw new Error("bench: a gradient failed in a process of its own");
    return JSON.parse(stdout);
  }).slice(1); // the first one fills the caches of the disk
  printTable(
    [`First gradient of Lorenz, t = 1, in a new process (${processes})`, "median", "least"],
    ["start", "import", "gradient"].map((part) => {
      const all = readings.map((one) => one[part] * 1e6);
      return [part === "start" ? "Node itself" : part, time(median(all)), time(Math.min(...all))];
    }),
  );
}

/** Functions of a text never seen before, in a process that has seen others. */
function ofNewFunctions() {
  const times = Array.from({ length: 150 }, (_, i) => {
    // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- what is new has to be made
    const field = new Function(
      "t",
      "[x, y, z]",
      "[a, b, c]",
      `return [a * (y - x) * ${i + 2} / ${i + 2}, x * (b - z) - y, x * y - c * z]`,
    );
    const end = (args) =>
      diffeqsolve(field, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.01,
        y0: [1, 1, 1],
        args,
        stepsizeController: tight,
      }).ys[0].at(0);
    const start = performance.now();
    grad(end)(lorenzArgs);
    return (performance.now() - start) * 1e6;
  });
  const parts = {
    "2nd to 10th": times.slice(1, 10),
    "11th to 50th": times.slice(10, 50),
    "51st to 150th": times.slice(50),
  };
  printTable(
    ["The first gradient of a new function", "median", "least"],
    Object.entries(parts).map(([which, some]) => [
      which,
      time(median(some)),
      time(Math.min(...some)),
    ]),
  );
}

/** @param {import("./main.mjs").Settings} settings */
function ofLorenz(settings) {
  const rows = [1, 10].map((t1) => {
    const forward = jit(lorenzEnd(t1));
    const backward = grad(lorenzEnd(t1));
    const few = grad(lorenzEnd(t1, { maxSteps: null }));
    const times = measure(settings, {
      forward: () => forward(lorenzArgs),
      gradient: () => backward(lorenzArgs),
      "without a limit": () => few(lorenzArgs),
    });
    const [once, ...others] = times.values();
    return [`Lorenz, t = ${t1}`, time(once), others.map((ns) => [time(ns), ratio(ns / once)])].flat(
      2,
    );
  });
  const head = ["Gradient, warm", "forward", "gradient", "", "maxSteps: null", ""];
  printTable(head, rows);
}
