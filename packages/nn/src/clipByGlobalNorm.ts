import { add, astype, div, less, mul, sqrt, sum, tensor, where } from "@diffrax-ts/array";
import { asTensor } from "@diffrax-ts/autodiff";
import { leaves, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { requireNumber } from "./checks.ts";
import { mapLeaves } from "./mapLeaves.ts";
import type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";

interface Clip extends Optimizer<"clipByGlobalNorm"> {
  readonly maxNorm: number;
}

/**
 * Gradients scaled down, all by one factor, so that the root of the sum of all squares is at most `maxNorm`; shorter ones stay as
 * they are. The same numbers as `optax.clip_by_global_norm`. Put it before an optimiser with `chain`.
 *
 * @throws RangeError if `maxNorm` is not a positive number.
 * @see Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, arXiv:1211.5063
 *
 * @example
 * ```ts
 * import { clipByGlobalNorm } from "@diffrax-ts/nn";
 *
 * const clip = clipByGlobalNorm(1);
 * clip.update({ a: 3, b: [4] }, clip.init(null)).updates;
 * // → { a: 0.6, b: [0.8] }
 * ```
 */
export function clipByGlobalNorm(maxNorm: number): Optimizer {
  requireNumber("clipByGlobalNorm", "maxNorm", maxNorm, "> 0", (x) => x > 0);
  return part("clipByGlobalNorm", { maxNorm, init, update });
}

/**
 * The root of the sum of the squares of all elements of all leaves: a scalar of float64.
 *
 * @example
 * ```ts
 * import { globalNorm } from "@diffrax-ts/nn";
 *
 * globalNorm({ a: 3, b: Float64Array.of(0, 4) }).item();
 * // → 5
 * ```
 */
export function globalNorm(tree: unknown): Scalar {
  const squares = leaves(tree, "globalNorm: tree").map((leaf) => {
    const x = asTensor(leaf, "globalNorm");
    return astype(sum(mul(x, x)), "float64");
  });
  return sqrt(squares.reduce((total: Tensor, x) => add(total, x), tensor(0))) as Scalar;
}

function init(): OptimizerState {
  return part("ClipState", {});
}

function update<Params>(this: Clip, grads: Params, state: OptimizerState): OptimizerStep<Params> {
  const { maxNorm } = this;
  const norm = globalNorm(grads);
  const isShort = less(norm, maxNorm);
  const updates: Params = mapLeaves(
    (g) => where(isShort, g, mul(div(g, astype(norm, g.dtype)), maxNorm)),
    { grads },
  );
  return { updates, state };
}
