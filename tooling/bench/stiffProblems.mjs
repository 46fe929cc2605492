/**
 * A stiff problem, with the end of its solution. `f`, `t1`, `dt0` and `y0` are as in `problems.mjs`.
 *
 * Absolute tolerances are `rtol` times `atol`; errors are `max |y - exact| / (atol + |exact|)`. So both look at a
 * component as far down as `atol`.
 *
 * @typedef {Omit<import("./problems.mjs").Problem, "tol" | "written"> & {
 *   atol: number,
 *   bandwidth: number | null,
 *   watched: readonly number[] | null,
 *   exact: readonly number[],
 * }} StiffProblem
 *
 * `bandwidth` is how far the Jacobian goes from the diagonal, `null` where it is dense; `exact` are the components
 * `watched`, or all.
 */

// The Brusselator's ends, by SciPy's Radau at 1e-12, which differ from those at 1e-11 by less than 2e-13.
/** @type {Record<number, number[]>} */
const ends = {
  100: [
    0.949241133428741, 0.8045088209363307, 0.7199852252898024, 0.616861895765518,
    0.5640545138285673, 0.505818447695164, 0.478544464297985, 0.45096336181825303,
    0.43959888818375614, 0.4309072543817654, 0.4300055778836473, 0.43580825813474955,
    0.4449040497535932, 0.4681716669421169, 0.49173460156369014, 0.5428615705262843,
    0.5899014811598337, 0.683425123265455, 0.7617602243869714, 0.8997867808231323,
  ],
  1000: [
    0.9948251978971331, 3.166512850829006, 0.7529197045661274, 3.42991773365725, 0.5817694209967018,
    3.586060045212496, 0.4862941880414344, 3.6577716035440893, 0.4421719551470142,
    3.6840634581960323, 0.42985746249653894, 3.6875412855182055, 0.442916382260438,
    3.666473209277732, 0.4881559770219143, 3.595399806600218, 0.5853318974231916, 3.434495266568328,
    0.7581622587288995, 3.163464563353219,
  ],
};

