// 100 000 solves of Lorenz in threads: in so many workers, or by vmap in this one. The answer is the best of all calls since the last one:
// others use the cores too.
//
//   node threads.mjs 2
//   node threads.mjs none
import { createInterface } from "node:readline";
import process from "node:process";
import { diffeqsolve, Tsit5, vmap } from "@diffrax-ts/core";
import { Ensemble } from "@diffrax-ts/ensemble";
import { optionsOf, plainFields } from "./ours.mjs";

const { lorenz } = plainFields;
const solver = Tsit5();
const options = { ...optionsOf(lorenz, 1e-8, "lorenz"), t1: 1 };
const end = (x) => diffeqsolve(lorenz, solver, { ...options, y0: [x, 1, 1] }).ys;
const starts = Float64Array.from({ length: 100_000 }, (_, i) => 1 + i / 100_000);

const [workers = "none"] = process.argv.slice(2);
const run = workers === "none" ? vmap(end) : Ensemble({ workers: Number(workers) }).vmap(end);

for await (const line of createInterface({ input: process.stdin })) {
  const [, milliseconds = 0] = line.split(" ").map(Number);
  const begun = performance.now();
  let best = { ns: Infinity, cpuNs: Infinity };
  do {
    const [start, cpuStart] = [performance.now(), process.cpuUsage()];
    await run(starts);
    const { user, system } = process.cpuUsage(cpuStart);
    const ns = (performance.now() - start) * 1e6;
    best = { ns: Math.min(best.ns, ns), cpuNs: Math.min(best.cpuNs, (user + system) * 1000) };
  } while (performance.now() - begun < milliseconds);
  console.log(JSON.stringify({ ...best, steps: 1, y: [] }));
}
