import { diffeqsolve, grad, jit, np, ODETerm, scan, traced, Tsit5, vmap } from "@diffrax-ts/core";
import { adam, applyUpdates, gelu, GRUCell, MLP, silu, softplus, tanh } from "@diffrax-ts/nn";
import { bits, foldIn, key, normal, split, uniform } from "@diffrax-ts/random";
import { noise } from "./numbers.mjs";

/** @type {<T>(run: (dtype: "float64" | "float32") => T) => T[]} */
const inBoth = (run) => [run("float64"), run("float32")];

const network = (dtype) =>
  MLP({ inSize: 2, outSize: 2, widthSize: 16, depth: 2, activation: tanh, key: key(7), dtype });
const field = traced((t, y, args, params) => params.apply(y));

/** @type {(dtype: "float64" | "float32") => (params: any) => any} */
const neuralOde = (dtype) => (params) => {
  const starts = np.astype(np.reshape(noise(20, 31), [10, 2]), dtype);
  const end = (y0) =>
    diffeqsolve(ODETerm(field, params), Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0, maxSteps: 16 }).ys;
  return np.mean(np.square(vmap(end)(starts)));
};

/** @type {Record<string, () => unknown>} */
export const networks = {
  "random numbers": () =>
    inBoth((dtype) => {
      const keys = split(key(42));
      const [a, b] = [keys.at(0), keys.at(1)];
      return [
        a,
        b,
        foldIn(a, 3),
        bits(b, [5]),
        uniform(a, [40], { dtype }),
        normal(b, [200], { dtype }),
      ];
    }),
  "activations, in both dtypes": () =>
    inBoth((dtype) => {
      const x = np.mul(np.tensor(noise(60, 32), { dtype }), 20);
      return [gelu(x), silu(x), softplus(x)];
    }),
  "an MLP and its gradient": () =>
    inBoth((dtype) => {
      const x = np.astype(np.reshape(noise(6, 33), [3, 2]), dtype);
      const loss = (model) => np.sum(np.square(model.apply(x)));
      const { layers } = grad(loss)(network(dtype));
      return [network(dtype).apply(x), layers.map(({ weight, bias }) => [weight, bias])];
    }),
  "a GRUCell over a series": () =>
    jit(
      (cell, xs) => scan((h, x) => ({ carry: cell.apply(x, h), row: h }), np.zeros([4]), xs).rows,
    )(GRUCell(2, 4, { key: key(8) }), np.reshape(noise(24, 34), [12, 2])),
  "the gradient of a neural differential equation, over a batch": () =>
    inBoth((dtype) => {
      const { layers } = grad(neuralOde(dtype))(network(dtype));
      return layers.map(({ weight, bias }) => [weight, bias]);
    }),
  "five steps of adam": () => {
    const optimizer = adam(1e-2);
    let model = network("float64");
    let state = optimizer.init(model);
    for (let i = 0; i < 5; i++) {
      const step = optimizer.update(grad(neuralOde("float64"))(model), state);
      [model, state] = [applyUpdates(model, step.updates), step.state];
    }
    return model.layers.map(({ weight, bias }) => [weight, bias]);
  },
};
