// What two builds are compared by. Every case is a function and its arguments, which can be called and also traced.
import { diffeqsolve, grad, jit, np, Tsit5, vmap } from "@diffrax-ts/core";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import { explicitRungeKutta } from "@diffrax-ts/solvers";
import { optionsOf, plainFields, tracedFields } from "./contestants/ours.mjs";
import { lorenzArgs, lorenzEnd } from "./gradients.mjs";
import { networks, trainingOf } from "./networks.mjs";
import { problems } from "./problems.mjs";

/** @typedef {readonly [f: (...args: any[]) => unknown, ...args: unknown[]]} Case */

const { lorenz } = plainFields;
const solver = Tsit5();
const ofLorenz = { t0: 0, dt0: 0.01, args: lorenzArgs };

/** @type {Record<string, () => Case>} */
export const cases = {
  ...Object.fromEntries(
    Object.entries({ plain: plainFields, traced: tracedFields }).flatMap(([writing, fields]) =>
      Object.entries(fields).map(([key, field]) => [
        `${problems[key].name}, ${writing}`,
        () => solveOf(field, key),
      ]),
    ),
  ),
  "call with t0 = t1": () => [
    (y0) => diffeqsolve(lorenz, solver, { ...ofLorenz, t1: 0, y0 }).ys,
    [1, 1, 1],
  ],
  "call with t0 = t1, jitted": () => [
    jit((y0) => diffeqsolve(lorenz, solver, { ...ofLorenz, t1: 0, y0 }).ys),
    [1, 1, 1],
  ],
  "10 000 rows saved": () => saving((f) => f),
  "10 000 rows saved, jitted": () => saving(jit),
  "gradient of Lorenz, t = 1": () => [grad(lorenzEnd(1)), lorenzArgs],
  "gradient of Lorenz, t = 10": () => [grad(lorenzEnd(10)), lorenzArgs],
  "gradient of Lorenz, t = 10, no limit": () => [
    grad(lorenzEnd(10, { maxSteps: null })),
    lorenzArgs,
  ],
  "Lorenz, t = 10, jitted": () => [jit(lorenzEnd(10)), lorenzArgs],
  "Lorenz-96, end of the solve": () => lorenz96End(jit),
  "gradient of Lorenz-96": () => lorenz96End(grad),
  "MLP, batched state": () => network("a batched state", jit),
  "MLP, batched state, gradient": () => network("a batched state", grad),
  "MLP, batched state, float32": () => network("a batched state", jit, "float32"),
  "MLP, batched state, float32, gradient": () => network("a batched state", grad, "float32"),
  "MLP, batched state, fma": () =>
    network(
      "a batched state",
      withFma((f) => f),
    ),
  "MLP, batched state, gradient, fma": () => network("a batched state", withFma(grad)),
  "MLP, vmap of solves": () => network("a vmap of solves", jit),
  "MLP, vmap of solves, gradient": () => network("a vmap of solves", grad),
  "vmap of 1000 Lorenz, t = 1": () => [
    vmap(
      (y0) =>
        diffeqsolve(lorenz, solver, { ...optionsOf(lorenz, 1e-6, "lorenz"), t1: 1, y0: [y0, 1, 1] })
          .ys,
    ),
    Float64Array.from({ length: 1000 }, (_, i) => 1 + i / 1000),
  ],
  "vmap of 1000 Lorenz, t = 1, 1e-8": () => manyLorenz(1000),
  "vmap of 100 000 Lorenz, t = 1, 1e-8": () => manyLorenz(100_000),
  "vmap of 10 000 Lorenz, Runge–Kutta 4, 1000 steps": () => [
    vmap(
      (x) => diffeqsolve(lorenz, rungeKutta4, { ...ofLorenz, t1: 1, dt0: 1e-3, y0: [x, 1, 1] }).ys,
    ),
    starts(10_000),
  ],
  "training of a neural ODE": () => [trainingOf("float64")],
  "training of a neural ODE, float32": () => [trainingOf("float32")],
  "first solve of a new function": () => [
    firstSolve(`x * (rho - z) - y, x * y - beta * z`),
    [1, 1, 1],
  ],
  "first solve of a new function, long": () => [
    firstSolve(`x * (rho - z) - y, ${"Math.sin(x * y) - ".repeat(60)} beta * z`),
    [1, 1, 1],
  ],
};

const rungeKutta4 = explicitRungeKutta(
  "bench/RungeKutta4",
  {
    source: "Kutta (1901)",
    order: 4,
    embeddedOrder: 1,
    c: [1 / 2, 1 / 2, 1],
    aLower: [[1 / 2], [0, 1 / 2], [0, 0, 1]],
    bSol: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    bError: [1 / 6 - 1, 1 / 3, 1 / 3, 1 / 6],
  },
  localLinearInterpolation,
);

/** @param {number} n */
const starts = (n) => Float64Array.from({ length: n }, (_, i) => 1 + i / n);

/** @type {(n: number) => Case} */
function manyLorenz(n) {
  const options = { ...optionsOf(lorenz, 1e-8, "lorenz"), t1: 1 };
  return [vmap((x) => diffeqsolve(lorenz, solver, { ...options, y0: [x, 1, 1] }).ys), starts(n)];
}

/** @type {(transform: any) => Case} */
function lorenz96End(transform) {
  const { y0, ...options } = optionsOf(plainFields.lorenz96, 1e-6, "lorenz96");
  const end = (start) =>
    np.sum(diffeqsolve(plainFields.lorenz96, solver, { ...options, maxSteps: 4096, y0: start }).ys);
  return [transform(end), y0];
}

/** @type {(field: any, key: string) => Case} */
function solveOf(field, key) {
  const { y0, ...options } = optionsOf(field, problems[key].tol, key);
  return [(start) => diffeqsolve(field, solver, { ...options, y0: start }).ys, y0];
}

/** @type {(transform: any) => Case} */
function saving(transform) {
  const options = { ...ofLorenz, t1: 10, dt0: 1e-3, saveat: { steps: true }, maxSteps: 10_008 };
  return [transform((y0) => diffeqsolve(lorenz, solver, { ...options, y0 }).ys), [1, 1, 1]];
}

/** A build that does not know the option leaves it out. @type {(transform: any) => any} */
const withFma = (transform) => (f) => jit(transform(f), { fma: true });

/** @type {(which: "a batched state" | "a vmap of solves", transform: any, dtype?: "float64" | "float32") => Case} */
function network(which, transform, dtype = "float64") {
  const { layers, losses } = networks(dtype);
  return [transform(losses[which]), layers];
}

/** Reads, compiles and solves a function whose text was never seen before, at every call another one. */
function firstSolve(rest) {
  let count = 0;
  return (y0) => {
    const body = `return [sigma * (y - x) / ${++count}, ${rest}]`;
    // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- what is new has to be made
    const field = new Function("t", "[x, y, z]", "[sigma, rho, beta]", body);
    return diffeqsolve(field, solver, { ...ofLorenz, t1: 0.01, y0 }).ys;
  };
}
