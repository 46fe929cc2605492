// The functions among several things to save have the types of the state and of the arguments.
import { diffeqsolve, integrator, np, traced, Tsit5 } from "@diffrax-ts/core";
import type { Tensor } from "@diffrax-ts/core";

const times = { t0: 0, t1: 1, dt0: 0.1 } as const;
const { ys } = diffeqsolve((_t, { x, v }, { k }) => ({ x: v, v: -k * x }), Tsit5(), {
  ...times,
  y0: { x: 1, v: 0 },
  args: { k: 2 },
  saveat: {
    subs: {
      energy: { steps: true, fn: (_t, { x, v }, { k }) => (v * v + k * x * x) / 2 },
      last: [{ t1: true, fn: (t, y) => ({ at: t, x: y.x }) }, { t1: true }],
      deep: { deeper: { ts: [0, 1], fn: (t) => t } },
      tensors: { t1: true, fn: traced((_t: Tensor, y: { readonly x: Tensor }) => np.sin(y.x)) },
      longest: {
        init: 0,
        update: (most: number, _t: number, y: { readonly x: number }) => Math.max(most, y.x),
        at: "steps",
      },
    },
  },
});
ys.energy satisfies Tensor<readonly [number]>;
ys.last[0].at satisfies Tensor<readonly [number]>;
ys.last[1].v satisfies Tensor<readonly [number]>;
ys.deep.deeper satisfies Tensor<readonly [number]>;

const [q] = diffeqsolve((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 0],
  saveat: { subs: [{ steps: true, fn: (_t, [q, p]) => [q, p, q * p] }] },
}).ys;
q[0]! satisfies Tensor<readonly [number]>;

diffeqsolve((_t, y) => -y, Tsit5(), {
  ...times,
  y0: 1,
  saveat: { subs: { t1: true, fn: (_t, y) => 2 * y } },
}).ys satisfies Tensor<readonly [number]>;

const ofNumber = { ...times, y0: 1 } as const;
const field = (_t: number, y: number): number => -y;
diffeqsolve(field, Tsit5(), {
  ...ofNumber,
  // @ts-expect-error -- the state is a number
  saveat: { subs: { a: { t1: true, fn: (_t, y) => y.x } } },
});

// Declared apart, for what the state is to whoever wrote it.
const first = (_t: number, y: readonly number[]): number => y[0]!;
const live = integrator((_t, [q, p]) => [p, -q], Tsit5(), {
  ...times,
  y0: [1, 0],
  saveat: {
    subs: { first: { steps: true, fn: first }, second: { steps: true, fn: (_t, [, p]) => p } },
  },
});
live satisfies object;
