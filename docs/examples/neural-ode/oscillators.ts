import { diffeqsolve, np, type Tensor, Tsit5, vmap } from "@diffrax-ts/core";
import { type Key, split, uniform } from "@diffrax-ts/random";

/** The equations of a sine and a cosine, `x' = y` and `y' = -x`, deformed. */
function oscillator(_t: number, [x, y]: readonly [number, number]): [number, number] {
  return [y / (1 + y), -x / (1 + x)];
}

/**
 * The data: `size` paths of the oscillator from random places in the plane.
 *
 * @param ts - The times to see them at, `[times]`, from 0 on.
 * @returns `[times, size, 2]`
 */
export function oscillators(ts: Tensor, size: number, key: Key): Tensor {
  const path = (one: Key): Tensor => {
    const start = uniform(one, [2], { minval: -0.6, maxval: 1 });
    const { ys } = diffeqsolve(oscillator, Tsit5(), {
      t0: 0,
      t1: ts.at(-1).item(),
      dt0: 0.1,
      y0: [start.at(0), start.at(1)],
      saveat: { ts },
    });
    return np.stack(ys, { axis: 1 });
  };
  return vmap(path, { outAxes: 1 })(split(key, size));
}
