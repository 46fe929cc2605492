// The rows of docs/benchmarks.md: what is compared, with whom, and how many times their time it may take.
import { hasFma } from "@diffrax-ts/core";
import {
  aCase,
  inBoost,
  inC,
  inDiffrax,
  inNewProcesses,
  inThreads,
  serve,
  soonest,
} from "./entrants.mjs";
import { problems } from "./problems.mjs";

/** @typedef {import("./entrants.mjs").Entrant} Entrant */

/**
 * @typedef {object} Row
 * @property {string} what What is measured.
 * @property {string} against Whom it is compared with.
 * @property {number | null} atMost The ratio; `null` where there is only something to be stated.
 * @property {() => Entrant | null} ours `null` where this machine, or this build, lacks something.
 * @property {() => Entrant | null} theirs The same for the others.
 * @property {number} [tol] The tolerance.
 * @property {readonly [ours: number, theirs: number]} [parts] What one step of each consists of: the time is that of a part.
 * @property {boolean} [isBytes] A part is a byte.
 * @property {boolean} [isBest] The best of each is compared, for others use the cores too.
 */

const c = "C `-O3 -march=native`";
const diffrax = "Diffrax on one core";
const mlp = "MLP 2-64-64-2, tanh, batch 256";

/** A problem by the step, beside C. @type {(key: string, writing: string, atMost: number) => Row} */
const beside = (key, writing, atMost) => ({
  what: `${problems[key].name}, ${writing}, a step`,
  against: key === "linear" ? `${c}, four rows at a time` : c,
  atMost,
  tol: problems[key].tol,
  ours: () => serve(key, "ours", writing),
  theirs: () => inC("tsit5.c", key),
});

/** @type {(what: string, atMost: number, ours: string, theirs: string, against?: string) => Row} */
const ofItself = (what, atMost, ours, theirs, against = "itself, forward") => ({
  what,
  against,
  atMost,
  ours: () => aCase(ours),
  theirs: () => aCase(theirs),
});

const functions = { exp: 0.7, log: 0.5, sin: 0.5, tanh: 0.25 };

