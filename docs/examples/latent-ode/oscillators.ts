import { diffeqsolve, np, type Tensor, Tsit5, vmap } from "@diffrax-ts/core";
import { exponential, type Key, normal, split, splitList, uniform } from "@diffrax-ts/random";

/** Times, increasing. */
export type Times = Tensor<readonly [number]>;

/** Paths in the plane, each seen at times of its own. */
export interface Paths {
  /** `[paths, times]` */
  readonly ts: Tensor<readonly [number, number]>;
  /** `[paths, times, 2]` */
  readonly ys: Tensor<readonly [number, number, number]>;
}

/** A swing that dies away. */
function oscillator(_t: number, [x, y]: readonly [number, number]): [number, number] {
  return [1.3 * y - 0.1 * x, -x - 0.1 * y];
}

/** The path that is at `start`, `[2]`, at the first of some times: `[times, 2]`. */
export function pathFrom(
  start: Tensor<readonly [number]>,
  ts: Times,
): Tensor<readonly [number, number]> {
  const { ys } = diffeqsolve(oscillator, Tsit5(), {
    t0: ts.at(0),
    t1: ts.at(-1),
    dt0: 0.1,
    y0: [start.at(0), start.at(1)],
    saveat: { ts },
  });
  return np.stack(ys, { axis: 1 });
}

/** `size` paths from random places, each seen at 20 random times before a random time between 2 and 3. */
export function oscillators(size: number, key: Key): Paths {
  const path = (one: Key) => {
    const [startKey, endKey, timesKey] = splitList(one, 3);
    const end = uniform(endKey, [], { minval: 2, maxval: 3 });
    // Random times in order: the sums of random waiting times, as parts of the sum of all of them.
    const sums = np.cumsum(exponential(timesKey, [21]));
    const ts = np.mul(np.div(np.slice(sums, [0, 20]), sums.at(20)), end);
    return { ts, ys: pathFrom(normal(startKey, [2]), ts) };
  };
  return vmap(path)(split(key, size));
}
