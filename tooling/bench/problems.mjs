/**
 * A problem, as everybody solves it who takes a function `f(t, y, dy)` that writes into `dy`.
 *
 * @typedef {object} Problem
 * @property {string} name What the table calls it.
 * @property {number} t1 The end; the start is 0.
 * @property {number} dt0 The first step.
 * @property {number} tol `rtol` and `atol`, where nothing else is said.
 * @property {() => Float64Array} y0 The start.
 * @property {(t: number, y: ArrayLike<number>, dy: number[] | Float64Array) => void} f The vector field.
 * @property {((y: readonly string[]) => string[]) | null} written The field as formulas, for code written out by hand.
 */

/** @type {Record<string, Problem>} */
export const problems = {
  lorenz: {
    name: "Lorenz, t = 100",
    t1: 100,
    dt0: 0.01,
    tol: 1e-8,
    y0: () => Float64Array.of(1, 1, 1),
    f: lorenz,
    written: lorenzWritten,
  },
  lorenz10: {
    name: "Lorenz, t = 10",
    t1: 10,
    dt0: 0.01,
    tol: 1e-8,
    y0: () => Float64Array.of(1, 1, 1),
    f: lorenz,
    written: lorenzWritten,
  },
  lotkaVolterra: {
    name: "Lotka–Volterra, t = 140",
    t1: 140,
    dt0: 0.1,
    tol: 1e-8,
    y0: () => Float64Array.of(10, 10),
    f: (_t, y, dy) => {
      const [prey, predator] = [y[0], y[1]];
      dy[0] = 0.1 * prey - 0.02 * prey * predator;
      dy[1] = 0.01 * prey * predator - 0.4 * predator;
    },
    written: ([prey, predator]) => [
      `0.1 * ${prey} - 0.02 * ${prey} * ${predator}`,
      `0.01 * ${prey} * ${predator} - 0.4 * ${predator}`,
    ],
  },
  // Hairer, Nørsett & Wanner, Solving ODEs I, II.10: seven stars with the masses 1 to 7.
  pleiades: {
    name: "Pleiades, n = 28, t = 3",
    t1: 3,
    dt0: 1e-3,
    tol: 1e-8,
    y0: () =>
      Float64Array.from(
        [
          [3, 3, -1, -3, 2, -2, 2], //            x
          [3, -3, 2, 0, 0, -4, 4], //             y
          [0, 0, 0, 0, 0, 1.75, -1.5], //         x'
          [0, 0, 0, -1.25, 1, 0, 0], //           y'
        ].flat(),
      ),
    f: (_t, y, dy) => {
      for (let i = 0; i < 7; i++) {
        let [ax, ay] = [0, 0];
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
    },
    written: null,
  },
  lorenz96: {
    name: "Lorenz-96, n = 128, t = 5",
    t1: 5,
    dt0: 0.01,
    tol: 1e-6,
    y0: () => Float64Array.from({ length: 128 }, (_, i) => (i === 0 ? 8.01 : 8)),
    f: (_t, y, dy) => {
      const n = y.length;
      for (let i = 0; i < n; i++) {
        const [next, back, back2] = [(i + 1) % n, (i + n - 1) % n, (i + n - 2) % n];
        dy[i] = (y[next] - y[back2]) * y[back] - y[i] + 8;
      }
    },
    written: null,
  },
  // The stiff one's little brother: cells that are as far apart as they are wide.
  mildBrusselator: {
    name: "Brusselator 1D, n = 1000, not stiff, t = 10",
    t1: 10,
    dt0: 0.01,
    tol: 1e-6,
    y0: () =>
      Float64Array.from({ length: 1000 }, (_, i) =>
        i < 500 ? 1 + Math.sin((2 * Math.PI * (i + 1)) / 501) : 3,
      ),
    f: (_t, y, dy) => {
      for (let i = 0; i < 500; i++) {
        const [u, v] = [y[i], y[500 + i]];
        const made = u * u * v;
        const [uBefore, vBefore] = i === 0 ? [1, 3] : [y[i - 1], y[499 + i]];
        const [uAfter, vAfter] = i === 499 ? [1, 3] : [y[i + 1], y[501 + i]];
        dy[i] = 1 + made - 4 * u + 2.5 * (uBefore - 2 * u + uAfter);
        dy[500 + i] = 3 * u - made + 2.5 * (vBefore - 2 * v + vAfter);
      }
    },
    written: null,
  },
  linear: {
    name: "y' = A y, n = 1000, t = 5",
    t1: 5,
    dt0: 0.1,
    tol: 1e-6,
    y0: () => Float64Array.from({ length: 1000 }, (_, i) => 1 + i / 1000),
    f: (_t, y, dy) => {
      matrix ??= linearMatrix(y.length);
      const n = y.length;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += matrix[i * n + j] * y[j];
        dy[i] = sum;
      }
    },
    written: null,
  },
};

/** @type {Float64Array | undefined} */
let matrix;

/**
 * -1 on the diagonal, plus small numbers that look random: `y` decays slowly.
 *
 * @param {number} n
 */
export function linearMatrix(n) {
  return Float64Array.from({ length: n * n }, (_, k) => {
    const noise = (Math.imul(k, 2654435761) >>> 0) / 2 ** 32 - 0.5;
    return (2 / Math.sqrt(n)) * noise - (k % (n + 1) === 0 ? 1 : 0);
  });
}

/** @type {Problem["f"]} */
function lorenz(_t, y, dy) {
  const [a, b, c] = [y[0], y[1], y[2]];
  dy[0] = 10 * (b - a);
  dy[1] = a * (28 - c) - b;
  dy[2] = a * b - (8 / 3) * c;
}

/** @type {NonNullable<Problem["written"]>} */
function lorenzWritten([a, b, c]) {
  return [`10 * (${b} - ${a})`, `${a} * (28 - ${c}) - ${b}`, `${a} * ${b} - (8 / 3) * ${c}`];
}
