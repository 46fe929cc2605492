import { add, matmul, type Ranked, tensordot } from "@diffrax-ts/array";
import { checkOptions, type Leaf, type Part, part, type Tensor } from "@diffrax-ts/pytree";
import { type FloatOptions, type Key, split, uniform } from "@diffrax-ts/random";
import { requireCount, requireLast, requireLayer } from "./checks.ts";

/** What all layers are made with. */
export interface LayerOptions extends FloatOptions {
  /** Where the first parameters come from. */
  readonly key: Key;
  /** Whether something is added, too. @defaultValue true */
  readonly useBias?: boolean;
}

/** `W x + b`. */
export interface Linear extends Part<"Linear"> {
  /** `[outFeatures, inFeatures]` */
  readonly weight: Tensor;
  /** `[outFeatures]` */
  readonly bias: Tensor | null;
  /** `x`: `[..., inFeatures]`, the result `[..., outFeatures]`. */
  readonly apply: <X extends Leaf>(this: Linear, x: X) => Ranked<X>;
}

/**
 * A linear layer, `x ↦ W x + b`.
 *
 * At first all of its parameters are uniform in `±1/√inFeatures`, and with the same key those of
 * `equinox.nn.Linear` but for roundings. `x` is a vector `[inFeatures]`, or a batch of them: `[..., inFeatures]`.
 *
 * @throws RangeError if a size is not a positive integer; TypeError if `key` is no key or an option does not exist.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { Linear } from "@diffrax-ts/nn";
 * import { key } from "@diffrax-ts/random";
 *
 * const layer = Linear(2, 3, { key: key(0) });
 * layer.weight.shape;
 * // → [3, 2]
 * layer.apply(tensor([1, -1])).shape;
 * // → [3]
 * ```
 */
export function Linear(inFeatures: number, outFeatures: number, options: LayerOptions): Linear {
  const given = checkOptions("Linear", options, ["key", "useBias", "dtype"]);
  requireCount("Linear", "inFeatures", inFeatures, 1);
  requireCount("Linear", "outFeatures", outFeatures, 1);
  const { key, useBias = true, dtype = "float64" } = given;
  const keys = split(key);
  const limit = 1 / Math.sqrt(inFeatures);
  const weight = aroundZero(keys.at(0), [outFeatures, inFeatures], limit, dtype);
  const bias = useBias ? aroundZero(keys.at(1), [outFeatures], limit, dtype) : null;
  return part("Linear", { weight, bias, apply });
}

/** First parameters: uniform in `±limit`. */
export function aroundZero(
  key: Key,
  shape: readonly number[],
  limit: number,
  dtype: NonNullable<FloatOptions["dtype"]>,
): Tensor {
  return uniform(key, shape, { minval: -limit, maxval: limit, dtype });
}

/** The product of a matrix and a vector, or each vector of a batch. */
export function times(weight: Tensor, x: Tensor): Tensor {
  return x.shape.length === 1 ? matmul(weight, x) : tensordot(x, weight, [-1, -1]);
}

function apply(this: Linear, x: Leaf): Tensor {
  const { weight, bias } = requireLayer("Linear", this);
  const product = times(weight, requireLast("Linear", "x", x, weight.shape[1]!));
  return bias === null ? product : add(product, bias);
}