/** @type {readonly Row[]} */
export const rows = [
  ...["float64", "float32"].flatMap((dtype) =>
    Object.entries({ forward: 3, gradient: 2.2 }).map(([part, atMost]) => ({
      what: `${mlp}, ${dtype}, ${part}`,
      against: diffrax,
      atMost,
      ours: () =>
        aCase(
          `MLP, batched state${dtype === "float32" ? ", float32" : ""}${part === "gradient" ? ", gradient" : ""}`,
        ),
      theirs: () => inDiffrax("network", dtype, part),
    })),
  ),
  ...Object.entries({ forward: 2.5, gradient: 1.9 }).map(([part, atMost]) => ({
    what: `${mlp}, float64, fma, ${part}`,
    against: diffrax,
    atMost,
    ours: () =>
      hasFma() ? aCase(`MLP, batched state${part === "gradient" ? ", gradient" : ""}, fma`) : null,
    theirs: () => inDiffrax("network", "float64", part),
  })),
  ofItself(
    `${mlp}, a vmap of solves, forward`,
    1.2,
    "MLP, vmap of solves",
    "MLP, batched state",
    "a batched state",
  ),
  ofItself(
    `${mlp}, a vmap of solves, gradient`,
    1.3,
    "MLP, vmap of solves, gradient",
    "MLP, batched state, gradient",
    "a batched state",
  ),
  ofItself(
    "training of a neural ODE, float32",
    0.6,
    "training of a neural ODE, float32",
    "training of a neural ODE",
    "itself in float64",
  ),
  beside("lorenz", "plain", 1.12),
  beside("lotkaVolterra", "plain", 1.25),
  beside("lorenz96", "plain", 1.5),
  beside("lorenz96", "traced", 1.5),
  beside("mildBrusselator", "plain", 1.6),
  beside("mildBrusselator", "traced", 1.6),
  beside("linear", "traced", 1.3),
  {
    what: "the same, a byte of the matrix", // six evaluations a step
    against: "a loop in C that reads 8 MB",
    atMost: null,
    isBytes: true,
    parts: [6 * 8e6, 1],
    tol: problems.linear.tol,
    ours: () => serve("linear", "ours", "traced"),
    theirs: () => inC("stream.c"),
  },
  {
    what: "the same, a byte of the matrix",
    against: "STREAM triad on 240 MB",
    atMost: null,
    isBytes: true,
    parts: [6 * 8e6, 1],
    tol: problems.linear.tol,
    ours: () => serve("linear", "ours", "traced"),
    theirs: () => inC("stream.c", "triad"),
  },
  ...Object.entries({ line: "1000 cells", grid: "100 × 100 grid" }).map(([key, name]) => ({
    what: `heat equation in plain arithmetic, first solve, ${name}`,
    against: "traced, written with slices",
    atMost: 5,
    ours: () => inNewProcesses("firstHeat.mjs", "plain", key),
    theirs: () => inNewProcesses("firstHeat.mjs", "traced", key),
  })),
  ...["lorenz10", "lotkaVolterra", "pleiades"].flatMap((key) =>
    [1e-6, 1e-9].map((target) => ({
      what: `${problems[key].name}, to an error of ${target}, the best of Tsit5 and Dopri8`,
      against: "the best stepper of Boost.odeint",
      atMost: 1.5,
      ours: () =>
        soonest(
          key,
          target,
          ["plain", "dopri8"].map((method) => serve(key, "ours", method)),
        ),
      theirs: () =>
        soonest(
          key,
          target,
          ["cashKarp54", "dopri5", "fehlberg78", "bulirschStoer"].map((method) =>
            inBoost(key, method),
          ),
        ),
    })),
  ),
  {
    what: "10 000 Lorenz, Runge–Kutta 4 by a tableau of one's own, 1000 steps",
    against: "JavaScript by hand",
    atMost: 0.35,
    ours: () => aCase("vmap of 10 000 Lorenz, Runge–Kutta 4, 1000 steps"),
    theirs: () => serve("", "rungeKutta4"),
  },
  ...[1000, 100_000].map((n) => ({
    what: `${n} Lorenz, t = 1, adaptive, 1e-8`,
    against: "Diffrax, vmap",
    atMost: 0.2,
    ours: () => aCase(`vmap of ${n === 1000 ? "1000" : "100 000"} Lorenz, t = 1, 1e-8`),
    theirs: () => inDiffrax("lorenz", String(n)),
  })),
  {
    what: "100 000 Lorenz, t = 1, adaptive, 1e-8, two workers, best window",
    against: "one worker",
    atMost: 0.65,
    isBest: true,
    ours: () => inThreads(2),
    theirs: () => inThreads(1),
  },
  {
    what: "the same, one worker, best window",
    against: "no worker, vmap",
    atMost: 1.02,
    isBest: true,
    ours: () => inThreads(1),
    theirs: () => inThreads("none"),
  },
  ...Object.entries(functions).map(([name, atMost]) => ({
    what: `${name} of 4096 numbers, float32, each`,
    against: "C's library",
    atMost,
    parts: [4096, 4096],
    ours: () => serve(`${name}, 4096`, "kernel", "float32"),
    theirs: () => inC("functions.c", `FUNCTION=${name}f`, `OF=${name === "log" ? "fabsf" : ""}`),
  })),
  ofItself("gradient of Lorenz, t = 10", 2, "gradient of Lorenz, t = 10", "Lorenz, t = 10, jitted"),
  ofItself(
    "gradient of Lorenz-96, n = 128, t = 5",
    3,
    "gradient of Lorenz-96",
    "Lorenz-96, end of the solve",
  ),
  ofItself(
    `gradient of the ${mlp}, float64`,
    2.8,
    "MLP, batched state, gradient",
    "MLP, batched state",
  ),
];
