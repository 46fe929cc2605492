// Langevin methods want the terms of that equation, and their functions infer from annotations alone.
import {
  ALIGN,
  ControlTerm,
  diffeqsolve,
  Euler,
  MultiTerm,
  ODETerm,
  QUICSORT,
  type Tensor,
  traced,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";

const bm = VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.1, shape: [2], key: key(0) });
const matrices = { gamma: 1, u: [1, 2] };
const drift = UnderdampedLangevinDriftTerm({
  ...matrices,
  gradF: ([a, b]: readonly [number, number], k: number) => [k * a, b],
});
const noise = UnderdampedLangevinDiffusionTerm({ ...matrices, bm });
const options = {
  t0: 0,
  t1: 1,
  dt0: 0.1,
  y0: [
    [1, 0],
    [0, 1],
  ],
} as const;

export const x: Tensor<readonly [number]> = diffeqsolve(
  MultiTerm(drift, noise),
  QUICSORT(),
  options,
).ys[0][0];
UnderdampedLangevinDriftTerm({ ...matrices, gradF: traced((at: Tensor) => at) });
// Any solver for a sum, or for one term, takes them.
diffeqsolve(MultiTerm(drift, noise), Euler(), options);
diffeqsolve(drift, Euler(), options);

// @ts-expect-error -- the noise first
diffeqsolve(MultiTerm(noise, drift), ALIGN(), options);
// @ts-expect-error -- the drift alone
diffeqsolve(drift, ALIGN(), options);
const ordinary = MultiTerm(
  ODETerm((_t: number, y: number) => y),
  ControlTerm((_t: number, y: number) => y, bm),
);
// @ts-expect-error -- ordinary terms
diffeqsolve(ordinary, ALIGN(), options);
const functions = {
  drift: traced((_t: Tensor, y: Tensor) => y),
  diffusion: traced((_t: Tensor, y: Tensor) => y),
  control: bm,
};
// @ts-expect-error -- functions for a drift and a diffusion
diffeqsolve(functions, ALIGN(), options);
// @ts-expect-error -- a gradient of another form than the position
UnderdampedLangevinDriftTerm({ ...matrices, gradF: ([a]: readonly [number, number]) => [a] });
// @ts-expect-error -- no damping
UnderdampedLangevinDriftTerm({ gamma: 1, gradF: (at: number) => at });
// @ts-expect-error -- a function for a motion
UnderdampedLangevinDiffusionTerm({ ...matrices, bm: () => 0 });
