import { add, mul, sub } from "@diffrax-ts/array";
import { type Path, type Tree, treeMap } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { checkNans, readData, type RowOf, timeIn, type Times } from "./data.ts";
import type { InterpolationOptions } from "./LinearInterpolation.ts";
import { pieceAt } from "./pieceAt.ts";

/** Cubics, one after the other: see the function of this name. */
export interface CubicInterpolation<Row = Tree> extends Path<Row> {
  readonly kind: "CubicInterpolation";
  /** Where the cubics begin and end, `[n]`. */
  readonly ts: Tensor<readonly [number]>;
  /** Their coefficients, `n - 1` of each. */
  readonly coeffs: { readonly [Letter in "d" | "c" | "b" | "a"]: Tree };
  readonly t0: Scalar;
  readonly t1: Scalar;
  derivative(t: number | Scalar, left?: boolean): Row;
}

/**
 * A path of cubics: from `ts[i]` to `ts[i + 1]` it is `d[i] s³ + c[i] s² + b[i] s + a[i]`, `s = t - ts[i]`. Before and after them
 * the first and the last one go on.
 *
 * Any spline can be written so; `backwardHermiteCoefficients` has one through data, as neural controlled equations want it.
 *
 * @param ts - `[n]`, increasing.
 * @param coeffs - Each with `n - 1` rows, in one structure.
 * @throws TypeError for times of another dtype, or for another number of rows; RangeError for times that do not increase, and for
 * coefficients that are known and have NaN in them.
 *
 * @example
 * ```ts
 * import { backwardHermiteCoefficients, CubicInterpolation } from "@diffrax-ts/interpolation";
 *
 * const ts = [0, 1, 2];
 * const path = CubicInterpolation(ts, backwardHermiteCoefficients(ts, [0, 1, 4]));
 * path.evaluate(1.5).item();
 * // → 2.25
 * path.derivative(2).item();
 * // → 3
 * ```
 */
export function CubicInterpolation<const Ys>(
  ts: Times,
  coeffs: { readonly [Letter in "d" | "c" | "b" | "a"]: Ys },
  options: InterpolationOptions = {},
): CubicInterpolation<RowOf<Ys>> {
  const name = "CubicInterpolation";
  const { allowNans = false } = checkOptions(name, options, ["allowNans"]);
  const letters = ["d", "c", "b", "a"] as const;
  if (
    typeof coeffs !== "object" ||
    coeffs === null ||
    !letters.every((letter) => letter in coeffs)
  ) {
    throw new TypeError(
      `${name}: coeffs must be { d, c, b, a }, as backwardHermiteCoefficients gives them, got ${describeValue(coeffs)}`,
    );
  }
  const { d, c, b, a } = coeffs;
  const data = readData(name, ts, { d, c, b, a }, { argument: "coeffs", rows: (n) => n - 1 });
  if (!allowNans) checkNans(name, "coeffs", data.ys);
  const ends = { t0: data.ts.at(0), t1: data.ts.at(-1) };
  const record = part(name, { ts: data.ts, coeffs: data.ys, ...ends, evaluate, derivative });
  return record as unknown as CubicInterpolation<RowOf<Ys>>;
}

function evaluate(
  this: CubicInterpolation,
  t0: number | Scalar,
  t1: number | Scalar | null = null,
  left = true,
): Tree {
  if (t1 !== null) {
    const [start, end] = [this.evaluate(t0, null, left), this.evaluate(t1, null, left)];
    return treeMap((y1, y0) => sub(y1, y0), end, start);
  }
  const { ts } = this;
  const t = timeIn("CubicInterpolation.evaluate", t0, ts);
  const { i } = pieceAt(ts, ts.size - 1, t, left);
  const s = sub(t, ts.at(i));
  const { d, c, b, a } = this.coeffs;
  const value = (...of: Tensor[]): Tensor => {
    const [d3, c2, b1, a0] = of.map((x) => x.at(i)) as [Tensor, Tensor, Tensor, Tensor];
    return add(a0, mul(s, add(b1, mul(s, add(c2, mul(s, d3)))))); // d s³ + c s² + b s + a
  };
  return treeMap(value, d, c, b, a);
}

function derivative(this: CubicInterpolation, t: number | Scalar, left = true): Tree {
  const { ts } = this;
  const at = timeIn("CubicInterpolation.derivative", t, ts);
  const { i } = pieceAt(ts, ts.size - 1, at, left);
  const s = sub(at, ts.at(i));
  const { d, c, b } = this.coeffs;
  const slope = (...of: Tensor[]): Tensor => {
    const [d3, c2, b1] = of.map((x) => x.at(i)) as [Tensor, Tensor, Tensor];
    return add(b1, mul(s, add(mul(c2, 2), mul(mul(s, 3), d3)))); // 3 d s² + 2 c s + b
  };
  return treeMap(slope, d, c, b);
}
