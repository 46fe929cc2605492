import {
  diffeqsolve,
  DirectBrownianPath,
  Euler,
  jit,
  np,
  type Scalar,
  type Tensor,
  vmap,
} from "@diffrax-ts/core";
import { type Key, split } from "@diffrax-ts/random";

/** A rate after Cox, Ingersoll and Ross, `dr = a (b - r) dt + σ √r dW`; times are in years. */
export interface RateModel {
  /** How fast it comes back. */
  readonly a: number;
  /** Where it comes back to. */
  readonly b: number;
  readonly sigma: number;
}

/** A rate, and its integral since the start: what it has earned. */
type State = readonly [rate: number, earned: number];

function drift(_t: number, [rate]: State, { a, b }: RateModel): State {
  return [a * (b - rate), rate];
}

function diffusion(_t: number, [rate]: State, { sigma }: RateModel): State {
  return [sigma * Math.sqrt(Math.max(rate, 0)), 0];
}

/** What is simulated, and how. */
export interface Simulation {
  readonly model: RateModel;
  /** The rate at the start. */
  readonly r0: number;
  readonly years: number;
  readonly stepsInYear: number;
  readonly paths: number;
}

/** Rates of many paths, four times a year, `[paths, times]`; and what each has earned. */
export interface Paths {
  readonly ts: Tensor<readonly [number]>;
  readonly rates: Tensor;
  readonly earned: Tensor;
}

/** So many paths, each with noise of its own. */
export function simulate(simulation: Simulation, key: Key): Paths {
  const { model, r0, years, stepsInYear, paths } = simulation;
  const ts = np.linspace(0, years, 4 * years + 1);
  const path = (own: Key, args: { [name in keyof RateModel]: Scalar }) => {
    const control = DirectBrownianPath({ shape: [], key: own });
    return diffeqsolve({ drift, diffusion, control }, Euler(), {
      t0: 0,
      t1: years,
      dt0: 1 / stepsInYear,
      y0: [r0, 0],
      args,
      saveat: { ts },
      maxSteps: years * stepsInYear,
    }).ys;
  };
  const [rates, earned] = jit(vmap(path, { inAxes: [0, null] }))(split(key, paths), model);
  return { ts, rates, earned };
}
