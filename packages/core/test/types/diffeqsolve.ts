// What infers in a solve, and what does not compile.
import {
  diffeqsolve,
  grad,
  HalfSolver,
  isSuccessful,
  jit,
  LinearInterpolation,
  np,
  ODETerm,
  PIDController,
  SaveAt,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  type VectorField,
} from "@diffrax-ts/core";

const times = { t0: 0, t1: 1, dt0: 0.1 };

// The state is a tuple: so is what is saved.
const lorenz = diffeqsolve(
  (t, [x, y, z], { sigma, rho, beta }) => [
    sigma * (y - x),
    x * (rho - z) - y + t,
    x * y - beta * z,
  ],
  Tsit5(),
  {
    ...times,
    y0: [1, 1, 1],
    args: { sigma: 10, rho: 28, beta: 8 / 3 },
    saveat: { ts: np.linspace(0, 1, 5) },
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
  },
);
export const x: Tensor<readonly [number]> = lorenz.ys[0];
// @ts-expect-error -- there are three
export const fourth: unknown = lorenz.ys[3];
export const steps: number = lorenz.stats.numSteps;
export const wentWell: string = lorenz.result;

// A record, the arguments a tuple.
const oscillator = diffeqsolve(
  (_t, y, [k, friction]) => ({ x: y.v, v: -k * y.x - friction * y.v }),
  Tsit5(),
  {
    ...times,
    y0: { x: 1, v: 0 },
    args: [1, 0.1],
  },
);
export const v: Tensor<readonly [number]> = oscillator.ys.v;

// An interface that the user has already; a typed array; a number; nested trees.
interface Populations {
  prey: number;
  predator: number;
}
export function solves(y0: Populations, vector: Float64Array, list: number[]): void {
  const populations = diffeqsolve(
    (_t, { prey, predator }) => ({ prey: -prey, predator }),
    Tsit5(),
    { ...times, y0 },
  );
  populations.ys.predator satisfies Tensor<readonly [number]>;
  const chain = diffeqsolve((_t, y) => [y[0]! * 2], Tsit5(), { ...times, y0: vector });
  chain.ys satisfies Tensor<readonly [number, number]>;
  const decay = diffeqsolve((_t, y) => -y, Tsit5(), { ...times, y0: 1 });
  decay.ys satisfies Tensor<readonly [number]>;
  const pair = diffeqsolve(
    (_t, { q: [q0, q1], p: [p0, p1] }) => ({ q: [p0, p1], p: [-q0, -q1] }),
    Tsit5(),
    {
      ...times,
      y0: { q: [1, 0], p: [0, 1] },
    },
  );
  pair.ys.q[0] satisfies Tensor<readonly [number]>;
  const many = diffeqsolve((_t, y) => y.map((yi) => -yi), Tsit5(), { ...times, y0: list });
  many.ys[0] satisfies Tensor<readonly [number]> | undefined;
}

// A vector has methods that make and reduce arrays: the field is read with them, or called on a `Float64Array`.
export function vectors(
  y0: Float64Array,
  x: Tensor,
  rows: Tensor<readonly [number, number]>,
): void {
  const negative = diffeqsolve((_t, y) => y.map((v) => -v), Tsit5(), { ...times, y0 });
  negative.ys satisfies Tensor<readonly [number, number]>;
  const ring = diffeqsolve(
    (_t, { u }, k) => {
      const norm = Math.sqrt(u.reduce((s, v) => s + v * v, 0));
      const largest = u.reduce((a, b) => Math.max(a, b));
      return { u: u.map((v, i, all) => k[i]! * (all.at(i - 1)! - v) * (norm + largest)) };
    },
    Tsit5(),
    { ...times, y0: { u: y0 }, args: y0, saveat: { t1: true, fn: (_t, { u }) => u.slice(1) } },
  );
  ring.ys[0] satisfies Tensor<readonly [number]> | undefined;
  diffeqsolve((_t, y) => y.map((v) => 2 * v), Tsit5(), { ...times, y0: x });
  diffeqsolve((_t, y) => y.map((row) => row.map((v) => -v)), Tsit5(), { ...times, y0: rows });
  // @ts-expect-error -- strings for numbers
  diffeqsolve((_t, y) => y.map((v) => `${v}`), Tsit5(), { ...times, y0 });
  // @ts-expect-error -- a vector maps numbers to numbers, as a `Float64Array` does
  diffeqsolve((_t, y) => y.map((v) => [v, 1] as const).map(([v]) => v), Tsit5(), { ...times, y0 });
  // @ts-expect-error -- a state is not changed
  diffeqsolve((_t, y) => y.fill(0), Tsit5(), { ...times, y0 });
  // @ts-expect-error -- one number for a vector
  diffeqsolve((_t, y) => y.reduce((a, b) => a + b), Tsit5(), { ...times, y0 });
}

