import {
  diffeqsolve,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  np,
  PIDController,
  traced,
  VeryChord,
} from "@diffrax-ts/core";
import { BandedLU } from "@diffrax-ts/linear-solvers";

const solvers = { Kvaerno3, Kvaerno4, Kvaerno5 };

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, dt0, atol, bandwidth }, rtol, key, variant) {
  const [name, setting] = variant.split(":");
  const band = bandwidth === null ? null : { lower: bandwidth, upper: bandwidth };
  const solver = solverOf(name, setting, band);
  const isTuple = band === null;
  const options = {
    t0: 0,
    t1,
    dt0,
    y0: isTuple ? Array.from(y0()) : y0(),
    stepsizeController: PIDController({ rtol, atol: atol * rtol }),
    maxSteps: 1_000_000,
    throw: false,
  };
  const field = stiffFields[key];
  const { stats: counted } = diffeqsolve(field, solver, { ...options, stats: "full" });
  const counts = {
    evaluations: counted.numEvaluations,
    factorisations: counted.numFactorisations,
  };
  return () => {
    const { ys, stats, result } = diffeqsolve(field, solver, options);
    return {
      failed: result !== "successful",
      steps: stats.numSteps,
      rejected: stats.numRejectedSteps,
      ...counts,
      y: isTuple ? ys.map(({ data }) => data[0]) : ys.data,
    };
  };
}

/**
 * @param {string} name
 * @param {string | undefined} setting `"diffrax072"`, or nothing
 * @param {{ lower: number, upper: number } | null} band
 */
function solverOf(name, setting, band) {
  const linear = band === null ? {} : { linearSolver: BandedLU(band) };
  const diffrax072 = setting === "diffrax072";
  return solvers[name]({ rootFinder: VeryChord({ ...linear, diffrax072 }), diffrax072 });
}

/** @type {(t: number, y: number[]) => number[]} */
const robertson = (t, [a, b, c]) => [
  -0.04 * a + 1e4 * b * c,
  0.04 * a - 1e4 * b * c - 3e7 * b * b,
  3e7 * b * b,
];

/** @type {Record<string, any>} */
export const stiffFields = {
  robertson,
  robertson11: robertson,
  hires: (t, [a, b, c, d, e, f, g, h]) => [
    -1.71 * a + 0.43 * b + 8.32 * c + 0.0007,
    1.71 * a - 8.75 * b,
    -10.03 * c + 0.43 * d + 0.035 * e,
    8.32 * b + 1.71 * c - 1.12 * d,
    -1.745 * e + 0.43 * f + 0.43 * g,
    -280 * f * h + 0.69 * d + 1.71 * e - 0.43 * f + 0.69 * g,
    280 * f * h - 1.81 * g,
    -280 * f * h + 1.81 * g,
  ],
  vanDerPol: (t, [a, b]) => [b, 1000 * (1 - a * a) * b - a],
  orego: (t, [a, b, c]) => [
    77.27 * (b + a * (1 - 8.375e-6 * a - b)),
    (c - (1 + a) * b) / 77.27,
    0.161 * (a - c),
  ],
  pollution: (t, y) => {
    const r1 = 0.35 * y[0];
    const r2 = 26.6 * y[1] * y[3];
    const r3 = 1.23e4 * y[4] * y[1];
    const r4 = 8.6e-4 * y[6];
    const r5 = 8.2e-4 * y[6];
    const r6 = 1.5e4 * y[6] * y[5];
    const r7 = 1.3e-4 * y[8];
    const r8 = 2.4e4 * y[8] * y[5];
    const r9 = 1.65e4 * y[10] * y[1];
    const r10 = 9e3 * y[10] * y[0];
    const r11 = 0.022 * y[12];
    const r12 = 1.2e4 * y[9] * y[1];
    const r13 = 1.88 * y[13];
    const r14 = 1.63e4 * y[0] * y[5];
    const r15 = 4.8e6 * y[2];
    const r16 = 3.5e-4 * y[3];
    const r17 = 0.0175 * y[3];
    const r18 = 1e8 * y[15];
    const r19 = 4.44e11 * y[15];
    const r20 = 1.24e3 * y[16] * y[5];
    const r21 = 2.1 * y[18];
    const r22 = 5.78 * y[18];
    const r23 = 0.0474 * y[0] * y[3];
    const r24 = 1.78e3 * y[18] * y[0];
    const r25 = 3.12 * y[19];
    return [
      -r1 - r10 - r14 - r23 - r24 + r2 + r3 + r9 + r11 + r12 + r22 + r25,
      -r2 - r3 - r9 - r12 + r1 + r21,
      -r15 + r1 + r17 + r19 + r22,
      -r2 - r16 - r17 - r23 + r15,
      -r3 + 2 * r4 + r6 + r7 + r13 + r20,
      -r6 - r8 - r14 - r20 + r3 + 2 * r18,
      -r4 - r5 - r6 + r13,
      r4 + r5 + r6 + r7,
      -r7 - r8,
      -r12 + r7 + r9,
      -r9 - r10 + r8 + r11,
      r9,
      -r11 + r10,
      -r13 + r12,
      r14,
      -r18 - r19 + r16,
      -r20,
      r20,
      -r21 - r22 - r24 + r23 + r25,
      -r25 + r24,
    ];
  },
  e5: (t, [a, b, c, d]) => {
    const first = 7.89e-10 * a;
    const second = 1.1e7 * a * c;
    const db = first - 1.13e9 * b * c;
    const dd = second - 1.13e3 * d;
    return [-first - second, db, db - dd, dd]; // dc written out is lost to rounding
  },
  brusselator: brusselator(50),
  brusselatorLong: brusselator(500),
};

/** @param {number} points */
function brusselator(points) {
  const spread = 0.02 * (points + 1) ** 2;
  return traced((t, y) => {
    const rows = np.reshape(y, [points, 2]);
    const [u, v] = [np.slice(rows, [0, points], [0, 1]), np.slice(rows, [0, points], [1, 2])];
    const edge = np.tensor([[1, 3]]);
    const padded = np.concatenate([edge, rows, edge]);
    const made = np.mul(np.mul(u, u), v);
    const reaction = np.concatenate(
      [np.add(np.sub(made, np.mul(4, u)), 1), np.sub(np.mul(3, u), made)],
      { axis: 1 },
    );
    const [before, after] = [np.slice(padded, [0, points]), np.slice(padded, [2, points + 2])];
    const diffusion = np.add(np.sub(before, np.mul(2, rows)), after);
    return np.reshape(np.add(reaction, np.mul(spread, diffusion)), [2 * points]);
  });
}