// The others are of Mazzia and Magherini, Test Set for Initial Value Problem Solvers, release 2.4, and of Hairer
// and Wanner, Solving ODEs II, IV.10. The ends were computed with SciPy 1.17's Radau at the relative tolerance 5e-14,
// with exact Jacobians; they differ from those at 1e-12 by less than 1e-12, and from those of the Test Set by as much.
// E5 is the Test Set's own: its small components are lost to rounding there.
/** @type {Record<string, StiffProblem>} */
export const stiffProblems = {
  robertson: {
    name: "Robertson, t = 1e5",
    t1: 1e5,
    dt0: 0.01,
    atol: 1e-3,
    bandwidth: null,
    y0: () => Float64Array.of(1, 0, 0),
    f: robertson,
    watched: null,
    exact: [0.017865921142107537, 7.274751468439625e-8, 0.982134006110383],
  },
  robertson11: {
    name: "Robertson, t = 1e11",
    t1: 1e11,
    dt0: 0.01,
    atol: 1e-6,
    bandwidth: null,
    y0: () => Float64Array.of(1, 0, 0),
    f: robertson,
    watched: null,
    exact: [2.083340149697547e-8, 8.333360770319832e-14, 0.9999999791665107],
  },
  hires: {
    name: "HIRES",
    t1: 321.8122,
    dt0: 1e-4,
    atol: 1e-4,
    bandwidth: null,
    y0: () => Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0.0057),
    f: (_t, y, dy) => {
      const pull = 280 * y[5] * y[7];
      dy[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
      dy[1] = 1.71 * y[0] - 8.75 * y[1];
      dy[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
      dy[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
      dy[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
      dy[5] = -pull + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
      dy[6] = pull - 1.81 * y[6];
      dy[7] = -pull + 1.81 * y[6];
    },
    watched: null,
    exact: [
      0.0007371312573325661, 0.00014424857263161832, 5.888729740967562e-5, 0.0011756513432831473,
      0.0023863561988313165, 0.006238968252742786, 0.0028499983951857386, 0.0028500016048142187,
    ],
  },
  vanDerPol: {
    name: "Van der Pol, µ = 1000, t = 2000",
    t1: 2000,
    dt0: 1e-3,
    atol: 1e-3,
    bandwidth: null,
    y0: () => Float64Array.of(2, 0),
    f: (_t, y, dy) => {
      dy[0] = y[1];
      dy[1] = 1000 * (1 - y[0] * y[0]) * y[1] - y[0];
    },
    watched: null,
    exact: [1.7061677321704596, -0.0008928097010248217],
  },
  orego: {
    name: "OREGO",
    t1: 360,
    dt0: 1e-3,
    atol: 1e-3,
    bandwidth: null,
    y0: () => Float64Array.of(1, 2, 3),
    f: (_t, y, dy) => {
      dy[0] = 77.27 * (y[1] + y[0] * (1 - 8.375e-6 * y[0] - y[1]));
      dy[1] = (y[2] - (1 + y[0]) * y[1]) / 77.27;
      dy[2] = 0.161 * (y[0] - y[2]);
    },
    watched: null,
    exact: [1.000814870318523, 1228.178521549884, 132.05549428465255],
  },
  pollution: {
    name: "Pollution, n = 20",
    t1: 60,
    dt0: 1e-6,
    atol: 1e-4,
    bandwidth: null,
    y0: () =>
      Float64Array.of(0, 0.2, 0, 0.04, 0, 0, 0.1, 0.3, 0.01, ...Array(7).fill(0), 0.007, 0, 0, 0),
    f: pollution,
    watched: null,
    exact: [
      0.05646255480022788, 0.13424841304223323, 4.139734331099441e-9, 0.005523140207484405,
      2.0189772623022298e-7, 1.4645418634939716e-7, 0.07784249118998059, 0.32450753533960064,
      0.007494013383880424, 1.6222931573015777e-8, 1.1358638332570872e-8, 0.002230505975721371,
      0.00020871628827986703, 1.396921016840142e-5, 0.008964884856898399, 4.35284636933014e-18,
      0.006899219696263401, 0.00010078030373659484, 1.7721465139700041e-6, 5.682943292316463e-5,
    ],
  },
  e5: {
    name: "E5",
    t1: 1e13,
    dt0: 1e-3,
    atol: 1e-20,
    bandwidth: null,
    y0: () => Float64Array.of(1.76e-3, 0, 0, 0),
    f: (_t, y, dy) => {
      const [first, second, third] = [7.89e-10 * y[0], 1.1e7 * y[0] * y[2], 1.13e9 * y[1] * y[2]];
      const back = 1.13e3 * y[3];
      dy[0] = -first - second;
      dy[1] = first - third;
      dy[3] = second - back;
      dy[2] = dy[1] - dy[3];
    },
    watched: null,
    exact: [0.1152903278711829e-290, 0.886765551764212e-22, 0.8854814626268838e-22, 0],
  },
  brusselator: brusselator(50),
  brusselatorLong: brusselator(500),
};

/** @type {StiffProblem["f"]} */
function robertson(_t, y, dy) {
  const [slow, back, fast] = [0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]];
  dy[0] = -slow + back;
  dy[1] = slow - back - fast;
  dy[2] = fast;
}

/** @type {StiffProblem["f"]} */
function pollution(_t, y, dy) {
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
  dy[0] = -r1 - r10 - r14 - r23 - r24 + r2 + r3 + r9 + r11 + r12 + r22 + r25;
  dy[1] = -r2 - r3 - r9 - r12 + r1 + r21;
  dy[2] = -r15 + r1 + r17 + r19 + r22;
  dy[3] = -r2 - r16 - r17 - r23 + r15;
  dy[4] = -r3 + 2 * r4 + r6 + r7 + r13 + r20;
  dy[5] = -r6 - r8 - r14 - r20 + r3 + 2 * r18;
  dy[6] = -r4 - r5 - r6 + r13;
  dy[7] = r4 + r5 + r6 + r7;
  dy[8] = -r7 - r8;
  dy[9] = -r12 + r7 + r9;
  dy[10] = -r9 - r10 + r8 + r11;
  dy[11] = r9;
  dy[12] = -r11 + r10;
  dy[13] = -r13 + r12;
  dy[14] = r14;
  dy[15] = -r18 - r19 + r16;
  dy[16] = -r20;
  dy[17] = r20;
  dy[18] = -r21 - r22 - r24 + r23 + r25;
  dy[19] = -r25 + r24;
}

/**
 * Hairer and Wanner's BRUSS: `u' = 1 + u² v - 4u + 0.02 u_xx`, `v' = 3u - u² v + 0.02 v_xx` on so many points within
 * (0, 1), in the order u, v, u, v, …
 *
 * @param {number} points
 * @returns {StiffProblem}
 */
function brusselator(points) {
  const n = 2 * points;
  const spread = 0.02 * (points + 1) ** 2;
  return {
    name: `Brusselator 1D, n = ${n}, t = 10`,
    t1: 10,
    dt0: 1e-3,
    atol: 1,
    bandwidth: 2,
    y0: () =>
      Float64Array.from({ length: n }, (_, i) =>
        i % 2 === 1 ? 3 : 1 + Math.sin((2 * Math.PI * (i / 2 + 1)) / (points + 1)),
      ),
    f: (_t, y, dy) => {
      for (let i = 0; i < n; i += 2) {
        const [u, v] = [y[i], y[i + 1]];
        const made = u * u * v;
        const [uBefore, vBefore] = i === 0 ? [1, 3] : [y[i - 2], y[i - 1]];
        const [uAfter, vAfter] = i === n - 2 ? [1, 3] : [y[i + 2], y[i + 3]];
        dy[i] = 1 + made - 4 * u + spread * (uBefore - 2 * u + uAfter);
        dy[i + 1] = 3 * u - made + spread * (vBefore - 2 * v + vAfter);
      }
    },
    watched: Array.from({ length: 20 }, (_, i) => (i * n) / 20 + (i % 2)),
    exact: ends[n],
  };
}
