import { add, mul } from "@diffrax-ts/array";
import { type DenseInfo, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  type PolynomialInterpolation,
  polynomialInterpolation,
} from "./polynomialInterpolation.ts";
import { stagesOf } from "./stagesOf.ts";

/**
 * The quartic through `y0`, the middle and `y1`, with the slopes of the first and last stage at the ends: of order 4, if the
 * middle is, and if the last stage is evaluated at the end of the step. That of `Dopri5`.
 *
 * @param cMid - The middle is `y0 + Σ cMidᵢ kᵢ`, one number for each stage.
 * @see Shampine (1986), Some practical Runge–Kutta formulas, Math. Comp. 46, 135–150, doi:10.2307/2008219
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { fourthOrderPolynomialInterpolation } from "@diffrax-ts/interpolation";
 *
 * // t⁴ from 0 to 1: the slopes are 0 and 4, and the middle is 4 / 64
 * const info = { y0: tensor(0), y1: tensor(1), k: [tensor(0), tensor(4)] };
 * const quartic = fourthOrderPolynomialInterpolation(tensor(0), tensor(1), info, [0, 1 / 64]);
 * String(quartic.evaluate(tensor(0.5)));
 * // → "0.0625"
 * ```
 */
export function fourthOrderPolynomialInterpolation(
  t0: Scalar,
  t1: Scalar,
  info: DenseInfo,
  cMid: readonly number[],
): PolynomialInterpolation {
  const { y0, y1 } = info;
  const stages = stagesOf(info);
  const [f0, f1] = [stages[0]!, stages.at(-1)!];
  const used = [...cMid.keys()].filter((i) => cMid[i] !== 0);
  const mid = treeMap(
    (start, ...ks) =>
      add(
        start,
        ks.map((x, j) => mul(x, cMid[used[j]!]!)).reduce((sum: Tensor, x) => add(sum, x)),
      ),
    y0!,
    ...used.map((i) => stages[i]!),
  );
  const combine = (p: number, q: number, r: number, u: number, v: number): Tree =>
    treeMap(
      (start, end, middle, first, last) =>
        add(add(mul(first, u), mul(last, v)), add(add(mul(start, p), mul(end, q)), mul(middle, r))),
      y0!,
      y1!,
      mid,
      f0,
      f1,
    );
  const a = combine(-8, -8, 16, -2, 2); //    2 (f1 - f0) - 8 (y1 + y0) + 16 ymid
  const b = combine(18, 14, -32, 5, -3); //   5 f0 - 3 f1 + 18 y0 + 14 y1 - 32 ymid
  const c = combine(-11, -5, 16, -4, 1); //   f1 - 4 f0 - 11 y0 - 5 y1 + 16 ymid
  return polynomialInterpolation(t0, t1, [a, b, c, f0, y0!]);
}
