import { add, mul } from "@diffrax-ts/array";
import { type LocalInterpolation, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { linearRescale, linearSlope } from "./linearRescale.ts";

/** A polynomial in `(t - t0) / (t1 - t0)` for every leaf of the state. */
export interface PolynomialInterpolation extends LocalInterpolation {
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** Trees like the state, that of the highest power first. */
  readonly coefficients: readonly Tree[];
}

/**
 * The polynomial in `s = (t - t0) / (t1 - t0)` with these coefficients, that of the highest power first.
 *
 * @param coefficients - Trees like the state, at least two of them; the last is the value at `t0`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { polynomialInterpolation } from "@diffrax-ts/interpolation";
 *
 * const parabola = polynomialInterpolation(tensor(0), tensor(2), [tensor(4), tensor(0), tensor(1)]); // 4 s² + 1
 * String(parabola.evaluate(tensor(1)));
 * // → "2"
 * String(parabola.derivative(tensor(1)));
 * // → "2"
 * ```
 */
export function polynomialInterpolation(
  t0: Scalar,
  t1: Scalar,
  coefficients: readonly Tree[],
): PolynomialInterpolation {
  return { t0, t1, coefficients, evaluate, derivative };
}

function evaluate(this: PolynomialInterpolation, t: Scalar): Tree {
  const s = linearRescale(this.t0, t, this.t1);
  const [first, ...rest] = this.coefficients;
  return treeMap((...c) => c.reduce((sum, x) => add(mul(sum, s), x)), first!, ...rest);
}

function derivative(this: PolynomialInterpolation, t: Scalar): Tree {
  const s = linearRescale(this.t0, t, this.t1);
  const slope = linearSlope(this.t0, this.t1);
  const [first, ...rest] = this.coefficients.slice(0, -1);
  const degree = this.coefficients.length - 1;
  return treeMap(
    (...c) => {
      const scaled = c.map((x, i) => mul(x, degree - i));
      const sum = scaled.reduce((total: Tensor, x) => add(mul(total, s), x));
      return mul(sum, slope);
    },
    first!,
    ...rest,
  );
}
