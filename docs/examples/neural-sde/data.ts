import { DirectBrownianPath, diffeqsolve, Euler, np, type Tensor, vmap } from "@diffrax-ts/core";
import { bernoulli, type Key, split, splitList, uniform } from "@diffrax-ts/random";

/** Times, or a path at these times. */
export type Series = Tensor<readonly [number]>;

/** Many paths, `[paths, times]`. */
export type Paths = Tensor<readonly [number, number]>;

/**
 * Random paths that rise and spread, `dy = (0.35 t − 0.42 y) dt + 0.11 t dW`, from places between -1 and 1; then scaled to a standard
 * deviation of 1, of all of them at all times.
 */
export function paths(ts: Series, size: number, key: Key): Paths {
  const path = (one: Key): Series => {
    const [startKey, noiseKey] = splitList(one);
    return diffeqsolve(
      {
        drift: (t, y) => 0.35 * t - 0.42 * y,
        diffusion: (t) => 0.11 * t,
        control: DirectBrownianPath({ shape: [], key: noiseKey }),
      },
      Euler(),
      {
        t0: ts.at(0),
        t1: ts.at(-1),
        dt0: 0.025,
        y0: uniform(startKey, [], { minval: -1, maxval: 1 }),
        saveat: { ts },
      },
    ).ys;
  };
  const all = vmap(path)(split(key, size));
  return np.div(all, np.std(all));
}

/** Paths as they are seen: three of ten values are missing, and are NaN. */
export function seen(all: Paths, key: Key): Paths {
  return np.where(bernoulli(key, 0.3, all.shape), NaN, all);
}
