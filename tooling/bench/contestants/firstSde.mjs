// In a new process: how long this thread takes for the import, the first stochastic solve after it, and then solves of equations of forms never seen.
import process from "node:process";
import { cpuMilliseconds } from "../clock.mjs";

const start = cpuMilliseconds();
const {
  ControlTerm,
  diffeqsolve,
  DirectBrownianPath,
  Euler,
  Heun,
  MultiTerm,
  ODETerm,
  VirtualBrownianTree,
} = await import("@diffrax-ts/core");
const { key } = await import("@diffrax-ts/random");
const imported = cpuMilliseconds() - start;

const paths = [
  (shape) => VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape, key: key(0) }),
  (shape) => DirectBrownianPath({ shape, key: key(0) }),
];
const times = Array.from({ length: 20 }, (_, i) => {
  const isPair = i % 4 > 1;
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- what is new has to be made
  const make = (/** @type {string[]} */ ...code) => new Function(...code);
  const drift = isPair
    ? make("t", "[x, v]", "a", `return [v, -a * x - v / ${i + 2}]`)
    : make("t", "y", "a", `return -a * y / ${i + 2}`);
  const diffusion = isPair
    ? make("t", "[x, v]", "a", `return [x / ${i + 3}, a * v]`)
    : make("t", "y", "a", `return a / ${i + 3}`);
  const solver = i % 3 === 0 ? Euler() : Heun();
  const y0 = isPair ? Float64Array.of(1, 0) : 1;
  const before = cpuMilliseconds();
  const path = paths[i % 2](isPair ? [2] : []);
  diffeqsolve(MultiTerm(ODETerm(drift), ControlTerm(diffusion, path)), solver, {
    t0: 0,
    t1: 1,
    dt0: 0.01,
    y0,
    args: 2,
  });
  return cpuMilliseconds() - before;
});
process.stdout.write(JSON.stringify({ import: imported, times }));
