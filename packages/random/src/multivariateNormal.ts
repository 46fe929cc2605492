import { add, isNaN, matmul, reshape, type ShapeLike, transpose } from "@diffrax-ts/array";
import { isTraced } from "@diffrax-ts/program";
import { checkOptions, describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { elements, floats, floatType, shapeFor } from "./arguments.ts";
import { cholesky } from "./cholesky.ts";
import { type Key, requireKey } from "./key.ts";
import { normal } from "./normal.ts";
import type { FloatOptions } from "./uniform.ts";

/**
 * Random vectors of the normal distribution: `mean + L z`, with `L Lᵀ = cov` from Cholesky's factorisation and `z` of `normal`.
 *
 * @param mean - `[..., n]`.
 * @param cov - `[..., n, n]`, symmetric and positive definite; it is made symmetric before.
 * @param shape - Of the result without its last axis. @defaultValue that of `mean` and `cov` without theirs
 * @returns `[...shape, n]`, float64, or float32 by asking.
 * @throws TypeError if `key` is no key or if shapes do not fit; RangeError if `cov` is known and not positive definite.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { key, multivariateNormal } from "@diffrax-ts/random";
 *
 * const cov = tensor([[2, 1], [1, 2]]);
 * multivariateNormal(key(0), tensor([0, 1]), cov).toArray();
 * // → [-0.29110…, -0.10669…]
 * ```
 */
export function multivariateNormal(
  key: Key,
  mean: Leaf,
  cov: Leaf,
  shape?: ShapeLike,
  options: FloatOptions = {},
): Tensor {
  const name = "multivariateNormal";
  const dtype = floatType(name, checkOptions(name, options, ["dtype"]).dtype ?? "float64");
  const checked = requireKey(name, key);
  const [centre, matrix] = [floats(name, "mean", mean, dtype), floats(name, "cov", cov, dtype)];
  const n = centre.shape.at(-1);
  if (n === undefined || matrix.shape.length < 2 || !matrix.shape.slice(-2).every((m) => m === n)) {
    throw new TypeError(
      `${name}: mean must be [..., n] and cov [..., n, n], got ${describeValue(centre)} and ${describeValue(matrix)}`,
    );
  }
  const batches = { mean: centre.shape.slice(0, -1), cov: matrix.shape.slice(0, -2) };
  const wanted = shapeFor(name, shape, batches);
  const factor = cholesky(matrix);
  if (!isTraced(factor) && elements(isNaN(factor)).some(Boolean)) {
    throw new RangeError(`${name}: cov must be positive definite, got ${describeValue(matrix)}`);
  }
  const z = normal(checked, [...wanted, n], { dtype });
  const product =
    batches.cov.length === 0
      ? matmul(z, transpose(factor))
      : reshape(matmul(factor, reshape(z, [...wanted, n, 1])), [...wanted, n]);
  return add(centre, product);
}
