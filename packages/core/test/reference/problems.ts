import {
  add,
  concatenate,
  cos,
  div,
  less,
  matmul,
  mul,
  neg,
  reshape,
  sin,
  slice,
  sqrt,
  stack,
  sub,
  sum,
  tanh,
  where,
  zerosLike,
} from "@diffrax-ts/array";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { noiseProblems } from "./noiseProblems.ts";

/** A problem of the figures, written in both ways. */
export interface Problem {
  /** On tensors: arrays of the figures are tensors. */
  readonly onTensors: Callable;
  /** In plain arithmetic: arrays of the figures are arrays of numbers. */
  readonly plain: Callable;
}

type Args<Names extends string> = Readonly<Record<Names, Scalar>>;
type Numbers<Names extends string> = Readonly<Record<Names, number>>;

const lotkaVolterra: Problem = {
  onTensors: (
    _t: Scalar,
    y: Tensor,
    { alpha, beta, gamma, delta }: Args<"alpha" | "beta" | "gamma" | "delta">,
  ) => {
    const [x, z] = [y.at(0), y.at(1)];
    const met = mul(x, z);
    return stack([sub(mul(alpha, x), mul(beta, met)), sub(mul(delta, met), mul(gamma, z))]);
  },
  plain: (
    _t: number,
    [x, z]: readonly [number, number],
    { alpha, beta, gamma, delta }: Numbers<"alpha" | "beta" | "gamma" | "delta">,
  ) => [alpha * x - beta * x * z, -gamma * z + delta * x * z],
};

const harmonicDict: Problem = {
  onTensors: (_t: Scalar, { p, q }: { p: Tensor; q: Tensor }, { omega }: Args<"omega">) => ({
    p: neg(mul(mul(omega, omega), q)),
    q: p,
  }),
  plain: (
    _t: number,
    { p, q }: { p: readonly number[]; q: readonly number[] },
    { omega }: Numbers<"omega">,
  ) => ({
    p: q.map((x) => -(omega ** 2) * x),
    q: p,
  }),
};

const dampedPendulum: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { b, c }: Args<"b" | "c">) => {
    const [angle, speed] = [y.at(0), y.at(1)];
    return stack([speed, sub(neg(mul(b, speed)), mul(c, sin(angle)))]);
  },
  plain: (_t: number, [angle, speed]: readonly [number, number], { b, c }: Numbers<"b" | "c">) => [
    speed,
    -b * speed - c * Math.sin(angle),
  ],
};

const forcedDecay: Problem = {
  onTensors: (t: Scalar, y: Scalar, { k }: Args<"k">) => add(neg(mul(k, y)), sin(t)),
  plain: (t: number, y: number, { k }: Numbers<"k">) => -k * y + Math.sin(t),
};

const lorenz: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { sigma, rho, beta }: Args<"sigma" | "rho" | "beta">) => {
    const [u, v, w] = [y.at(0), y.at(1), y.at(2)];
    return stack([
      mul(sigma, sub(v, u)),
      sub(mul(u, sub(rho, w)), v),
      sub(mul(u, v), mul(beta, w)),
    ]);
  },
  plain: (
    _t: number,
    [u, v, w]: readonly [number, number, number],
    { sigma, rho, beta }: Numbers<"sigma" | "rho" | "beta">,
  ) => [sigma * (v - u), u * (rho - w) - v, u * v - beta * w],
};

const linear: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { A }: { A: Tensor }) => matmul(A, y),
  plain: (_t: number, y: readonly number[], { A }: { A: readonly (readonly number[])[] }) =>
    A.map((row) => row.reduce((sum, a, j) => sum + a * y[j]!, 0)),
};

const vanDerPol: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { mu }: Args<"mu">) => {
    const [x, v] = [y.at(0), y.at(1)];
    return stack([v, sub(mul(mul(mu, sub(1, mul(x, x))), v), x)]);
  },
  plain: (_t: number, [x, v]: readonly [number, number], { mu }: Numbers<"mu">) => [
    v,
    mu * (1 - x ** 2) * v - x,
  ],
};

