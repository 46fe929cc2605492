import {
  adjointRmsSeminorm,
  BacksolveAdjoint,
  diffeqsolve,
  DirectAdjoint,
  Dopri5,
  ForwardMode,
  grad,
  hessian,
  ImplicitAdjoint,
  jacfwd,
  jacrev,
  jvp,
  np,
  PIDController,
  RecursiveCheckpointAdjoint,
  ReversibleHeun,
  Tsit5,
  valueAndGrad,
  vjp,
  vmap,
} from "@diffrax-ts/core";
import { noise } from "./numbers.mjs";
import { lorenz, lorenzArgs, tracedLorenz } from "./solves.mjs";

const tight = PIDController({ rtol: 1e-7, atol: 1e-7 });

/** The sum of what Lorenz's system comes to, as a function of its start and its parameters. */
const loss =
  (options = {}, solver = Tsit5(), field = lorenz) =>
  ({ y0, args }) => {
    const { ys } = diffeqsolve(field, solver, {
      t0: 0,
      t1: 1,
      dt0: 0.02,
      y0,
      args,
      saveat: { ts: [0.4, 1] },
      ...options,
    });
    return Array.isArray(ys) ? ys.map((row) => np.sum(row)).reduce((a, b) => a.add(b)) : np.sum(ys);
  };
const place = { y0: [1, 1, 1], args: lorenzArgs };
const vector = { y0: Float64Array.of(1, 1, 1), args: lorenzArgs };
const single = {
  y0: Float32Array.of(1, 1, 1),
  args: lorenzArgs.map((x) => np.tensor(x, { dtype: "float32" })),
};

const adjoints = {
  "RecursiveCheckpointAdjoint()": {},
  "RecursiveCheckpointAdjoint({ checkpoints: 3 })": {
    adjoint: RecursiveCheckpointAdjoint({ checkpoints: 3 }),
  },
  "no limit of the steps": { maxSteps: null },
  "DirectAdjoint()": { adjoint: DirectAdjoint(), maxSteps: 128 },
  "BacksolveAdjoint()": { adjoint: BacksolveAdjoint() },
  "BacksolveAdjoint() with a seminorm": {
    adjoint: BacksolveAdjoint({
      solver: Dopri5(),
      stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6, norm: adjointRmsSeminorm }),
    }),
  },
};

/** Where y' = a - y³ - b y comes to rest. */
const rest = ({ a, b }) =>
  diffeqsolve((t, y, { a: push, b: pull }) => push - y * y * y - pull * y, Tsit5(), {
    t0: 0,
    t1: 40,
    dt0: 0.1,
    y0: 0.5,
    args: { a, b },
    stepsizeController: tight,
    adjoint: ImplicitAdjoint(),
  }).ys.at(0);

/** @type {Record<string, () => unknown>} */
export const gradients = {
  ...Object.fromEntries(
    Object.entries(adjoints).map(([name, options]) => [
      `gradient, ${name}`,
      () => [
        valueAndGrad(loss(options))(place),
        grad(loss({ ...options, stepsizeController: tight }))(place),
        grad(loss(options, Tsit5(), tracedLorenz))(vector),
      ],
    ]),
  ),
  "gradient in float32": () => [
    grad(loss({}, Tsit5(), tracedLorenz))(single),
    grad(loss({ adjoint: BacksolveAdjoint() }, Tsit5(), tracedLorenz))(single),
  ],
  "gradient, ReversibleHeun()": () =>
    grad(loss({ t1: 0.3, dt0: 0.01, saveat: { t1: true } }, ReversibleHeun()))(place),
  "gradient, backward in time": () =>
    grad(
      loss({ t0: 0.2, t1: 0, dt0: -0.02, saveat: { ts: [0.15, 0.05] }, stepsizeController: tight }),
    )(place),
  "gradient, the first step chosen": () =>
    grad(loss({ dt0: null, stepsizeController: tight }))(place),
  "jacfwd, ForwardMode()": () =>
    jacfwd(loss({ adjoint: ForwardMode(), stepsizeController: tight }))(place),
  "jacrev of a vector": () =>
    jacrev(
      (y0) =>
        diffeqsolve(tracedLorenz, Tsit5(), { t0: 0, t1: 0.5, dt0: 0.05, y0, args: lorenzArgs }).ys,
    )(vector.y0),
  "jvp and vjp": () => {
    const f = (args) => loss({ stepsizeController: tight })({ y0: [1, 1, 1], args });
    const { value, tangent } = jvp(f, [lorenzArgs], [[1, -0.5, 0.25]]);
    return [value, tangent, vjp(f, lorenzArgs).vjp(np.tensor(1.5))];
  },
  hessian: () => hessian(loss({ saveat: { t1: true } }, Tsit5(), tracedLorenz))(vector),
  "hessian, RecursiveCheckpointAdjoint backward over backward": () => {
    const f = (x) =>
      loss({ maxSteps: 64, t1: 0.5, saveat: { t1: true } })({ y0: [x, 1, 1], args: lorenzArgs });
    return grad((x) => grad(f)(x))(1);
  },
  "ImplicitAdjoint()": () => valueAndGrad(rest)({ a: 2, b: 0.3 }),
  "gradient of a dense solution": () =>
    grad((y0) => {
      const options = { t0: 0, t1: 1, dt0: 0.05, y0, maxSteps: 32, saveat: { dense: true } };
      const solution = diffeqsolve((t, y) => Math.sin(y) - t * y, Tsit5(), options);
      return solution.evaluate(0.33).add(solution.derivative(0.71));
    })(0.8),
  "a batch of gradients": () => {
    const starts = np.reshape(noise(15, 11), [5, 3]);
    const f = (y0) =>
      loss(
        { maxSteps: 256, stepsizeController: tight },
        Tsit5(),
        tracedLorenz,
      )({ y0, args: lorenzArgs });
    return [vmap((y0) => grad(f)(y0))(starts), grad((all) => np.sum(vmap(f)(all)))(starts)];
  },
};
