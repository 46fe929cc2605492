import { add, mul, sub } from "@diffrax-ts/array";
import { type DenseInfo, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import {
  type PolynomialInterpolation,
  polynomialInterpolation,
} from "./polynomialInterpolation.ts";

/**
 * The cubic with the values `y0`, `y1` and the slopes of the first and last stage at the ends: of order 3.
 *
 * `k` is the list of stages, each times the step.
 */
export function thirdOrderHermitePolynomialInterpolation(
  t0: Scalar,
  t1: Scalar,
  { y0, y1, k }: DenseInfo,
): PolynomialInterpolation {
  const stages = k as readonly Tree[];
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
