import { apply, exactLogOfNormal, type ExactOps, log1p as exactLog1p } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

// log(1 + x) = x - x²/2 + x³ P(x) / Q(x) for |x| < √2 - 1, from the highest power down.
const P = [
  4.52700008624452e-5, 0.49854102823193375, 6.578732594206104, 29.911919328553072,
  60.94966798098779, 57.11296359058554, 20.039553499201283,
];
const Q = [
  1, 15.062909083469192, 83.04756596796722, 221.76239823732857, 309.09872225312057,
  216.42788614495947, 60.11866049760384,
];
const BOUND = 0.41421356237309503; // √2 - 1

/** A polynomial, from the coefficient of the highest power down. */
export function polynomial<V, I, B>(o: ExactOps<V, I, B>, c: readonly number[], x: V): V {
  return c.map((value) => o.constant(value)).reduce((sum, value) => o.add(o.mul(sum, x), value));
}

/**
 * `log(1 + x)` as XLA computes it, `-1 < x <= 0`. The fit is meant for `x > √½ - 1`, and is 100 units in the last place off at `1 - √2`: whoever
 * wants the same random numbers needs the same errors.
 *
 * @see Moshier, Cephes Mathematical Library, log1p
 */
export function xlaLog1p<V, I, B>(o: ExactOps<V, I, B>, x: V): V {
  const square = o.mul(x, x);
  const cubic = o.mul(o.mul(x, square), o.div(polynomial(o, P, x), polynomial(o, Q, x)));
  const near = o.add(x, o.add(o.mul(o.constant(-0.5), square), cubic));
  const far = exactLogOfNormal(o, o.add(x, o.constant(1)));
  return o.select(o.lt(o.abs(x), o.constant(BOUND)), near, far);
}

/** `log(1 + x)` with the last places that JAX has. */
export function log1p(x: Tensor): Tensor {
  return x.dtype === "float64" ? apply("log1p", [x], { define: xlaLog1p })[0]! : exactLog1p(x);
}