const robertson: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { k1, k2, k3 }: Args<"k1" | "k2" | "k3">) => {
    const [a, b, c] = [y.at(0), y.at(1), y.at(2)];
    const slow = mul(k1, a);
    const fast = mul(mul(k2, b), b);
    const back = mul(mul(k3, b), c);
    return stack([add(neg(slow), back), sub(sub(slow, fast), back), fast]);
  },
  plain: (
    _t: number,
    [a, b, c]: readonly [number, number, number],
    { k1, k2, k3 }: Numbers<"k1" | "k2" | "k3">,
  ) => [-k1 * a + k3 * b * c, k1 * a - k2 * b ** 2 - k3 * b * c, k2 * b ** 2],
};

const protheroRobinson: Problem = {
  onTensors: (t: Scalar, y: Tensor, { lam }: Args<"lam">) => sub(mul(lam, sub(y, cos(t))), sin(t)),
  plain: (t: number, y: number, { lam }: Numbers<"lam">) => lam * (y - Math.cos(t)) - Math.sin(t),
};

/** Two substances on a ring of cells, `y = [u, v]`. */
const rdReaction: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { F, kk }: Args<"F" | "kk">) => {
    const [u, v] = [y.at(0), y.at(1)];
    const met = mul(mul(u, v), v);
    return stack([add(neg(met), mul(F, sub(1, u))), sub(met, mul(add(F, kk), v))]);
  },
  plain: (
    _t: number,
    [u, v]: readonly [readonly number[], readonly number[]],
    { F, kk }: Numbers<"F" | "kk">,
  ) => [
    u.map((x, i) => -x * v[i]! ** 2 + F * (1 - x)),
    v.map((x, i) => u[i]! * x ** 2 - (F + kk) * x),
  ],
};

const rdDiffusion: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { D }: { readonly D: Tensor }) => {
    const left = concatenate([slice(y, null, [-1, null]), slice(y, null, [0, -1])], { axis: 1 });
    const right = concatenate([slice(y, null, [1, null]), slice(y, null, [0, 1])], { axis: 1 });
    return mul(reshape(D, [2, 1]), add(sub(left, mul(2, y)), right));
  },
  plain: (
    _t: number,
    y: readonly (readonly number[])[],
    { D }: { readonly D: readonly number[] },
  ) =>
    y.map((row, p) => row.map((x, i) => D[p]! * (row[(i + 7) % 8]! - 2 * x + row[(i + 1) % 8]!))),
};

const stiffOscExplicit: Problem = {
  onTensors: (t: Scalar, y: Tensor, { w }: Args<"w">) =>
    stack([y.at(1), sub(cos(mul(w, t)), y.at(0))]),
  plain: (t: number, [x, v]: readonly [number, number], { w }: Numbers<"w">) => [
    v,
    -x + Math.cos(w * t),
  ],
};

const stiffOscImplicit: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { k }: Args<"k">) => {
    const [x, v] = [y.at(0), y.at(1)];
    return stack([neg(mul(k, sub(x, mul(v, v)))), mul(mul(-0.1, k), sub(v, sin(x)))]);
  },
  plain: (_t: number, [x, v]: readonly [number, number], { k }: Numbers<"k">) => [
    -k * (x - v ** 2),
    -0.1 * k * (v - Math.sin(x)),
  ],
};

const zero: Problem = {
  onTensors: (_t: Scalar, y: Tensor) => zerosLike(y),
  plain: (_t: number, y: readonly number[]) => y.map(() => 0),
};

const fallingBall: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { g, drag }: Args<"g" | "drag">) =>
    stack([y.at(1), sub(neg(g), mul(drag, y.at(1)))]),
  plain: (
    _t: number,
    [_height, speed]: readonly [number, number],
    { g, drag }: Numbers<"g" | "drag">,
  ) => [speed, -g - drag * speed],
};

