import { add, div, exp, maximum, type ShapeLike, sub } from "@diffrax-ts/array";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { checkKnown, floats, floatType, shapeFor, spread } from "./arguments.ts";
import { loggamma } from "./gamma.ts";
import { type Key, requireKey } from "./key.ts";
import { splitList } from "./splitList.ts";
import type { FloatOptions } from "./uniform.ts";

/**
 * Random numbers of the beta distribution.
 *
 * They cannot be differentiated with respect to `a` and `b`.
 *
 * @param a - Greater than 0; an array gives each element its own.
 * @param b - Likewise.
 * @param shape - Of the result. @defaultValue that of `a` and `b`
 * @returns float64, or float32 by asking; from 0 to 1.
 * @throws TypeError if `key` is no key, or if parameters do not fit into the shape; RangeError if one is not greater than 0.
 *
 * @example
 * ```ts
 * import { beta, key } from "@diffrax-ts/random";
 *
 * beta(key(0), 2, 3, [2]).toArray();
 * // → [0.32796…, 0.61381…]
 * ```
 */
export function beta(
  key: Key,
  a: Leaf,
  b: Leaf,
  shape?: ShapeLike,
  options: FloatOptions = {},
): Tensor {
  const name = "beta";
  const dtype = floatType(name, checkOptions(name, options, ["dtype"]).dtype ?? "float64");
  const parameters = { a: floats(name, "a", a, dtype), b: floats(name, "b", b, dtype) };
  const wanted = shapeFor(name, shape, { a: parameters.a.shape, b: parameters.b.shape });
  for (const [argument, x] of Object.entries(parameters))
    checkKnown(name, argument, x, { isRight: (value) => value > 0, must: "be greater than 0" });
  const [keyA, keyB] = splitList(requireKey(name, key));
  const logA = loggamma(keyA, spread(parameters.a, wanted), wanted, { dtype });
  const logB = loggamma(keyB, spread(parameters.b, wanted), wanted, { dtype });
  const most = maximum(logA, logB);
  const [x, y] = [exp(sub(logA, most)), exp(sub(logB, most))];
  return div(x, add(x, y));
}
