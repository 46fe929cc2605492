import { diffeqsolve, Dopri8, np, PIDController, traced, Tsit5 } from "@diffrax-ts/core";
import { linearMatrix, problems } from "../problems.mjs";

/** @type {import("./serve.mjs").Prepare} */
export function prepare(_problem, tol, key, variant) {
  const fields = { traced: tracedFields, callback: calledFields }[variant] ?? plainFields;
  if (!(key in fields)) return null;
  return solveWith(fields[key], tol, key, variant === "dopri8" ? Dopri8() : Tsit5());
}

/**
 * @param {any} field
 * @param {number} tol
 * @param {string} key
 * @param {any} solver
 * @returns {import("./serve.mjs").Solve}
 */
export function solveWith(field, tol, key, solver = Tsit5()) {
  const options = optionsOf(field, tol, key);
  const isTuple = Array.isArray(options.y0);
  return () => {
    const { ys, stats } = diffeqsolve(field, solver, options);
    return { steps: stats.numSteps, y: isTuple ? ys.map(({ data }) => data[0]) : ys.data };
  };
}

/**
 * How a problem is solved. Where the field has parameters and is plain arithmetic, the state is a tuple.
 *
 * @param {any} field
 * @param {number} tol
 * @param {string} key
 */
export function optionsOf(field, tol, key) {
  const { y0, t1, dt0 } = problems[key];
  const isTuple = key in parameters && field !== tracedFields[key];
  return {
    t0: 0,
    t1,
    dt0,
    y0: isTuple ? Array.from(y0()) : y0(),
    args: key === "linear" ? np.reshape(linearMatrix(1000), [1000, 1000]) : parameters[key],
    stepsizeController: PIDController({ rtol: tol, atol: tol }),
    maxSteps: null,
  };
}

/** @type {Record<string, number[]>} */
const parameters = {
  lorenz: [10, 28, 8 / 3],
  lorenz10: [10, 28, 8 / 3],
  lotkaVolterra: [0.1, 0.02, 0.01, 0.4],
};

/** @type {(t: number, y: number[], args: number[]) => number[]} */
const lorenz = (t, [x, y, z], [sigma, rho, beta]) => [
  sigma * (y - x),
  x * (rho - z) - y,
  x * y - beta * z,
];

/** @type {Record<string, (t: number, y: any, args: any) => ArrayLike<number>>} */
export const plainFields = {
  lorenz,
  lorenz10: lorenz,
  lotkaVolterra: (t, [prey, predator], [a, b, c, d]) => [
    a * prey - b * prey * predator,
    c * prey * predator - d * predator,
  ],
  pleiades: (t, y) => {
    const dy = new Float64Array(28);
    for (let i = 0; i < 7; i++) {
      let ax = 0;
      let ay = 0;
      for (let j = 0; j < 7; j++) {
        if (j === i) continue;
        const dx = y[j] - y[i];
        const dz = y[7 + j] - y[7 + i];
        const r2 = dx * dx + dz * dz;
        const pull = (j + 1) / (r2 * Math.sqrt(r2));
        ax += pull * dx;
        ay += pull * dz;
      }
      dy[i] = y[14 + i];
      dy[7 + i] = y[21 + i];
      dy[14 + i] = ax;
      dy[21 + i] = ay;
    }
    return dy;
  },
  lorenz96: (t, y) => {
    const n = y.length;
    const dy = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      dy[i] = (y[(i + 1) % n] - y[(i + n - 2) % n]) * y[(i + n - 1) % n] - y[i] + 8;
    }
    return dy;
  },
  mildBrusselator: (t, y) => {
    const dy = new Float64Array(1000);
    for (let i = 0; i < 500; i++) {
      const u = y[i];
      const v = y[500 + i];
      const made = u * u * v;
      const uBefore = i > 0 ? y[i - 1] : 1;
      const vBefore = i > 0 ? y[499 + i] : 3;
      const uAfter = i < 499 ? y[i + 1] : 1;
      const vAfter = i < 499 ? y[501 + i] : 3;
      dy[i] = 1 + made - 4 * u + 2.5 * (uBefore - 2 * u + uAfter);
      dy[500 + i] = 3 * u - made + 2.5 * (vBefore - 2 * v + vAfter);
    }
    return dy;
  },
};

const tracedLorenz = traced((t, y, [sigma, rho, beta]) => {
  const [x, u, z] = [y.at(0), y.at(1), y.at(2)];
  return np.stack([sigma.mul(u.sub(x)), x.mul(rho.sub(z)).sub(u), x.mul(u).sub(beta.mul(z))]);
});

/** @type {Record<string, ReturnType<typeof traced>>} */
export const tracedFields = {
  lorenz: tracedLorenz,
  lorenz10: tracedLorenz,
  lotkaVolterra: traced((t, y, [a, b, c, d]) => {
    const [prey, predator] = [y.at(0), y.at(1)];
    const meetings = prey.mul(predator);
    return np.stack([a.mul(prey).sub(b.mul(meetings)), c.mul(meetings).sub(d.mul(predator))]);
  }),
  pleiades: traced((t, y) => {
    const [x, z, speeds] = [np.slice(y, [0, 7]), np.slice(y, [7, 14]), np.slice(y, [14, 28])];
    const apart = (u) => np.sub(np.expandDims(u, 0), np.expandDims(u, 1));
    const [dx, dz] = [apart(x), apart(z)];
    const r2 = np.add(np.add(np.mul(dx, dx), np.mul(dz, dz)), np.eye(7)); // not 0 for a star and itself
    const pull = np.div(np.arange(1, 8), np.mul(r2, np.sqrt(r2)));
    const total = (d) => np.sum(np.mul(pull, d), { axis: 1 });
    return np.concatenate([speeds, total(dx), total(dz)]);
  }),
  lorenz96: traced((t, y) =>
    np.add(np.sub(np.mul(np.sub(np.roll(y, -1), np.roll(y, 2)), np.roll(y, 1)), y), 8),
  ),
  mildBrusselator: traced((t, y) => {
    const [u, v] = [np.slice(y, [0, 500]), np.slice(y, [500, 1000])];
    const made = u.mul(u).mul(v);
    const spread = (x, end) => {
      const ends = np.full([1], end);
      const before = np.concatenate([ends, np.slice(x, [0, 499])]);
      const after = np.concatenate([np.slice(x, [1, 500]), ends]);
      return before.sub(x.mul(2)).add(after).mul(2.5);
    };
    return np.concatenate([
      made.add(1).sub(u.mul(4)).add(spread(u, 1)),
      u.mul(3).sub(made).add(spread(v, 3)),
    ]);
  }),
  linear: traced((t, y, A) => np.matmul(A, y)),
};

const rho = 28; // from outside: what reads it cannot be compiled, and is called back

/** @type {typeof plainFields} */
const calledFields = {
  lorenz: (t, [x, y, z]) => [10 * (y - x), x * (rho - z) - y, x * y - (8 / 3) * z],
};
