import { astype, type ShapeLike, type ShapeOf, where } from "@diffrax-ts/array";
import { checkOptions, describeValue, type DType, isDType, type Tensor } from "@diffrax-ts/pytree";
import { bernoulli } from "./bernoulli.ts";
import { shapeOf } from "./arguments.ts";
import type { Key } from "./key.ts";

/** Options of `rademacher`. */
export interface RademacherOptions {
  /** @defaultValue "int64" */
  readonly dtype?: Exclude<DType, "bool" | "uint32">;
}

/**
 * -1 or 1, with probability ½ each.
 *
 * @param shape - Of the result. @defaultValue []
 * @returns int64, as in JAX with float64 switched on, or what is asked for.
 * @throws TypeError if `key` is no key, or if an option makes no sense.
 *
 * @example
 * ```ts
 * import { key, rademacher } from "@diffrax-ts/random";
 *
 * rademacher(key(0), [4]).toArray();
 * // → [1, 1, -1, -1]
 * ```
 */
export function rademacher<const Shape extends ShapeLike = readonly []>(
  key: Key,
  shape?: Shape,
  options: RademacherOptions = {},
): Tensor<ShapeOf<Shape>> {
  const name = "rademacher";
  const { dtype = "int64" } = checkOptions(name, options, ["dtype"]);
  if (!isDType(dtype) || ["bool", "uint32"].includes(dtype)) {
    throw new TypeError(`${name}: dtype must have negative numbers, got ${describeValue(dtype)}`);
  }
  const isUp = bernoulli(key, 0.5, shapeOf(name, shape ?? []));
  return where(isUp, astype(1, dtype), astype(-1, dtype)) as Tensor<ShapeOf<Shape>>;
}
