import {
  Bosh3,
  ConstantStepSize,
  diffeqsolve,
  Dopri5,
  Dopri8,
  Euler,
  HalfSolver,
  Heun,
  jit,
  LeapfrogMidpoint,
  maxNorm,
  Midpoint,
  np,
  PIDController,
  plain,
  Ralston,
  ReversibleHeun,
  StepTo,
  traced,
  Tsit5,
} from "@diffrax-ts/core";

/** @type {(t: number, y: number[], args: number[]) => number[]} */
export const lorenz = (t, [x, y, z], [a, b, c]) => [a * (y - x), x * (b - z) - y, x * y - c * z];

/** The same with a vector for the state. */
export const tracedLorenz = traced((t, y, [a, b, c]) => {
  const [x, u, z] = [y.at(0), y.at(1), y.at(2)];
  return np.stack([a.mul(u.sub(x)), x.mul(b.sub(z)).sub(u), x.mul(u).sub(c.mul(z))]);
});

export const lorenzArgs = [10, 28, 8 / 3];

/** A pendulum that is driven, in a record, with functions that are not arithmetic. */
const pendulum = (t, { angle, speed }, { length, drag }) => ({
  angle: speed,
  speed:
    -(9.81 / length) * Math.sin(angle) -
    drag * speed * Math.abs(speed) +
    Math.exp(-t) * Math.cos(3 * t),
});

/** Loops and branches on the elements of a typed array. */
const ring = (t, y) => {
  const dy = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const [left, right] = [y[(i + y.length - 1) % y.length], y[(i + 1) % y.length]];
    const pull = left - 2 * y[i] + right;
    dy[i] = pull > 0 ? pull : pull / 2 - Math.tanh(y[i]);
  }
  return dy;
};

/** @type {(solution: any) => object} */
const told = ({ ts, ys, stats, result }) => ({ ts, ys, stats, result });

/** @type {(solver: object, options?: object, field?: any) => object} */
const solveLorenz = (solver, options = {}, field = lorenz) =>
  told(
    diffeqsolve(field, solver, {
      t0: 0,
      t1: 2,
      dt0: 0.01,
      y0: field === lorenz ? [1, 1, 1] : Float64Array.of(1, 1, 1),
      args: lorenzArgs,
      ...options,
    }),
  );
/** @type {(solver: object, options?: object) => object} */
const solvePendulum = (solver, options = {}) =>
  told(
    diffeqsolve(pendulum, solver, {
      t0: 0,
      t1: 5,
      dt0: 0.05,
      y0: { angle: 1, speed: 0 },
      args: { length: 2, drag: 0.1 },
      ...options,
    }),
  );

const pid = (/** @type {object} */ options = {}) =>
  PIDController({ rtol: 1e-7, atol: 1e-9, ...options });
const loose = pid({ rtol: 1e-5, atol: 1e-6 });
const saveat = { ts: [0, 0.25, 0.7, 1.3, 2] };
const halves = { ts: [0, 0.13, 0.25, 0.5] };
const backward = { t0: 2, t1: 0, dt0: -0.01 };
const single = (/** @type {ArrayLike<number>} */ y) => Float32Array.from(y);

const solvers = {
  "Euler()": Euler(),
  "Heun()": Heun(),
  "Midpoint()": Midpoint(),
  "Ralston()": Ralston(),
  "Bosh3()": Bosh3(),
  "Tsit5()": Tsit5(),
  "Dopri5()": Dopri5(),
  "Dopri8()": Dopri8(),
  "LeapfrogMidpoint()": LeapfrogMidpoint(),
  "ReversibleHeun()": ReversibleHeun(),
  "HalfSolver(Midpoint())": HalfSolver(Midpoint()),
  "Tsit5({ scanStages: true })": Tsit5({ scanStages: true }),
};

const adaptive = {
  "Heun()": Heun(),
  "Bosh3()": Bosh3(),
  "Tsit5()": Tsit5(),
  "Dopri5()": Dopri5(),
  "Dopri8()": Dopri8(),
  "ReversibleHeun()": ReversibleHeun(),
  "HalfSolver(Euler())": HalfSolver(Euler()),
};

/** A dense solution: values, slopes and increments. */
function dense() {
  const solution = diffeqsolve(lorenz, Tsit5(), {
    t0: 0,
    t1: 2,
    dt0: 0.01,
    y0: [1, 1, 1],
    args: lorenzArgs,
    saveat: { dense: true },
    stepsizeController: pid(),
  });
  const times = [0, 0.1, 0.77, 1.5, 2, 3];
  return times.map((t) => [
    solution.evaluate(t),
    solution.evaluate(t, undefined, false),
    solution.evaluate(0.3, t),
    solution.derivative(t),
  ]);
}

