import {
  abs,
  add,
  all,
  any,
  astype,
  div,
  equal,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  log1p,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  neg,
  type ShapeLike,
  sqrt,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { stopGradient, whileLoop } from "@diffrax-ts/autodiff";
import { checkOptions, describeValue, type Leaf, type Tensor } from "@diffrax-ts/pytree";
import { checkKnown, floats, shapeFor, spread } from "./arguments.ts";
import { type Key, requireKey } from "./key.ts";
import { splitList } from "./splitList.ts";
import { uniform } from "./uniform.ts";

/** Options of `poisson`. */
export interface PoissonOptions {
  /** @defaultValue "int64" */
  readonly dtype?: "int32" | "int64";
}

/**
 * Random integers of the Poisson distribution with mean `lam`, which is rounded to float32: by Knuth's method below 10, and by
 * Hörmann's from there on.
 *
 * @param lam - From 0 on; an array gives each element its own.
 * @param shape - Of the result. @defaultValue that of `lam`
 * @returns int64, as in JAX with float64 switched on, or what is asked for.
 * @throws TypeError if `key` is no key, or if `lam` does not fit into the shape; RangeError if it is negative.
 * @see Hörmann (1993), The transformed rejection method for generating Poisson random variables, doi:10.1016/0167-6687(93)90997-4
 *
 * @example
 * ```ts
 * import { key, poisson } from "@diffrax-ts/random";
 *
 * poisson(key(0), 4, [5]).toArray();
 * // → [0, 1, 5, 5, 2]
 * ```
 */
export function poisson(
  key: Key,
  lam: Leaf,
  shape?: ShapeLike,
  options: PoissonOptions = {},
): Tensor {
  const name = "poisson";
  const { dtype = "int64" } = checkOptions(name, options, ["dtype"]);
  if (!["int32", "int64"].includes(dtype))
    throw new TypeError(`${name}: dtype must be int32 or int64, got ${describeValue(dtype)}`);
  const given = floats(name, "lam", lam);
  checkKnown(name, "lam", given, {
    isRight: (x) => x >= 0 && x < Infinity,
    must: "be >= 0 and finite",
  });
  const wanted = shapeFor(name, shape, { lam: given.shape });
  const rate = stopGradient(spread(astype(given, "float32"), wanted));
  const isSmall = less(rate, 10);
  // Both are drawn, each with a harmless mean where the other one counts.
  const small = knuth(requireKey(name, key), where(isSmall, rate, 0));
  const large = hormann(key, where(isSmall, 1e5, rate));
  return astype(where(isSmall, small, large), dtype);
}

/** How many uniform numbers can be multiplied before their product is below `exp(-lam)`. */
function knuth(start: Key, lam: Tensor): Tensor {
  const { shape } = lam;
  const isAbove = (logProduct: Tensor): Tensor => greater(logProduct, neg(lam));
  const { count } = whileLoop(
    ({ logProduct }) => any(isAbove(logProduct)),
    (state) => {
      const [next, subkey] = splitList(state.key);
      const count = where(isAbove(state.logProduct), add(state.count, 1), state.count);
      const u = uniform(subkey, shape, { dtype: "float32" });
      return { key: next, count, logProduct: add(state.logProduct, log(u)) };
    },
    {
      key: start,
      count: zeros(shape, { dtype: "float32" }),
      logProduct: zeros(shape, { dtype: "float32" }),
    },
  );
  return where(equal(lam, 0), 0, sub(count, 1));
}

/** Transformed rejection, with the letters of the paper. */
function hormann(start: Key, lam: Tensor): Tensor {
  const { shape } = lam;
  const logLam = log(lam);
  const b = add(0.931, mul(2.53, sqrt(lam)));
  const a = add(-0.059, mul(0.02483, b));
  const inverseAlpha = add(1.1239, div(1.1328, sub(b, 3.4)));
  const vr = sub(0.9277, div(3.6224, sub(b, 2)));
  const { k } = whileLoop(
    ({ isDone }) => logicalNot(all(isDone)),
    (state) => {
      const [next, first, second] = splitList(state.key, 3);
      const u = sub(uniform(first, shape, { dtype: "float32" }), 0.5);
      const v = uniform(second, shape, { dtype: "float32" });
      const us = sub(0.5, abs(u));
      const k = floor(add(add(mul(add(div(mul(2, a), us), b), u), lam), 0.43));
      const s = log(div(mul(v, inverseAlpha), add(div(a, mul(us, us)), b)));
      const t = sub(add(neg(lam), mul(k, logLam)), logFactorial(k));
      const isInside = logicalAnd(greaterEqual(us, 0.07), lessEqual(v, vr));
      const isOutside = logicalOr(less(k, 0), logicalAnd(less(us, 0.013), greater(v, us)));
      const isTaken = logicalOr(isInside, logicalAnd(logicalNot(isOutside), lessEqual(s, t)));
      return {
        key: next,
        k: where(isTaken, k, state.k),
        isDone: logicalOr(state.isDone, isTaken),
      };
    },
    { key: start, k: neg(add(zeros(shape, { dtype: "float32" }), 1)), isDone: less(lam, 0) },
  );
  return k;
}

// Of Γ, with g = 7.
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** `log k!` of integers `k >= 0`; anything for others. */
function logFactorial(k: Tensor): Tensor {
  const z = where(less(k, 0), 0, k);
  const series = LANCZOS.reduce(
    (sum: Tensor | number, c, i) => add(sum, div(c, add(z, i + 1))),
    0.9999999999998099,
  ) as Tensor;
  const t = add(z, 7.5);
  const logT = add(log1p(div(z, 7.5)), Math.log(7.5));
  const power = mul(sub(add(z, 0.5), div(t, logT)), logT);
  return add(add(power, Math.log(Math.sqrt(2 * Math.PI))), log(series));
}