// What is saved is what `fn` returns; several things to save are saved in their arrangement.
const energies = diffeqsolve((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 0],
  saveat: { steps: true, fn: (t, [q, p]) => ({ energy: (q * q + p * p) / 2, at: t }) },
});
export const energy: Tensor<readonly [number]> = energies.ys.energy;
const several = diffeqsolve((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 0],
  saveat: { subs: { last: { t1: true }, path: { ts: [0, 0.5, 1] } } },
});
export const path: Tensor<readonly [number]> = several.ys.path[0];
export const pathTimes: Tensor<readonly [number]> = several.ts.path;
const folded = diffeqsolve((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 0],
  saveat: {
    subs: {
      path: { steps: true },
      range: {
        init: { least: Infinity, bins: new Float64Array(3) },
        update: (
          { least, bins }: { readonly least: number; readonly bins: Float64Array },
          _t: number,
          [q]: readonly [number, number],
        ) => ({ least: Math.min(least, q), bins }),
        at: "steps",
      },
      mean: [{ init: 0, update: (acc: number) => acc, at: [0.1, 0.2] }],
    },
  },
});
folded.ys.range.least satisfies Scalar;
folded.ys.range.bins satisfies Tensor<readonly [number]>;
folded.ys.mean[0] satisfies Scalar;
folded.ts.range satisfies Scalar;
folded.ys.path[0] satisfies Tensor<readonly [number]>;
folded.ts.path satisfies Tensor<readonly [number]>;
const written = { init: 0, update: (acc: number) => acc, at: "steps" };
const later = diffeqsolve((_t, y) => -y, Tsit5(), {
  ...times,
  y0: 1,
  saveat: { subs: { written } },
});
later.ys.written satisfies Scalar;
later.ts.written satisfies Scalar;
// @ts-expect-error -- a fold has no rows
folded.ys.mean[0] satisfies Tensor<readonly [number]>;
export const reused: Tensor<readonly [number]> = diffeqsolve((_t, y) => -y, Tsit5(), {
  ...times,
  y0: 1,
  saveat: SaveAt({ t1: true }),
}).ys;

// A term wants annotations.
interface Rate {
  k: number;
}
export const term: Tensor<readonly [number]> = diffeqsolve(
  ODETerm((_t, { prey, predator }: Populations, { k }: Rate) => ({ prey: -k * prey, predator })),
  HalfSolver(Tsit5()),
  { ...times, y0: { prey: 1, predator: 2 }, args: { k: 1 } },
).ys.prey;

// A field with a type of its own takes numbers, whichever they are.
interface Motion {
  x: number;
  v: number;
}
declare const move: VectorField<Motion, Rate>;
declare const turn: VectorField<readonly [number, number], readonly [number]>;
const motion = { ...times, y0: { x: 1, v: 0 }, args: { k: 1 } };
const moved = diffeqsolve(move, Tsit5(), { ...times, y0: { x: 1, v: 0 }, args: { k: 1 } });
moved.ys.x satisfies Tensor<readonly [number]>;
diffeqsolve(move, Tsit5(), motion).ys.v satisfies Tensor<readonly [number]>;
const turned = diffeqsolve(turn, Tsit5(), { ...times, y0: [1, 2], args: [3] });
turned.ys[1] satisfies Tensor<readonly [number]>;
const movedTwice = diffeqsolve(move, Tsit5(), {
  ...motion,
  saveat: { subs: [{ t1: true }, { steps: true }] },
});
movedTwice.ys[1].x satisfies Tensor<readonly [number]>;
// @ts-expect-error -- the arguments are missing
diffeqsolve(move, Tsit5(), { ...times, y0: { x: 1, v: 0 } });
// @ts-expect-error -- a field for another state
diffeqsolve(turn, Tsit5(), { ...times, y0: { x: 1, v: 0 }, args: [3] });

// A function on tensors.
export const onTensors: Tensor<readonly [number, ...number[]]> = diffeqsolve(
  traced((_t: Scalar, y: Tensor) => np.neg(y)),
  Tsit5(),
  { ...times, y0: np.ones(3) },
).ys;

// Inside functions that are differentiated and compiled.
const loss = (k: Scalar): Scalar =>
  diffeqsolve((_t, y, rate) => -rate * y, Tsit5(), { ...times, y0: 1, args: k }).ys.at(0);
