import { add, mul, sub } from "@diffrax-ts/array";
import { type DenseInfo, treeMap } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import {
  type PolynomialInterpolation,
  polynomialInterpolation,
} from "./polynomialInterpolation.ts";
import { stagesOf } from "./stagesOf.ts";

/**
 * The cubic with the values `y0`, `y1` and the slopes of the first and last stage at the ends.
 *
 * It is of order 3, if the method is, and if its last stage is evaluated at the end of the step (`c = 1`): so for `Bosh3`, and
 * with order 2 for `Heun`. Where the last stage stands elsewhere, as in `Midpoint` and `Ralston`, the slope at the end is wrong by
 * a first power of the step, and the curve is of order 1.
 *
 * `k` is the list of stages, each times the step.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { thirdOrderHermitePolynomialInterpolation } from "@diffrax-ts/interpolation";
 *
 * // t³ from 1 to 3, with the slopes 3 and 27 times the step of 2
 * const info = { y0: tensor(1), y1: tensor(27), k: [tensor(6), tensor(54)] };
 * const cubic = thirdOrderHermitePolynomialInterpolation(tensor(1), tensor(3), info);
 * String(cubic.evaluate(tensor(2)));
 * // → "8"
 * ```
 */
export function thirdOrderHermitePolynomialInterpolation(
  t0: Scalar,
  t1: Scalar,
  info: DenseInfo,
): PolynomialInterpolation {
  const { y0, y1 } = info;
  const stages = stagesOf(info);
  const [k0, k1] = [stages[0]!, stages.at(-1)!];
  // a = k0 + k1 + 2 y0 - 2 y1,   b = -2 k0 - k1 - 3 y0 + 3 y1
  const a = treeMap((p, q, u, v) => sub(add(add(u, v), mul(p, 2)), mul(q, 2)), y0!, y1!, k0, k1);
  const b = treeMap(
    (p, q, u, v) => add(sub(sub(mul(u, -2), v), mul(p, 3)), mul(q, 3)),
    y0!,
    y1!,
    k0,
    k1,
  );
  return polynomialInterpolation(t0, t1, [a, b, k0, y0!]);
}
