import {
  backwardHermiteCoefficients,
  type CubicCoefficients,
  np,
  type Tensor,
  vmap,
} from "@diffrax-ts/core";
import { type Key, uniform } from "@diffrax-ts/random";

/** Many spirals. */
export interface Spirals {
  /** Cubics through `(t, x, y)`: `[spirals, times - 1, 3]` each. */
  readonly coeffs: CubicCoefficients<Tensor>;
  /** Whether they turn to the left: 1 or 0, `[spirals]`. */
  readonly labels: Tensor;
}

/**
 * Spirals into the origin from random places on the unit circle. The first half of them turns to the left, the second to the right.
 *
 * @param ts - When they are seen, `[times]`, from 0 on.
 */
export function spirals(ts: Tensor, size: number, key: Key): Spirals {
  const spiral = (start: Tensor, label: Tensor): CubicCoefficients<Tensor> => {
    const angle = start.add(ts.mul(label.mul(4).sub(2))); // two radians a unit of time
    const radius = np.exp(ts.mul(-0.3));
    const [x, y] = [radius.mul(np.cos(angle)), radius.mul(np.sin(angle))];
    // Time is a channel, too: without it a network could not tell how fast a path is gone along.
    return backwardHermiteCoefficients(ts, np.stack([ts, x, y], { axis: 1 }));
  };
  const starts = uniform(key, [size], { maxval: 2 * Math.PI });
  const labels = np.astype(np.less(np.arange(size), size / 2), "float64");
  return { coeffs: vmap(spiral)(starts, labels), labels };
}