const squareWave: Problem = {
  onTensors: (t: Scalar, y: Scalar, { k, tc, lo, hi }: Args<"k" | "tc" | "lo" | "hi">) =>
    add(neg(mul(k, y)), where(less(t, tc), lo, hi)),
  plain: (t: number, y: number, { k, tc, lo, hi }: Numbers<"k" | "tc" | "lo" | "hi">) =>
    -k * y + (t < tc ? lo : hi),
};

const threeStep: Problem = {
  onTensors: (
    t: Scalar,
    y: Tensor,
    { tc, amp, w2, d }: Args<"amp" | "w2" | "d"> & { readonly tc: Tensor },
  ) => {
    const force = where(less(t, tc.at(0)), 0, where(less(t, tc.at(1)), amp, neg(amp)));
    return stack([y.at(1), add(sub(neg(mul(w2, y.at(0))), mul(d, y.at(1))), force)]);
  },
  plain: (
    t: number,
    [x, v]: readonly [number, number],
    { tc, amp, w2, d }: Numbers<"amp" | "w2" | "d"> & { readonly tc: readonly number[] },
  ) => {
    const force = t < tc[0]! ? 0 : t < tc[1]! ? amp : -amp;
    return [v, -w2 * x - d * v + force];
  },
};

const toggle: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { a1, a2, d1, d2 }: Args<"a1" | "a2" | "d1" | "d2">) => {
    const [x, z] = [y.at(0), y.at(1)];
    return stack([
      sub(div(a1, add(1, mul(z, z))), mul(d1, x)),
      sub(div(a2, add(1, mul(x, x))), mul(d2, z)),
    ]);
  },
  plain: (
    _t: number,
    [x, z]: readonly [number, number],
    { a1, a2, d1, d2 }: Numbers<"a1" | "a2" | "d1" | "d2">,
  ) => [a1 / (1 + z ** 2) - d1 * x, a2 / (1 + x ** 2) - d2 * z],
};

interface Network<Matrix, Vector> {
  readonly W1: Matrix;
  readonly b1: Vector;
  readonly W2: Matrix;
  readonly b2: Vector;
}

/** Weights of the vector field of a controlled equation: the result has the shape of `b`. */
interface Coupling<Matrix> {
  readonly W: Matrix;
  readonly b: Matrix;
}

const cdeTanh: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { W, b }: Coupling<Tensor>) =>
    tanh(add(reshape(matmul(W, y), b.shape), b)),
  plain: (_t: number, y: readonly number[], { W, b }: Coupling<readonly (readonly number[])[]>) => {
    const flat = W.map((row) => row.reduce((sum, w, j) => sum + w * y[j]!, 0));
    return b.map((row, i) => row.map((x, j) => Math.tanh(flat[i * row.length + j]! + x)));
  },
};

const cdeScalar: Problem = {
  onTensors: (_t: Scalar, y: Scalar, { k }: { readonly k: Scalar }) => mul(mul(y, k), cos(y)),
  plain: (_t: number, y: number, { k }: { readonly k: number }) => k * y * Math.cos(y),
};

const mlpArgs: Problem = {
  onTensors: (_t: Scalar, y: Tensor, { W1, b1, W2, b2 }: Network<Tensor, Tensor>) =>
    add(matmul(W2, tanh(add(matmul(W1, y), b1))), b2),
  plain: (
    _t: number,
    y: readonly number[],
    { W1, b1, W2, b2 }: Network<readonly (readonly number[])[], readonly number[]>,
  ) => {
    const hidden = W1.map((row, i) =>
      Math.tanh(row.reduce((sum, w, j) => sum + w * y[j]!, b1[i]!)),
    );
    return W2.map((row, i) => row.reduce((sum, w, j) => sum + w * hidden[j]!, b2[i]!));
  },
};