export const slope: number = grad(loss)(2);
export const value: Scalar = jit(loss)(2);

// @ts-expect-error -- forgets the second component
diffeqsolve((_t, [q, _p]) => [q], Tsit5(), { ...times, y0: [1, 0] });
// @ts-expect-error -- forgets the predator
diffeqsolve((_t, { prey }) => ({ prey }), Tsit5(), { ...times, y0: { prey: 1, predator: 0 } });
// @ts-expect-error -- a misspelt name
diffeqsolve((_t, { prey }) => ({ pray: -prey }), Tsit5(), { ...times, y0: { prey: 1 } });
// @ts-expect-error -- a string is no state
diffeqsolve((_t, y) => y, Tsit5(), { ...times, y0: { name: "x" } });
// @ts-expect-error -- without parentheses
diffeqsolve((_t, y) => -y, Tsit5, { ...times, y0: 1 });
// @ts-expect-error -- dt0 is left out
diffeqsolve((_t, y) => -y, Tsit5(), { t0: 0, t1: 1, y0: 1 });
const populations = ODETerm((_t, y: Populations) => y);
// @ts-expect-error -- a term for another state
diffeqsolve(populations, Tsit5(), { ...times, y0: { hares: 1 } });
const adaptive = PIDController({ rtol: 1e-3, atol: 1e-6 });
// @ts-expect-error -- a misspelt option
diffeqsolve((_t, y) => -y, Tsit5(), { ...times, y0: 1, stepSizeController: adaptive });
// @ts-expect-error -- a misspelt option of saveat
diffeqsolve((_t, y) => -y, Tsit5(), { ...times, y0: 1, saveat: { tss: [1] } });
// @ts-expect-error -- a tolerance is left out
PIDController({ rtol: 1e-6 });

// In traced code a number is a scalar tensor, and how a solve ended is one too: it is compared by isSuccessful alone.
export const inTrace = (rate: Scalar, t1: Scalar): unknown[] => {
  const byArgs = diffeqsolve((_t, y, k) => k * y, Tsit5(), { ...times, y0: 1, args: rate });
  const inTree = diffeqsolve((_t, y, { k }) => k * y, Tsit5(), {
    ...times,
    y0: 1,
    args: { k: rate, n: 2 },
  });
  const byTime = diffeqsolve((_t, y) => y, Tsit5(), {
    ...times,
    t1,
    y0: 1,
    saveat: { subs: { a: { t1: true } } },
  });
  const numSteps: Scalar = byArgs.stats.numSteps;
  const fine: Tensor = isSuccessful(byArgs.result);
  return [
    // @ts-expect-error -- a tensor is never equal to a text
    byArgs.result === "successful",
    // @ts-expect-error -- nor here
    inTree.result === "successful",
    // @ts-expect-error -- nor here
    byTime.result === "successful",
    // @ts-expect-error -- nor to a number
    byArgs.stats.numSteps === 3,
    numSteps,
    fine,
  ];
};

// A state may be a tensor at top level, and either a number or a scalar tells nothing.
export const known: string = diffeqsolve((_t, y) => y, Tsit5(), {
  ...times,
  y0: np.tensor([1, 2]),
}).result;
export const either = (k: number | Scalar): string =>
  diffeqsolve((_t, y) => -y, Tsit5(), { ...times, y0: 1, args: k }).result;

// With dense output alone nothing is saved; what a solution can do may be passed on.
const curve = diffeqsolve((_t, y) => y, Tsit5(), { ...times, y0: 1, saveat: { dense: true } });
export const nothing: readonly [null, null] = [curve.ts, curve.ys];
export const { evaluate }: { evaluate: (t: number) => Scalar } = curve;
export const both = diffeqsolve((_t, y) => y, Tsit5(), {
  ...times,
  y0: 1,
  saveat: SaveAt({ dense: true, t1: true }),
}).ys.at(0);

// A path among the arguments: its values are numbers in plain arithmetic, and tensors outside of it.
const weather = LinearInterpolation([0, 1], {
  a: [2, 3],
  b: [
    [1, 2],
    [3, 4],
  ],
});
export const driven = diffeqsolve(
  (t, [y, z], { control, rate }) => {
    const { a, b } = control.evaluate(t);
    return [rate * a - y, b[0]! + control.derivative(t).a * z];
  },
  Tsit5(),
  { ...times, y0: [1, 2], args: { control: weather, rate: 2 } },
);
export const rowOfPath: Tensor<readonly [number]> = weather.evaluate(0.5).b;
// @ts-expect-error -- data have no such key
export const misspelt: unknown = weather.evaluate(0.5).c;
