import { chain } from "./chain.ts";
import type { Optimizer } from "./Optimizer.ts";
import { type LearningRate, scaleByLearningRate } from "./scaleByLearningRate.ts";
import { type AdamOptions, scaleByMoments } from "./scaleByMoments.ts";

/**
 * Adam: steps of about the learning rate, whatever the size of the gradients.
 *
 * ```text
 * m ← b1 m + (1 - b1) g,  v ← b2 v + (1 - b2) g²
 * update = -learningRate · m̂ / (√(v̂ + epsRoot) + eps),  m̂ = m / (1 - b1ᵗ),  v̂ = v / (1 - b2ᵗ)
 * ```
 *
 * at step `t`, from 1 on. The same numbers as `optax.adam`.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 * @see Kingma, Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980
 *
 * @example
 * ```ts
 * import { grad } from "@diffrax-ts/autodiff";
 * import { adam, applyUpdates } from "@diffrax-ts/nn";
 * import { add, mul, sub } from "@diffrax-ts/array";
 * import type { Scalar, Tensor } from "@diffrax-ts/pytree";
 *
 * const square = (x: Tensor) => mul(x, x);
 * const loss = grad(({ a, b }: { a: Scalar; b: Scalar }) => add(square(sub(a, 3)), square(sub(b, 1))));
 * const optimizer = adam(0.1);
 * let params = { a: 0, b: 0 };
 * let state = optimizer.init(params);
 * for (let i = 0; i < 400; i++) {
 *   const step = optimizer.update(loss(params), state);
 *   state = step.state;
 *   params = applyUpdates(params, step.updates);
 * }
 * Math.hypot(params.a - 3, params.b - 1);
 * // → 0.0000…
 * ```
 */
export function adam(learningRate: LearningRate, options: AdamOptions = {}): Optimizer {
  return chain(scaleByMoments("adam", options, false), scaleByLearningRate("adam", learningRate));
}
