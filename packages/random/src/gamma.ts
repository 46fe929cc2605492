import {
  add,
  div,
  greaterEqual,
  lessEqual,
  log,
  logicalAnd,
  logicalOr,
  equal,
  mul,
  neg,
  pow,
  reshape,
  type ShapeLike,
  sqrt,
  sub,
  where,
} from "@diffrax-ts/array";
import { nondifferentiable, vmap, whileLoop } from "@diffrax-ts/autodiff";
import { astype } from "@diffrax-ts/program";
import { checkOptions, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { checkKnown, floats, floatType, shapeFor, spread } from "./arguments.ts";
import { exponential } from "./exponential.ts";
import { type Key, requireKey } from "./key.ts";
import { normal } from "./normal.ts";
import { split } from "./split.ts";
import { splitList } from "./splitList.ts";
import { type FloatOptions, uniform } from "./uniform.ts";

/**
 * Random numbers of the gamma distribution with shape `a` and scale 1.
 *
 * They cannot be differentiated with respect to `a`.
 *
 * @param a - Greater than 0; an array gives each element its own.
 * @param shape - Of the result. @defaultValue that of `a`
 * @returns float64, or float32 by asking. With a very small `a` they round to 0: then take `loggamma`.
 * @throws TypeError if `key` is no key, or if `a` does not fit into the shape; RangeError if it is not greater than 0.
 * @see Marsaglia, Tsang (2000), A simple method for generating gamma variables, doi:10.1145/358407.358414
 *
 * @example
 * ```ts
 * import { gamma, key } from "@diffrax-ts/random";
 *
 * gamma(key(0), 2, [2]).toArray();
 * // → [1.35203…, 1.12436…]
 * ```
 */
export function gamma(key: Key, a: Leaf, shape?: ShapeLike, options: FloatOptions = {}): Tensor {
  const { keys, alphas, wanted } = prepare("gamma", key, a, shape, options);
  return reshape(vmap(gammaOf)(keys, alphas), wanted);
}

/**
 * Logarithms of random numbers of the gamma distribution, exact where those would round to 0. For the same key they are those
 * of what `gamma` gives.
 *
 * @param a - Greater than 0; an array gives each element its own.
 * @param shape - Of the result. @defaultValue that of `a`
 * @returns float64, or float32 by asking.
 * @throws As `gamma` does.
 *
 * @example
 * ```ts
 * import { key, loggamma } from "@diffrax-ts/random";
 *
 * loggamma(key(0), 0.001, [2]).toArray();
 * // → [-1113.026…, -2280.536…]
 * ```
 */
export function loggamma(key: Key, a: Leaf, shape?: ShapeLike, options: FloatOptions = {}): Tensor {
  const { keys, alphas, wanted } = prepare("loggamma", key, a, shape, options);
  return reshape(vmap(logGammaOf)(keys, alphas), wanted);
}

interface Prepared {
  /** One for each number. */
  readonly keys: Tensor;
  readonly alphas: Tensor;
  readonly wanted: readonly number[];
}

function prepare(
  name: string,
  key: Key,
  a: Leaf,
  shape: ShapeLike | undefined,
  options: FloatOptions,
): Prepared {
  const dtype = floatType(name, checkOptions(name, options, ["dtype"]).dtype ?? "float64");
  const alpha = floats(name, "a", a, dtype);
  checkKnown(name, "a", alpha, { isRight: (x) => x > 0, must: "be greater than 0" });
  const wanted = shapeFor(name, shape, { a: alpha.shape });
  const alphas = reshape(spread(alpha, wanted), [-1]);
  const fixed = nondifferentiable(
    alphas,
    `${name}: its numbers cannot be differentiated with respect to a`,
  );
  return { keys: split(requireKey(name, key), alphas.size), alphas: fixed, wanted };
}

function gammaOf(key: Key, alpha: Tensor): Tensor {
  const { d, v, subkey } = drawn(key, alpha);
  const dtype = alpha.dtype as "float64" | "float32";
  const rest = sub(1, uniform(subkey, [], { dtype }));
  const boost = where(greaterEqual(alpha, 1), 1, pow(rest, div(1, alpha)));
  return mul(mul(d, v), boost);
}

function logGammaOf(key: Key, alpha: Tensor): Tensor {
  const { d, v, subkey } = drawn(key, alpha);
  const dtype = alpha.dtype as "float64" | "float32";
  const rest = neg(exponential(subkey, [], { dtype }));
  const isPlain = logicalOr(greaterEqual(alpha, 1), equal(rest, 0));
  return add(add(log(d), log(v)), where(isPlain, 0, mul(rest, div(1, alpha))));
}

/** `d v` has the gamma distribution with `a`, or with `a + 1` if `a` is less than 1. */
function drawn(key: Key, a: Tensor): { d: Tensor; v: Tensor; subkey: Key } {
  const dtype = a.dtype as "float64" | "float32";
  const number = (x: number): Tensor => astype(x, dtype);
  const alpha = where(greaterEqual(a, 1), a, add(a, 1));
  const d = sub(alpha, 1 / 3);
  const c = div(1 / 3, sqrt(d));
  const [first, subkey] = splitList(key);

  /** x of the normal distribution with `1 + c x > 0` */
  const drawX = (xKey: Key) =>
    whileLoop(
      ({ oneAndCx }) => lessEqual(oneAndCx, 0),
      (state) => {
        const [next, one] = splitList(state.key);
        const x = normal(one, [], { dtype }) as Tensor;
        return { key: next, x, oneAndCx: add(1, mul(x, c)) };
      },
      { key: xKey, x: number(0), oneAndCx: number(-1) },
    );

  const isRejected = ({ xx, v, u }: { xx: Tensor; v: Tensor; u: Tensor }): Tensor =>
    logicalAnd(
      greaterEqual(u, sub(1, mul(0.0331, mul(xx, xx)))),
      greaterEqual(log(u), add(mul(xx, 0.5), mul(d, add(sub(1, v), log(v))))),
    );
  const { v } = whileLoop(
    isRejected,
    (state) => {
      const [next, xKey, uKey] = splitList(state.key, 3);
      const { x, oneAndCx } = drawX(xKey);
      const u = uniform(uKey, [], { dtype }) as Tensor;
      return { key: next, xx: mul(x, x), v: mul(mul(oneAndCx, oneAndCx), oneAndCx), u };
    },
    { key: first, xx: number(0), v: number(1), u: number(2) }, // which is rejected
  );
  return { d, v, subkey };
}
