import {
  diffeqsolve,
  Euler,
  GeneralShARK,
  ItoMilstein,
  np,
  type Scalar,
  SlowRK,
  type Tensor,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import type { Solver } from "@diffrax-ts/protocol";
import type { Key } from "@diffrax-ts/random";

/** A price that grows and fluctuates, `dy = μ y dt + σ y dW` in the sense of Itô, from 1. */
const market = { mu: 0.2, sigma: 0.8 };

type Market = typeof market;

function growth(_t: number, y: number, { mu }: Market): number {
  return mu * y;
}

/** The same in the sense of Stratonovich. */
function shiftedGrowth(_t: number, y: number, { mu, sigma }: Market): number {
  return (mu - sigma ** 2 / 2) * y;
}

function fluctuation(_t: number, y: number, { sigma }: Market): number {
  return sigma * y;
}

/** The methods that are held against each other, with the strong orders that they have here. */
export const methods = {
  Euler: { solver: Euler(), drift: growth, order: 0.5 },
  ItoMilstein: { solver: ItoMilstein(), drift: growth, order: 1 },
  GeneralShARK: { solver: GeneralShARK(), drift: shiftedGrowth, order: 1 },
  SlowRK: { solver: SlowRK(), drift: shiftedGrowth, order: 1.5 },
} as const;

export type MethodName = keyof typeof methods;

/** The noise of a key: the same path, however fine the steps are that one takes along it. */
export function noise(key: Key): VirtualBrownianTree<Scalar> {
  return VirtualBrownianTree({
    t0: 0,
    t1: 1,
    tol: 2 ** -11,
    shape: [],
    key,
    levyArea: "SpaceTimeLevyArea",
  });
}

/** The price along the noise of a key, by steps of a length, at some times: by default at the end. */
export function solved(
  name: MethodName,
  { dt0, key, ts = [1] }: { dt0: number | Scalar; key: Key; ts?: Iterable<number> },
): Tensor<readonly [number]> {
  const { solver, drift } = methods[name];
  const terms = { drift, diffusion: fluctuation, control: noise(key) };
  return diffeqsolve(terms, solver as Solver, {
    t0: 0,
    t1: 1,
    dt0,
    y0: 1,
    args: market,
    saveat: { ts: [...ts] },
  }).ys;
}

/** The price as it is: `exp((μ - σ² / 2) t + σ W(t))`. */
export function exact(t: number | Scalar, key: Key): Scalar {
  const { mu, sigma } = market;
  const grown = np.mul(mu - sigma ** 2 / 2, t);
  return np.exp(np.add(grown, np.mul(sigma, noise(key).evaluate(t))));
}
