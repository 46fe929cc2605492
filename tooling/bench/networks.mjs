import {
  diffeqsolve,
  grad,
  jit,
  np,
  ODETerm,
  PIDController,
  scan,
  traced,
  Tsit5,
  valueAndGrad,
  vmap,
} from "@diffrax-ts/core";
import { adabelief, applyUpdates, softplus } from "@diffrax-ts/nn";
import { measure } from "./measure.mjs";
import { printTable, ratio, time } from "./table.mjs";

const dtypes = /** @type {const} */ (["float64", "float32"]);

/**
 * What networks are made of, solves of one, and the training of a neural ODE, in float64 and in float32.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export function inBothDtypes(settings) {
  ofKernels(settings);
  ofNetworks(settings);
  ofTraining(settings);
}

/** What is computed over and over within one call, on arrays of one dtype. */
const kernels = {
  "256 × 64 by 64 × 64": [[256, 64], [64, 64], np.matmul],
  "256 × 64 by a transposed 64 × 64": [
    [256, 64],
    [64, 64],
    (a, b) => np.matmul(a, np.transpose(b)),
  ],
  "256 × 64 by 64 × 2": [[256, 64], [64, 2], np.matmul],
  "a transposed 256 × 64 by 256 × 64": [
    [256, 64],
    [256, 64],
    (a, b) => np.matmul(np.transpose(a), b),
  ],
  "64 × 64 by 64": [[64, 64], [64], np.matmul],
  "sums over 256 of 64": [[256, 64], [], (a) => np.sum(a, { axis: 0 })],
  "256 sums of 64": [[256, 64], [], (a) => np.sum(a, { axis: 1 })],
  "a sum of 4096": [[4096], [], (a) => np.sum(a)],
  "a b + a, 4096": [[4096], [4096], (a, b) => np.add(np.mul(a, b), a)],
  "the smaller of a and 2b, 4096": [
    [4096],
    [4096],
    (a, b) => np.where(np.less(a, b), a, np.mul(b, 2)),
  ],
  "tanh, 4096": [[4096], [], (a) => np.tanh(a)],
  "exp, 4096": [[4096], [], (a) => np.exp(a)],
  "log, 4096": [[4096], [], (a) => np.log(np.abs(a))],
  "sin, 4096": [[4096], [], (a) => np.sin(a)],
};

/** @param {import("./main.mjs").Settings} settings */
function ofKernels(settings) {
  const rows = Object.keys(kernels).map((name) => {
    const times = measure(
      settings,
      Object.fromEntries(dtypes.map((dtype) => [dtype, [kernelOf(name, dtype), turns]])),
    );
    const [wide, narrow] = dtypes.map((dtype) => times.get(dtype));
    return [name, time(wide), time(narrow), ratio(narrow / wide)];
  });
  printTable(["Within one call, with a sum of `a` and a number", ...dtypes, ""], rows);
}

export const turns = 100;

/** A call that computes a kernel so many times: each turn reads what the last one gave, so that none is left out. */
export function kernelOf(name, dtype) {
  const [shapeA, shapeB, f] = kernels[name];
  const [a, b] = [shapeA, shapeB].map((shape) => numbers(dtype, shape));
  const run = jit((x, y) => {
    const turn = (carry) => {
      const result = f(np.add(x, carry), y);
      return { carry: np.mul(np.ravel(result).at(0), 0), row: null };
    };
    return scan(turn, np.zeros([], { dtype }), null, { length: turns }).carry;
  });
  return () => run(a, b);
}

/** Numbers between -1 and 1, none of them 0. */
function numbers(dtype, shape) {
  const NumberArray = dtype === "float32" ? Float32Array : Float64Array;
  const size = shape.reduce((product, n) => product * n, 1);
  return np.reshape(
    NumberArray.from({ length: size }, (_, i) => Math.sin((i + 1) ** 2)),
    shape,
  );
}

/** @param {import("./main.mjs").Settings} settings */
function ofTraining(settings) {
  const trainings = Object.fromEntries(dtypes.map((dtype) => [dtype, trainingOf(dtype)]));
  const times = measure(settings, trainings);
  const [wide, narrow] = dtypes.map((dtype) => times.get(dtype));
  printTable(
    ["Training of a neural ODE", ...dtypes, ""],
    [[`${steps} and ${steps} steps`, time(wide), time(narrow), ratio(narrow / wide)]],
  );
}

const steps = 25;

/**
 * The training of the neural ODE among the examples, from the same parameters in both dtypes: some steps with the first 10 points of
 * 32 paths, and as many with all 100. How many steps the solves take depends on the dtype a little.
 *
 * @param {"float64" | "float32"} dtype
 */
