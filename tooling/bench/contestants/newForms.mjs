// In a new process: how long the import takes, and then each of ten solves, or gradients, of equations of another form: other
// text, other primitives, another state.
//
//   node newForms.mjs solve | gradient [core/bundle] [--calls]
//
// With --calls: how many calls of our functions the second to the tenth take, in the mean. That is the same on every machine, however busy it is.
import { Session } from "node:inspector/promises";
import process from "node:process";
import { parseArgs } from "node:util";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { calls: { type: "boolean", default: false } },
});
const [what, entry = "core"] = positionals;
const start = performance.now();
const { diffeqsolve, grad, PIDController, Tsit5 } = await import(`@diffrax-ts/${entry}`);
const imported = performance.now() - start;

/** Of each the field, its state and its parameters. @type {[Function, any, any][]} */
const forms = [
  [
    (t, [prey, predator], [a, b, c, d]) => [
      a * prey - b * prey * predator,
      c * prey * predator - d * predator,
    ],
    [10, 5],
    [0.1, 0.02, 0.01, 0.4],
  ],
  [
    (t, [angle, speed], { g, length }) => [speed, -(g / length) * Math.sin(angle)],
    [1, 0],
    { g: 9.81, length: 1 },
  ],
  [(t, [x, v], mu) => [v, mu * (1 - x * x) * v - x], [2, 0], 2],
  [
    (t, { s, i, r }, { beta, gamma }) => {
      const infected = (beta * s * i) / (s + i + r);
      const recovered = gamma * i;
      return { s: -infected, i: infected - recovered, r: recovered };
    },
    { s: 990, i: 10, r: 0 },
    { beta: 0.5, gamma: 0.1 },
  ],
  [
    (t, [a, b, c], { k, fast }) => [
      -k * a + fast * b * c,
      k * a - fast * b * c - 30 * b ** 2,
      30 * b ** 2,
    ],
    [1, 0, 0],
    { k: 0.04, fast: 10 },
  ],
  [
    (t, [x, y], { w, c }) => [Math.tanh(w * x + c * y), Math.tanh(w * y - c * x) - 0.1 * y],
    [1, 0.5],
    { w: -0.5, c: 1.2 },
  ],
  [
    (t, [height, speed], { g, stiffness }) => {
      let force = -g;
      if (height < 0) force = force - stiffness * height - 0.5 * speed;
      return [speed, force];
    },
    [1, 0],
    { g: 9.81, stiffness: 100 },
  ],
  [
    (t, [c, temperature], { rate, energy }) => {
      const k = rate * Math.exp(-energy / temperature);
      return [-k * c, 5 * k * c - 0.2 * (temperature - 1)];
    },
    [1, 1],
    { rate: 2, energy: 1 },
  ],
  [
    (t, y, { k }) => {
      const dy = [];
      for (let i = 0; i < 4; i++) dy.push(k * (y[(i + 1) % 4] - y[i]) - 0.1 * Math.abs(y[i]));
      return dy;
    },
    [1, 2, 3, 4],
    { k: 0.3 },
  ],
  [
    (t, [v, w], { i, tau }) => [v - v ** 3 / 3 - w + i * Math.cos(t), (v + 0.7 - 0.8 * w) / tau],
    [-1, 1],
    { i: 0.5, tau: 12.5 },
  ],
];

/** The sum of all leaves at the end. */
const total = (ys) =>
  "shape" in ys ? ys.at(-1) : Object.values(ys).reduce((sum, y) => total(y).add(sum), 0);

const timeOf = ([field, y0, args]) => {
  const solve = (given) =>
    diffeqsolve(field, Tsit5(), {
      t0: 0,
      t1: 1,
      dt0: 0.1,
      y0,
      args: given,
      stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-8 }),
    });
  const before = performance.now();
  if (what === "gradient") grad((given) => total(solve(given).ys))(args);
  else solve(args);
  return performance.now() - before;
};

if (values.calls) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  timeOf(forms[0]);
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  for (const form of forms.slice(1)) timeOf(form);
  const { result } = await session.post("Profiler.takePreciseCoverage");
  let calls = 0;
  for (const { url, functions } of result)
    if (url.includes("/packages/")) for (const { ranges } of functions) calls += ranges[0].count;
  process.stdout.write(JSON.stringify({ calls: calls / (forms.length - 1) }));
} else process.stdout.write(JSON.stringify({ import: imported, times: forms.map(timeOf) }));
