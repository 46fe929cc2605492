import { diffeqsolve, jit, noinline, scan, Tsit5 } from "@diffrax-ts/core";
import { plainFields, solveWith } from "./contestants/ours.mjs";
import { measure } from "./measure.mjs";
import { problems } from "./problems.mjs";
import { median } from "./statistics.mjs";
import { printTable, ratio, time } from "./table.mjs";

const { lorenz } = plainFields;
const y0 = [1, 1, 1];
const args = [10, 28, 8 / 3];
const solver = Tsit5();

/**
 * What does not depend on the steps: calls, saving, new functions.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function details(settings) {
  calls(settings);
  saving(settings);
  newFunctions();
  outOfLine(settings);
}

/** @param {import("./main.mjs").Settings} settings */
function calls(settings) {
  /** @type {(field: unknown, t1: unknown, from?: unknown) => any} */
  const solve = (field, t1, from = y0) =>
    diffeqsolve(field, solver, { t0: 0, t1, dt0: 0.01, y0: from, args });
  const inJit = jit((t1, from) => solve(lorenz, t1, from).ys);
  const inScan = jit((t1, from) => {
    const turn = (y) => ({ carry: solve(lorenz, t1, y).ys.map((x) => x.at(0)), row: null });
    return scan(turn, from, null, { length: 1000 }).carry;
  });
  const nothing = jit((t1, from) => from);
  const table = measure(settings, {
    "a solve with t0 = t1": () => solve(lorenz, 0),
    "the same, with the field written in place": () =>
      solve((t, [x, y, z], [a, b, c]) => [a * (y - x), x * (b - z) - y, x * y - c * z], 0),
    "a jitted function of one such solve": () => inJit(0, y0),
    "a jitted function that returns its input": () => nothing(0, y0),
    "1000 such solves in a jitted scan, each": [() => inScan(0, y0), 1000],
  });
  printTable(
    ["Warm calls", "each"],
    [...table].map(([what, ns]) => [what, time(ns)]),
  );
}

/** @param {import("./main.mjs").Settings} settings */
function saving(settings) {
  const dt0 = 1e-3;
  /** @type {(rows: number, saveat: object, maxSteps: number | null, from?: unknown) => any} */
  const solve = (rows, saveat, maxSteps, from = y0) =>
    diffeqsolve(lorenz, solver, { t0: 0, t1: rows * dt0, dt0, y0: from, args, saveat, maxSteps });
  const steps = { steps: true };
  const rows = [1e3, 1e6].map((n) => {
    const saved = jit((from) => solve(n, steps, n + 8, from).ys.map((y) => y.at(0)));
    const unsaved = jit((from) => solve(n, { t1: true }, n + 8, from).ys);
    const table = measure(settings, {
      jitted: [() => saved(y0), n],
      "jitted, nothing saved": [() => unsaved(y0), n],
      "at top level": [() => solve(n, steps, null), n],
      "at top level, nothing saved": [() => solve(n, { t1: true }, null), n],
    });
    return [n.toExponential(0), [...table.values()].map(time)];
  });
  const head = [
    "Rows saved",
    "jitted, a step",
    "nothing saved",
    "top level, a step",
    "nothing saved",
  ];
  printTable(head, rows);
}

/** Functions of a text never seen before, in a process that has seen others. */
function newFunctions() {
  const times = Array.from({ length: 100 }, (_, i) => {
    // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- what is new has to be made
    const field = new Function(
      "t",
      "[prey, predator]",
      `return [prey / ${i + 2} - prey * predator, prey * predator - predator]`,
    );
    const start = performance.now();
    diffeqsolve(field, solver, { t0: 0, t1: 1, dt0: 0.1, y0: [1, 1] });
    return (performance.now() - start) * 1e6;
  });
  const parts = {
    "the 2nd": times.slice(1, 2),
    "2nd to 10th": times.slice(1, 10),
    "11th to 30th": times.slice(10, 30),
    "31st to 100th": times.slice(30),
  };
  printTable(
    ["The first solve of a new function of one form, in a process that is warm", "median", "worst"],
    Object.entries(parts).map(([which, some]) => [
      which,
      time(median(some)),
      time(Math.max(...some)),
    ]),
  );
}

/** @param {import("./main.mjs").Settings} settings */
function outOfLine(settings) {
  const rows = ["lorenz10", "pleiades"].map((key) => {
    const { name, tol } = problems[key];
    const first = [];
    const solves = [plainFields[key], noinline(plainFields[key])].map((field) => {
      const solve = solveWith(field, tol, key);
      const start = performance.now();
      solve();
      first.push((performance.now() - start) * 1e6);
      return solve;
    });
    const table = measure(settings, { inline: solves[0], noinline: solves[1] });
    const [inline, out] = table.values();
    return [name, first.map(time), time(inline), time(out), ratio(out / inline)];
  });
  printTable(["noinline", "first solve", "with noinline", "warm", "with noinline", "ratio"], rows);
}
