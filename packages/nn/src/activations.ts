import {
  add,
  exp,
  greater,
  lessEqual,
  log1p,
  logistic,
  mul,
  neg,
  tanh,
  where,
} from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";

/** A function of a layer's output, element by element: one of those here, or any other at the level of a module. */
export type Activation = (x: Tensor) => Tensor;

/**
 * `max(x, 0)`. Its derivative at 0 is 0.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { relu } from "@diffrax-ts/nn";
 *
 * relu(tensor([-1, 0, 2])).toArray();
 * // → [0, 0, 2]
 * ```
 */
export function relu(x: Tensor): Tensor {
  return where(lessEqual(x, 0), 0, x);
}

/**
 * `log(1 + eˣ)`, without overflow: a smooth `relu`, whose derivative is the `sigmoid`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { softplus } from "@diffrax-ts/nn";
 *
 * softplus(tensor([-1000, 0, 1000])).toArray();
 * // → [0, 0.6931471805599453, 1000]
 * ```
 */
export function softplus(x: Tensor): Tensor {
  const isPositive = greater(x, 0);
  // The exponential of -|x|, without the kink of |x|: derivatives of every order are right at 0.
  return add(where(isPositive, x, 0), log1p(exp(where(isPositive, neg(x), x))));
}

/**
 * `x / (1 + e⁻ˣ)`, also called swish.
 *
 * @see Elfwing, Uchibe, Doya (2018), Neural Networks 107, 3–11, doi:10.1016/j.neunet.2017.12.012
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { silu } from "@diffrax-ts/nn";
 *
 * silu(tensor([-1, 0, 1])).toArray();
 * // → [-0.2689414213699951, 0, 0.7310585786300049]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return mul(x, logistic(x));
}

/**
 * `x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))`: close to `x` times the probability that a normal variable is below `x`.
 * This is JAX's default, and not the form with the error function.
 *
 * @see Hendrycks, Gimpel (2016), Gaussian error linear units, arXiv:1606.08415
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { gelu } from "@diffrax-ts/nn";
 *
 * gelu(tensor([-1, 0, 1])).toArray();
 * // → [-0.15880800939172324, 0, 0.8411919906082768]
 * ```
 */
export function gelu(x: Tensor): Tensor {
  const inner = mul(add(x, mul(mul(x, mul(x, x)), 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(x, mul(add(tanh(inner), 1), 0.5));
}
