import {
  cond,
  diffeqsolve,
  jit,
  linearSolve,
  np,
  PIDController,
  scan,
  Tsit5,
  vmap,
  whileLoop,
} from "@diffrax-ts/core";
import { noise } from "./numbers.mjs";
import { lorenz, lorenzArgs, tracedLorenz } from "./solves.mjs";

const controllers = {
  "constant steps": undefined,
  PIDController: PIDController({ rtol: 1e-5, atol: 1e-6 }),
};

/** @type {(stepsizeController: any, dtype: "float64" | "float32") => (starts: any) => any} */
const batchOf = (stepsizeController, dtype) => (starts) => {
  const field = tracedLorenz;
  const args = lorenzArgs.map((x) => np.tensor(x, { dtype }));
  return vmap((y0) => {
    const options = {
      t0: 0,
      t1: 1,
      dt0: 0.02,
      y0,
      args,
      ...(stepsizeController && { stepsizeController }),
    };
    const { ys, stats } = diffeqsolve(field, Tsit5(), { ...options, saveat: { ts: [0.3, 1] } });
    return { ys, steps: stats.numSteps };
  })(starts);
};

/** @type {Record<string, () => unknown>} */
export const batches = {
  ...Object.fromEntries(
    Object.entries(controllers).map(([name, controller]) => [
      `a batch of 37, ${name}, both dtypes`,
      () =>
        /** @type {const} */ (["float64", "float32"]).map((dtype) =>
          batchOf(controller, dtype)(np.astype(np.reshape(noise(111, 21), [37, 3]), dtype)),
        ),
    ]),
  ),
  "a batch of tuples, plain, inside jit": () =>
    jit((xs) =>
      vmap((x) => {
        const options = { t0: 0, t1: 1, dt0: 0.02, y0: [x, 1, 1], args: lorenzArgs };
        return diffeqsolve(lorenz, Tsit5(), options).ys;
      })(xs),
    )(noise(9, 22)),
  "a batch of ends of time": () =>
    vmap((t1) => {
      const options = { t0: 0, t1, dt0: 0.02, y0: [1, 1, 1], args: lorenzArgs };
      return diffeqsolve(lorenz, Tsit5(), {
        ...options,
        stepsizeController: controllers.PIDController,
      }).ys;
    })(Float64Array.of(0.1, 0.5, 1, 1.5)),
  "scan, whileLoop and cond": () => {
    const f = (x) => {
      const { carry, rows } = scan(
        (c, row) => ({ carry: np.sin(c.add(row)), row: np.exp(c) }),
        x,
        np.tensor(noise(12, 23)),
      );
      const doubled = whileLoop(
        (c) => np.less(c, 20),
        (c) => c.mul(1.7).add(0.3),
        np.abs(carry),
      );
      return [
        rows,
        doubled,
        cond(
          np.greater(x, 0),
          (v) => np.log(v),
          (v) => np.tan(v),
          x,
        ),
      ];
    };
    return [f(np.tensor(0.4)), vmap(f)(noise(7, 24))];
  },
  linearSolve: () =>
    [2, 5, 17, 40].map((n) => {
      const matrix = np.add(np.reshape(noise(n * n, 25), [n, n]), np.mul(np.eye(n), 2));
      return linearSolve(matrix, np.tensor(noise(n, 26))).value;
    }),
};