export function trainingOf(dtype) {
  const optimizer = adabelief(3e-3);
  const stepsizeController = PIDController({ rtol: 1e-3, atol: 1e-6 });
  const apply = ({ weight, bias }, y) => np.add(np.matmul(y, np.transpose(weight)), bias);
  const field = traced((t, y, args, { scale, layers: [first, second, third] }) =>
    np.mul(scale, np.tanh(apply(third, softplus(apply(second, softplus(apply(first, y))))))),
  );
  const allTs = np.linspace(0, 10, 100);
  const allYs = oscillators(allTs);
  const phases = [10, 100].map((points) => {
    const ts = np.astype(np.slice(allTs, [0, points]), dtype);
    const ys = np.astype(np.slice(allYs, [0, points]), dtype);
    const loss = (each) => {
      const { ys: found } = diffeqsolve(ODETerm(field, each), Tsit5(), {
        t0: ts.at(0),
        t1: ts.at(-1),
        dt0: ts.at(1).sub(ts.at(0)),
        y0: ys.at(0),
        saveat: { ts },
        stepsizeController,
      });
      return np.mean(np.square(found.sub(ys)));
    };
    return jit((each, state) => {
      const { value, grad: slope } = valueAndGrad(loss)(each);
      const { updates, state: next } = optimizer.update(slope, state);
      return { model: applyUpdates(each, updates), state: next, value };
    });
  });
  const first = { scale: np.tensor(1, { dtype }), layers: networks(dtype).layers };
  return () => {
    let model = first;
    for (const step of phases) {
      let state = optimizer.init(model);
      for (let i = 0; i < steps; i++) ({ model, state } = step(model, state));
    }
    return model;
  };
}

/** Paths of a deformed oscillator at some times, `[times, 32, 2]`. */
function oscillators(ts) {
  const { ys } = diffeqsolve(
    traced((t, y) => {
      const [a, b] = [np.slice(y, [0, 1]), np.slice(y, [1, 2])];
      return np.concatenate([np.div(b, np.add(1, b)), np.neg(np.div(a, np.add(1, a)))]);
    }),
    Tsit5(),
    {
      t0: 0,
      t1: 10,
      dt0: 0.1,
      y0: np.reshape(
        Float64Array.from({ length: 64 }, (_, i) => 0.2 + 0.8 * Math.sin(i * i)),
        [2, 32],
      ),
      saveat: { ts },
    },
  );
  return np.transpose(ys, [0, 2, 1]);
}

/**
 * Solves of a network and their gradients, in both float dtypes.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export function ofNetworks(settings) {
  const each = dtypes.map((dtype) => ({ dtype, ...networks(dtype) }));
  const rows = Object.keys(each[0].losses).flatMap((name) => {
    const times = measure(
      settings,
      Object.fromEntries(
        each.flatMap(({ dtype, layers, losses }) =>
          Object.entries({ jit, grad }).map(([what, transform]) => {
            const f = transform(losses[name]);
            return [`${dtype} ${what}`, () => f(layers)];
          }),
        ),
      ),
    );
    return dtypes.map((dtype) => {
      const [once, twice] = ["jit", "grad"].map((what) => times.get(`${dtype} ${what}`));
      const [wideOnce, wideTwice] = ["jit", "grad"].map((what) => times.get(`float64 ${what}`));
      return [
        `${name}, ${dtype}`,
        time(once),
        ratio(once / wideOnce),
        time(twice),
        ratio(twice / wideTwice),
        ratio(twice / once),
      ];
    });
  });
  printTable(
    [
      `MLP 2-${width}-${width}-2, batch ${batch}, 60 evaluations`,
      "forward",
      "of float64",
      "gradient",
      "of float64",
      "of forward",
    ],
    rows,
  );
}

const [width, batch] = [64, 256];

/**
 * The parameters of a network, and two losses of solves with it.
 *
 * @param {"float64" | "float32"} dtype
 */
export function networks(dtype = "float64") {
  let seed = 1;
  const number = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  const NumberArray = dtype === "float32" ? Float32Array : Float64Array;
  const matrix = (rows, columns) =>
    np.reshape(
      NumberArray.from({ length: rows * columns }, () => (2 * number()) / Math.sqrt(columns)),
      [rows, columns],
    );
  const layers = [matrix(width, 2), matrix(width, width), matrix(2, width)].map((weight) => ({
    weight,
    bias: np.zeros([weight.shape[0]], { dtype }),
  }));
  const starts = matrix(batch, 2);
  const network = (apply) =>
    traced((t, y, args, [first, second, third]) =>
      apply(third, np.tanh(apply(second, np.tanh(apply(first, y))))),
    );
  const ofRows = network(({ weight, bias }, y) => np.add(np.matmul(y, np.transpose(weight)), bias));
  const ofVector = network(({ weight, bias }, y) => np.add(np.matmul(weight, y), bias));
  const solve = (field, params, y0) =>
    diffeqsolve(ODETerm(field, params), Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0, maxSteps: 16 }).ys;
  const losses = {
    "a batched state": (params) => np.mean(np.square(solve(ofRows, params, starts))),
    "a vmap of solves": (params) =>
      np.mean(np.square(vmap((y0) => solve(ofVector, params, y0))(starts))),
  };
  return { layers, losses };
}