/** The same, with weights that belong to the term. */
const mlpModule: Problem = {
  onTensors: (t: Scalar, y: Tensor, _args: null, params: Network<Tensor, Tensor>) =>
    (mlpArgs.onTensors as unknown as (t: Scalar, y: Tensor, weights: unknown) => Tensor)(
      t,
      y,
      params,
    ),
  plain: (
    _t: number,
    y: readonly number[],
    _args: null,
    { W1, b1, W2, b2 }: Network<readonly (readonly number[])[], readonly number[]>,
  ) => {
    const hidden = W1.map((row, i) =>
      Math.tanh(row.reduce((sum, w, j) => sum + w * y[j]!, b1[i]!)),
    );
    return W2.map((row, i) => row.reduce((sum, w, j) => sum + w * hidden[j]!, b2[i]!));
  },
};

const velocityPart: Problem = {
  onTensors: (_t: Scalar, p: Tensor, { m }: Readonly<Record<"m", Tensor>>) => div(p, m),
  plain: (_t: number, p: number | readonly number[], { m }: { m: number | readonly number[] }) =>
    typeof p === "number"
      ? p / (m as number)
      : p.map((x, i) => x / (typeof m === "number" ? m : m[i]!)),
};

const pendulumForce: Problem = {
  onTensors: (_t: Scalar, q: Tensor, { c }: Readonly<Record<"c", Tensor>>) => neg(mul(c, sin(q))),
  plain: (_t: number, q: number | readonly number[], { c }: { c: number | readonly number[] }) =>
    typeof q === "number"
      ? -(c as number) * Math.sin(q)
      : q.map((x, i) => -(typeof c === "number" ? c : c[i]!) * Math.sin(x)),
};

const keplerForce: Problem = {
  onTensors: (_t: Scalar, q: Tensor, { mu }: Args<"mu">) => {
    const r = sqrt(sum(mul(q, q)));
    return div(neg(mul(mu, q)), mul(mul(r, r), r));
  },
  plain: (_t: number, [x, y]: readonly [number, number], { mu }: Numbers<"mu">) => {
    const r = Math.hypot(x, y);
    return [(-mu * x) / r ** 3, (-mu * y) / r ** 3];
  },
};

const decay: Problem = {
  onTensors: (_t: Scalar, y: Scalar, { k }: Args<"k">) => neg(mul(k, y)),
  plain: (_t: number, y: number, { k }: Numbers<"k">) => -k * y,
};

type Duffing = "delta" | "alpha" | "beta" | "gamma" | "omega";

const duffingDict: Problem = {
  onTensors: (
    t: Scalar,
    { x, v }: { x: Scalar; v: Scalar },
    { delta, alpha, beta, gamma, omega }: Args<Duffing>,
  ) => ({
    x: v,
    v: sub(
      mul(gamma, cos(mul(omega, t))),
      add(mul(delta, v), add(mul(alpha, x), mul(beta, mul(mul(x, x), x)))),
    ),
  }),
  plain: (
    t: number,
    { x, v }: { x: number; v: number },
    { delta, alpha, beta, gamma, omega }: Numbers<Duffing>,
  ) => ({
    x: v,
    v: -delta * v - alpha * x - beta * x ** 3 + gamma * Math.cos(omega * t),
  }),
};

/** The problems of the figures by their names. */
export const problems: Readonly<Record<string, Problem>> = {
  ...noiseProblems,
  lvDrift: lotkaVolterra,
  lotkaVolterra,
  harmonicDict,
  dampedPendulum,
  forcedDecay,
  lorenz,
  linear,
  vanDerPol,
  robertson,
  protheroRobinson,
  rdReaction,
  rdDiffusion,
  stiffOscExplicit,
  stiffOscImplicit,
  zero,
  decay,
  duffingDict,
  fallingBall,
  squareWave,
  threeStep,
  toggle,
  mlpArgs,
  mlpModule,
  cdeTanh,
  cdeScalar,
  velocityPart,
  pendulumForce,
  keplerForce,
};
