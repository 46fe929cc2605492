import { add, mul, sub, sum, tensor } from "@diffrax-ts/array";
import { checkTraces, grad, jit, scan, valueAndGrad, vmap } from "@diffrax-ts/autodiff";
import {
  adabelief,
  adam,
  adamw,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  exponentialDecay,
  globalNorm,
  incrementalUpdate,
  Linear,
  type Optimizer,
  type OptimizerState,
  rmsprop,
  sgd,
} from "@diffrax-ts/nn";
import { part, type Scalar, structure, structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { beforeEach, describe, expect, test } from "vitest";
import { expectClose } from "./support/expectClose.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

interface Params {
  readonly a: Scalar;
  readonly b: Tensor;
}

/** `1.5 (a - 1)² + b₀² + b₀ b₁ + 2 b₁²` */
function loss({ a, b }: Params): Tensor {
  const [b0, b1] = [b.at(0), b.at(1)];
  const da = sub(a, 1);
  return add(mul(mul(da, da), 1.5), add(mul(b0, b0), add(mul(b0, b1), mul(mul(b1, b1), 2))));
}

// Optax 0.2.8 with JAX 0.10.2 and jax_enable_x64: [a, ...b] after five steps from a = 0.5, b = [2, -1].
// The count of the schedule was converted to float64; optax itself takes a schedule's value in float32.
const cases: readonly { name: string; optimizer: Optimizer; ends: number[] }[] = [
  { name: "sgd(0.1)", optimizer: sgd(0.1), ends: [0.915965, 0.86581, -0.36795999999999995] },
  {
    name: "sgd(0.1, { momentum: 0.9 })",
    optimizer: sgd(0.1, { momentum: 0.9 }),
    ends: [1.38914, -0.7877600000000002, 0.43916000000000005],
  },
  {
    name: "sgd(0.1, { momentum: 0.9, nesterov: true })",
    optimizer: sgd(0.1, { momentum: 0.9, nesterov: true }),
    ends: [1.17392611985, -0.7213339781000001, 0.31476222860000014],
  },
  {
    name: "adam(0.1)",
    optimizer: adam(0.1),
    ends: [0.9721855503494355, 1.5018028301893451, -0.5157999547019122],
  },
  {
    name: "adam(0.05, { b1: 0.8, b2: 0.9, eps: 1e-3, epsRoot: 1e-2 })",
    optimizer: adam(0.05, { b1: 0.8, b2: 0.9, eps: 1e-3, epsRoot: 1e-2 }),
    ends: [0.7448258421057833, 1.7506702932404932, -0.7532861514066433],
  },
  {
    name: "adamw(0.1, { weightDecay: 0.3 })",
    optimizer: adamw(0.1, { weightDecay: 0.3 }),
    ends: [0.8818451658872632, 1.250413935802687, -0.4084717485872064],
  },
  {
    name: "adabelief(0.1)",
    optimizer: adabelief(0.1),
    ends: [1.049146004282353, 1.3905745426780265, -0.4229578788491798],
  },
  {
    name: "adabelief(0.05, { b1: 0.8, b2: 0.9, eps: 1e-3, epsRoot: 1e-2 })",
    optimizer: adabelief(0.05, { b1: 0.8, b2: 0.9, eps: 1e-3, epsRoot: 1e-2 }),
    ends: [0.8398670512586723, 1.6215453519145506, -0.6416777167917143],
  },
  {
    name: "rmsprop(0.05)",
    optimizer: rmsprop(0.05),
    ends: [0.9001024189840864, 1.4861862984062995, -0.556303623973288],
  },
  {
    name: "rmsprop(0.05, { decay: 0.7, eps: 1e-2, initialScale: 0.3 })",
    optimizer: rmsprop(0.05, { decay: 0.7, eps: 1e-2, initialScale: 0.3 }),
    ends: [0.7766251888602321, 1.6762550255448796, -0.7036743150474158],
  },
  {
    name: "rmsprop(0.05, { decay: 0.7, eps: 1e-2, epsInSqrt: false })",
    optimizer: rmsprop(0.05, { decay: 0.7, eps: 1e-2, epsInSqrt: false }),
    ends: [0.7923588470633564, 1.6718847613694017, -0.6943296832653325],
  },
  {
    name: "rmsprop(0.05, { centered: true, eps: 1e-2 })",
    optimizer: rmsprop(0.05, { centered: true, eps: 1e-2 }),
    ends: [0.9221699986470135, 1.4148588275871197, -0.5149537748727667],
  },
  {
    name: "rmsprop(0.02, all options of the means)",
    optimizer: rmsprop(0.02, {
      centered: true,
      eps: 1e-2,
      biasCorrection: true,
      initialScale: 0.3,
      epsInSqrt: false,
    }),
    ends: [0.6415728702514649, 1.6963417471109934, -0.8071579837753932],
  },
  {
    name: "rmsprop(0.05, { biasCorrection: true })",
    optimizer: rmsprop(0.05, { biasCorrection: true }),
    ends: [0.7237471180427875, 1.7540558349026827, -0.7687465781996392],
  },
  {
    name: "rmsprop(0.02, { momentum: 0.5 })",
    optimizer: rmsprop(0.02, { momentum: 0.5 }),
    ends: [0.8170775725246128, 1.6476965293754666, -0.6706287868620833],
  },
  {
    name: "rmsprop(0.02, { momentum: 0.5, nesterov: true })",
    optimizer: rmsprop(0.02, { momentum: 0.5, nesterov: true }),
    ends: [0.832528778261268, 1.616460530145734, -0.6490746510100411],
  },
  {
    name: "chain(clipByGlobalNorm(1), adam(0.1))",
    optimizer: chain(clipByGlobalNorm(1), adam(0.1)),
    ends: [0.9816408305780938, 1.4982696780014475, -0.50744723185683],
  },
  {
    name: "chain(clipByGlobalNorm(1), sgd(0.5))",
    optimizer: chain(clipByGlobalNorm(1), sgd(0.5)),
    ends: [0.9966074092235742, 0.06142416739310941, -0.024784229415032916],
  },
  {
    name: "adam(exponentialDecay({ initValue: 0.1, transitionSteps: 2, decayRate: 0.5 }))",
    optimizer: adam(exponentialDecay({ initValue: 0.1, transitionSteps: 2, decayRate: 0.5 })),
    ends: [0.7754913967046935, 1.7193821122503383, -0.7223108267764476],
  },
];
const start = (): Params => ({ a: tensor(0.5), b: tensor([2, -1]) });
const flat = ({ a, b }: { a: Scalar | number; b: Tensor | Float64Array }): number[] => [
  typeof a === "number" ? a : a.item(),
  ...b,
];

describe("five steps have the figures of optax with", () => {
  test.each(cases)("$name, step by step", ({ optimizer, ends }) => {
    const gradient = grad(loss);
    let params = start();
    let state = optimizer.init(params);
    for (let i = 0; i < 5; i++) {
      const step = optimizer.update(gradient(params), state, params);
      state = step.state;
      params = applyUpdates(params, step.updates);
    }
    expectClose(flat(params), ends);
  });

  test.each(cases)("$name, compiled as one scan", ({ optimizer, ends }) => {
    const fit = jit((first: Params) => {
      const turn = ({ params, state }: { params: Params; state: OptimizerState }) => {
        const step = optimizer.update(grad(loss)(params), state, params);
        return {
          carry: { params: applyUpdates(params, step.updates), state: step.state },
          row: null,
        };
      };
      const begin = { params: first, state: optimizer.init(first) };
      return scan(turn, begin, null, { length: 5 }).carry.params;
    });
    expectClose(flat(fit(start())), ends);
  });
});

describe("parameters", () => {
  test("of numbers and typed arrays stay numbers and typed arrays, without a cast", () => {
    const gradient = grad(loss);
    const optimizer = adam(0.1);
    let params: { a: number; b: Float64Array } = { a: 0.5, b: Float64Array.of(2, -1) };
    let state = optimizer.init(params);
    for (let i = 0; i < 5; i++) {
      const step = optimizer.update(gradient(params), state);
      state = step.state;
      params = applyUpdates(params, step.updates);
    }
    expect(params.b).toBeInstanceOf(Float64Array);
    expectClose(flat(params), cases.find(({ name }) => name === "adam(0.1)")!.ends);
  });

  test("may be a part, which a compiled step takes and returns: a line is fitted to data", () => {
    const xs = tensor([[-1], [0], [1], [2]]);
    const ys = tensor([[-1], [1], [3], [5]]); // 2 x + 1
    let traces = 0;
    const optimizer = adam(0.1);
    const step = jit((model: Linear, before: OptimizerState) => {
      traces++;
      const { value, grad: gradient } = valueAndGrad((layer: Linear) => {
        const error = sub(layer.apply(xs), ys);
        return sum(mul(error, error));
      })(model);
      const { updates, state } = optimizer.update(gradient, before);
      return { model: applyUpdates(model, updates), state, value };
    });
    let model = Linear(1, 1, { key: key(0) });
    let state = optimizer.init(model);
    for (let i = 0; i < 500; i++) ({ model, state } = step(model, state));
    expect(traces).toBe(1);
    expectClose(model.weight.toArray(), [[2]], 1e-6);
    expectClose(model.bias!.toArray(), [1], 1e-6);
  });

  test("of float32 stay float32", () => {
    const params = { w: tensor([1, 2], { dtype: "float32" }) };
    for (const optimizer of [
      adamw(0.1),
      adabelief(exponentialDecay({ initValue: 0.1, transitionSteps: 2, decayRate: 0.5 })),
      sgd(tensor(0.1), { momentum: 0.5 }),
      rmsprop(0.1, { centered: true, biasCorrection: true, initialScale: 1, momentum: 0.5 }),
      clipByGlobalNorm(1),
    ]) {
      const { updates } = optimizer.update(params, optimizer.init(params), params);
      expect(applyUpdates(params, updates).w.dtype).toBe("float32");
    }
  });
});

describe("an optimiser", () => {
  test("made twice with the same options is the same structure", () => {
    const schedule = () => exponentialDecay({ initValue: 0.1, transitionSteps: 2, decayRate: 0.5 });
    for (const make of [
      () => adam(0.1),
      () => adamw(schedule(), { weightDecay: 0.1 }),
      () => adabelief(0.1),
      () => sgd(0.1, { momentum: 0.9 }),
      () => rmsprop(0.1, { momentum: 0.9 }),
      () => chain(clipByGlobalNorm(1), adam(0.1)),
    ]) {
      expect(structuresEqual(structure(make()), structure(make()))).toBe(true);
    }
  });

  test("with a tensor as its learning rate takes another one without a new trace", () => {
    let traces = 0;
    const first = jit((optimizer: Optimizer, grads: Tensor) => {
      traces++;
      return optimizer.update(grads, optimizer.init(grads)).updates;
    });
    const rates = [0.1, 0.2, 0.3];
    const steps = rates.map((rate) =>
      first(sgd(tensor(rate)), tensor([1]))
        .at(0)
        .item(),
    );
    expect(steps).toEqual([-0.1, -0.2, -0.3]);
    expect(traces).toBe(1);
  });

  test("runs for a batch of parameters at once under vmap", () => {
    const optimizer = adam(0.1);
    const step = vmap((grads: Tensor) => optimizer.update(grads, optimizer.init(grads)).updates);
    const grads = tensor([
      [1, -2],
      [3, 0],
    ]);
    const one = (i: number): unknown =>
      optimizer.update(grads.at(i), optimizer.init(grads.at(i))).updates.toArray();
    expect(step(grads).toArray()).toEqual([one(0), one(1)]);
  });

  test("takes a schedule of one's own", () => {
    const optimizer = sgd({ value: (count) => add(count, 1) as Scalar });
    const wanted = [-1, -2, -3];
    let state = optimizer.init(0);
    for (const update of wanted) {
      const step = optimizer.update(1, state);
      state = step.state;
      expect(step.updates).toBe(update);
    }
  });
});

test("clipByGlobalNorm(maxNorm) leaves short gradients as they are, zeros too, and does not hide NaN", () => {
  const clip = clipByGlobalNorm(5);
  const update = (grads: number[]): number[] => clip.update(grads, clip.init(grads)).updates;
  expect(update([3, 3.9])).toEqual([3, 3.9]);
  expect(update([0, 0])).toEqual([0, 0]);
  expect(update([30, 40])).toEqual([3, 4]);
  expect(update([NaN, 1])).toEqual([NaN, NaN]);
  expect(globalNorm({ a: tensor([3, 0], { dtype: "float32" }), b: [4] }).item()).toBe(5);
  expect(globalNorm([]).item()).toBe(0);
});

test("incrementalUpdate(newParams, oldParams, stepSize) goes from the old to the new, and keeps numbers and dtypes", () => {
  const old = { a: 1, w: tensor([0, 8], { dtype: "float32" }) };
  const now = { a: 3, w: tensor([4, 0], { dtype: "float32" }) };
  const { a, w } = incrementalUpdate(now, old, 0.25);
  expect(a).toBe(1.5);
  expect(w.dtype).toBe("float32");
  expect(w.toArray()).toEqual([1, 6]);
  expect(incrementalUpdate(now, old, 0)).toEqual(old);
  expect(incrementalUpdate(now, old, 1)).toEqual(now);
  // Every new number has a share of the step size, those before shares that fall by its rest.
  let mean = 0;
  for (let i = 1; i <= 5; i++) mean = incrementalUpdate(i, mean, 0.5);
  expect(mean).toBe(1 / 32 + 2 / 16 + 3 / 8 + 4 / 4 + 5 / 2);
});

describe("refused, with the optimiser and the value, are", () => {
  const params = { a: 1, w: tensor([1, 2]) };
  const refused: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "a negative learning rate",
      call: () => adam(-1),
      message:
        /^adam: learningRate must be a number >= 0, a scalar tensor or a schedule, got -1; to climb, negate the loss$/u,
    },
    {
      name: "NaN as the learning rate",
      call: () => sgd(NaN),
      message: /^sgd: learningRate .*NaN$/u,
    },
    {
      name: "a vector as the learning rate",
      call: () => adabelief(tensor([1])),
      message: /^adabelief: learningRate must/u,
    },
    {
      name: "a learning rate among the options",
      call: () => adam({ learningRate: 1 } as never),
      message: /^adam: learningRate must/u,
    },
    {
      name: "no learning rate",
      call: () => adamw(undefined as never),
      message: /^adamw: learning/u,
    },
    {
      name: "a decay of 1",
      call: () => adam(1, { b1: 1 }),
      message: /^adam: b1 must be >= 0 and < 1, got 1$/u,
    },
    {
      name: "a negative eps",
      call: () => adamw(1, { eps: -1 }),
      message: /^adamw: eps must be >= 0/u,
    },
    {
      name: "a negative weight decay",
      call: () => adamw(1, { weightDecay: -1 }),
      message: /^adamw: weightDecay must be >= 0, got -1$/u,
    },
    {
      name: "an option that does not exist",
      call: () => adam(1, { beta1: 0.9 } as never),
      message: /^adam: there is no option beta1, only b1, b2, eps, epsRoot$/u,
    },
    {
      name: "a norm of 0",
      call: () => clipByGlobalNorm(0),
      message: /^clipByGlobalNorm: maxNorm must be > 0, got 0$/u,
    },
    { name: "a momentum above 1", call: () => sgd(1, { momentum: 2 }), message: /^sgd: momentum/u },
    {
      name: "a decay of NaN",
      call: () => rmsprop(1, { decay: NaN }),
      message: /^rmsprop: decay must be >= 0 and < 1, got NaN$/u,
    },
    {
      name: "an initial scale below 0",
      call: () => rmsprop(1, { initialScale: -1 }),
      message: /^rmsprop: initialScale must be >= 0, got -1$/u,
    },
    {
      name: "a negative learning rate, as of an adversary",
      call: () => rmsprop(-1e-4),
      message: /^rmsprop: learningRate must be .*, got -0\.0001; to climb, negate the loss$/u,
    },
    {
      name: "Optax's name of an option",
      call: () => rmsprop(1, { eps_in_sqrt: false } as never),
      message:
        /^rmsprop: there is no option eps_in_sqrt, only decay, eps, initialScale, epsInSqrt/u,
    },
    {
      name: "a step size above 1",
      call: () => incrementalUpdate({ a: 1 }, { a: 0 }, 2),
      message: /^incrementalUpdate: stepSize must be between 0 and 1, got 2$/u,
    },
    {
      name: "parameters that are not alike",
      call: () => incrementalUpdate({ w: tensor([1]) }, { w: tensor([1, 2]) }, 0.1),
      message: /^oldParams\.w: expected float64\[1\], as in newParams, got float64\[2\]$/u,
    },
    {
      name: "adamw without parameters",
      call: () => adamw(1).update(params, adamw(1).init(params)),
      message: /^adamw: params are missing; call update\(grads, state, params\)$/u,
    },
    {
      name: "gradients of another structure than the state",
      call: () => adam(1).update({ a: 1 }, adam(1).init(params)),
      message: /^state\.mu: expected .*/u,
    },
    {
      name: "gradients of another shape than the parameters",
      call: () => adam(1).update({ a: 1, w: tensor([1, 2, 3]) }, adam(1).init(params)),
      message: /^state\.mu\.w: expected float64\[3\], as in grads, got float64\[2\]$/u,
    },
    {
      name: "updates of another dtype than the parameters",
      call: () => applyUpdates({ w: tensor([1]) }, { w: tensor([1], { dtype: "float32" }) }),
      message: /^updates\.w: expected float64\[1\], as in params, got float32\[1\]$/u,
    },
    {
      name: "the state of another optimiser",
      call: () => adam(1).update(params, clipByGlobalNorm(1).init(params)),
      message: /^optimizer\.update: state is not one of this optimiser/u,
    },
    {
      name: "no state",
      call: () => adam(1).update(params, undefined as never),
      message: /^optimizer\.update: state is not one of this optimiser/u,
    },
    {
      name: "updates without the parts that the parameters have",
      call: () => applyUpdates(part("Scale", { w: tensor([1]) }), { w: tensor([1]) } as never),
      message: /^updates: expected/u,
    },
  ];
  test.each(refused)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});
