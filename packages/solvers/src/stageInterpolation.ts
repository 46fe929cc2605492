import { add, astype, mul } from "@diffrax-ts/array";
import { linearRescale, linearSlope, stagesOf } from "@diffrax-ts/interpolation";
import { type DenseInfo, type LocalInterpolation, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { addScaledBy, sumScaledBy } from "./scaledBy.ts";

/** The interpolation `y0 + Σᵢ bᵢ(s) kᵢ`, `s = (t - t0) / (t1 - t0)`, with a polynomial weight for each stage. */
export interface StageInterpolation extends LocalInterpolation {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly k: readonly Tree[];
  /** For each stage the coefficients of `bᵢ`, that of the highest power first and that of `s⁰` left out: it is zero. */
  readonly weights: readonly (readonly number[])[];
}

/**
 * The interpolation `y0 + Σᵢ bᵢ(s) kᵢ` with these polynomial weights: its order is what the weights make it.
 *
 * @param weights - For each stage the coefficients of `bᵢ`, that of the highest power first and that of `s⁰` left out. The sum of
 * those of a stage is its weight in the solution, so that the curve ends at `y1`.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 * import { stageInterpolation } from "@diffrax-ts/solvers";
 *
 * // b₁(s) = s - s²/2 and b₂(s) = s²/2 for two stages
 * const info = { y0: tensor(1), k: [tensor(2), tensor(4)] };
 * const curve = stageInterpolation(tensor(0), tensor(1), info, [[-0.5, 1], [0.5, 0]]);
 * String(curve.evaluate(tensor(0.5)));
 * // → "2.25"
 * String(curve.derivative(tensor(0.5)));
 * // → "3"
 * ```
 */
export function stageInterpolation(
  t0: Scalar,
  t1: Scalar,
  info: DenseInfo,
  weights: readonly (readonly number[])[],
): StageInterpolation {
  const { y0 } = info;
  return { t0, t1, y0: y0!, k: stagesOf(info), weights, evaluate, derivative };
}

function evaluate(this: StageInterpolation, t: Scalar): Tree {
  const s = linearRescale(this.t0, t, this.t1);
  return addScaledBy(
    this.y0,
    this.weights.map((b) => (isZero(b) ? null : mul(horner(b, s), s))),
    this.k,
  );
}

function derivative(this: StageInterpolation, t: Scalar): Tree {
  const s = linearRescale(this.t0, t, this.t1);
  const slope = linearSlope(this.t0, this.t1);
  const rates = this.weights.map((b) =>
    isZero(b)
      ? null
      : horner(
          b.map((c, i) => c * (b.length - i)),
          s,
        ),
  );
  return treeMap((x) => mul(x, slope), sumScaledBy(rates, this.k));
}

const isZero = (coefficients: readonly number[]): boolean => coefficients.every((c) => c === 0);

function horner([first, ...rest]: readonly number[], s: Scalar): Tensor {
  const start: Tensor = astype(first!, s.dtype);
  return rest.reduce((sum, c) => (c === 0 ? mul(sum, s) : add(mul(sum, s), c)), start);
}