/** A solve that stops half way and goes on. */
function inTwoParts() {
  const options = { dt0: 0.01, args: lorenzArgs, stepsizeController: pid() };
  const keep = { t1: true, solverState: true, controllerState: true, madeJump: true };
  const first = diffeqsolve(lorenz, Dopri5(), {
    ...options,
    t0: 0,
    t1: 1,
    y0: [1, 1, 1],
    saveat: keep,
  });
  const { solverState, controllerState, madeJump } = first;
  const y0 = first.ys.map((row) => row.at(-1));
  const states = { solverState, controllerState, madeJump };
  const second = diffeqsolve(lorenz, Dopri5(), { ...options, ...states, t0: 1, t1: 2, y0 });
  return [told(first), told(second)];
}

/** @type {(t: number, y: number[]) => number} */
const energy = (t, [x, y, z]) => (x * x + y * y + z * z) / 2 + t;

/** @type {Record<string, () => unknown>} */
export const solves = {
  ...Object.fromEntries(
    Object.entries(solvers).map(([name, solver]) => [
      `Lorenz, ${name}, constant steps`,
      () => [lorenz, tracedLorenz].map((field) => solveLorenz(solver, { t1: 0.5 }, field)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(adaptive).map(([name, solver]) => [
      `Lorenz, ${name}, PIDController`,
      () =>
        [lorenz, tracedLorenz].map((field) =>
          solveLorenz(solver, { t1: 0.5, stepsizeController: loose, saveat: halves }, field),
        ),
    ]),
  ),
  ...Object.fromEntries(
    [Tsit5(), Dopri8(), HalfSolver(Euler())].map((solver) => [
      `Lorenz in float32, ${solver.kind}`,
      () => [
        solveLorenz(solver, { y0: single([1, 1, 1]), saveat }, tracedLorenz),
        solveLorenz(
          solver,
          { y0: single([1, 1, 1]), stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-4 }) },
          tracedLorenz,
        ),
      ],
    ]),
  ),
  "a pendulum, constant steps and adapted ones": () => [
    solvePendulum(Dopri5(), { saveat: { steps: true } }),
    solvePendulum(Bosh3(), { stepsizeController: pid({ rtol: 1e-4 }), saveat: { steps: true } }),
  ],
  "a pendulum, PI, PID and limits of the step": () =>
    [
      { pcoeff: 0.4, icoeff: 0.3 },
      { pcoeff: 0.2, icoeff: 0.4, dcoeff: 0.1 },
      { dtmin: 0.01, dtmax: 0.1 },
      { norm: maxNorm, safety: 0.8, factormax: 4 },
    ].map((options) => solvePendulum(Tsit5(), { stepsizeController: pid(options) })),
  "a pendulum, the first step chosen": () =>
    solvePendulum(Tsit5(), { dt0: null, stepsizeController: pid(), saveat: { steps: true } }),
  "a pendulum, StepTo": () => {
    const stepsizeController = StepTo({ ts: [0, 0.3, 0.5, 1.25, 2, 5] });
    return solvePendulum(Dopri8(), { dt0: null, stepsizeController, saveat: { steps: true } });
  },
  "a pendulum, ConstantStepSize with dt0 that does not fit": () =>
    solvePendulum(Midpoint(), { dt0: 0.3, stepsizeController: ConstantStepSize() }),
  "a ring, typed arrays in both dtypes": () =>
    [Float64Array, Float32Array].map((Kind) =>
      told(
        diffeqsolve(ring, Tsit5(), {
          t0: 0,
          t1: 2,
          dt0: 0.1,
          y0: Kind.from({ length: 12 }, (_, i) => (i % 5) - 1.25),
          stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-5 }),
        }),
      ),
    ),
  "backward in time": () => [
    solvePendulum(Tsit5(), { ...backward, saveat: { steps: true } }),
    solvePendulum(Dopri5(), { ...backward, stepsizeController: pid(), saveat: { ts: [1.5, 0.5] } }),
    solveLorenz(ReversibleHeun(), { t0: 0.1, t1: 0, dt0: -0.003 }, tracedLorenz),
  ],
  "a dense solution": dense,
  "a solve in two parts": inTwoParts,
  "a function of what is saved, every third step": () =>
    solveLorenz(Tsit5(), {
      saveat: {
        subs: [
          { steps: 3, fn: energy },
          { t0: true, ts: [1, 1.5] },
        ],
      },
    }),
  "solves that fail": () => [
    solveLorenz(Tsit5(), { maxSteps: 7, saveat: { steps: true }, throw: false }),
    told(
      diffeqsolve((t, y) => y * y, Tsit5(), {
        t0: 0,
        t1: 2,
        dt0: 0.1,
        y0: 1,
        stepsizeController: pid({ dtmin: 1e-9, forceDtmin: false }),
        throw: false,
      }),
    ),
  ],
  "inside jit, padded": () =>
    jit((y0) => {
      const options = { t0: 0, t1: 1, dt0: 0.1, y0, args: lorenzArgs, maxSteps: 16 };
      const { ts, ys } = diffeqsolve(lorenz, Tsit5(), { ...options, saveat: { steps: true } });
      return { ts, ys };
    })([1, 1, 1]),
  "plain(f) alone": () =>
    jit(plain((x, y) => [Math.atan2(x, y) ** 3, x % y, Math.log1p(x * x) - Math.sinh(y / 3)]))(
      0.7,
      -2.3,
    ),
};
