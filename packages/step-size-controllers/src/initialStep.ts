import {
  abs,
  add,
  div,
  less,
  lessEqual,
  logicalOr,
  maximum,
  minimum,
  mul,
  pow,
  sub,
  where,
} from "@diffrax-ts/array";
import { epsilon } from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import { type Tolerances, type Tree, treeMap } from "@diffrax-ts/protocol";

/** What a first step is chosen from. */
export interface InitialStepOptions extends Tolerances {
  /** The vector field. */
  readonly func: (t: Scalar, y: Tree) => Tree;
  readonly t0: Scalar;
  readonly y0: Tree;
  /** The order of the local error. */
  readonly errorOrder: number;
}

/**
 * A first step, from the size of the solution and of its first and second derivative: `PIDController` takes it for `dt0: null`.
 * The vector field is evaluated twice. It is in the units of time, positive, and long enough to lead to another floating-point number
 * from `t0`: a clock that counts milliseconds since 1970 has a resolution of 2e-4.
 *
 * @see Hairer, Nørsett & Wanner, *Solving Ordinary Differential Equations I*, II.4, "starting step size",
 * doi:10.1007/978-3-540-78862-1
 *
 * @example
 * ```ts
 * import { neg, tensor } from "@diffrax-ts/array";
 * import { rmsNorm, type Tree, treeMap } from "@diffrax-ts/protocol";
 * import { selectInitialStep } from "@diffrax-ts/step-size-controllers";
 *
 * const func = (t: unknown, y: Tree) => treeMap((x) => neg(x), y);
 * const common = { func, t0: tensor(0), y0: tensor(1), errorOrder: 5, norm: rmsNorm };
 * const [loose, tight] = [1e-3, 1e-9].map((tol) => selectInitialStep({ ...common, rtol: tol, atol: tol }).item());
 * tight! < loose!;
 * // → true
 * ```
 */
export function selectInitialStep({
  func,
  t0,
  y0,
  errorOrder,
  rtol,
  atol,
  norm,
}: InitialStepOptions): Scalar {
  const scale = treeMap((y) => add(mul(abs(y), rtol), atol), y0);
  const scaled = (x: Tree): Scalar => norm(treeMap((a, b) => div(a, b), x, scale));
  const f0 = func(t0, y0);
  const d0 = scaled(y0); //                                               d₀ = ‖y₀‖
  const d1 = scaled(f0); //                                               d₁ = ‖f(t₀, y₀)‖
  const isTiny = logicalOr(less(d0, 1e-5), less(d1, 1e-5));
  // No step is shorter than what the clock can tell apart.
  const resolution = mul(abs(t0), epsilon(t0.dtype));
  const h0 = maximum(where(isTiny, 1e-6, mul(div(d0, where(isTiny, 1, d1)), 0.01)), resolution);
  // One step of Euler's method
  const y1 = treeMap((y, f) => add(y, mul(f, h0)), y0, f0);
  const f1 = func(add(t0, h0), y1);
  const d2 = div(scaled(treeMap((a, b) => sub(b, a), f0, f1)), h0); //  d₂ = ‖f₁ - f₀‖ / h₀
  const largest = maximum(d1, d2);
  const isFlat = lessEqual(largest, 1e-15);
  const h1 = where(
    isFlat,
    maximum(mul(h0, 1e-3), 1e-6),
    pow(div(0.01, where(isFlat, 1, largest)), 1 / errorOrder), //        h₁ = (0.01 / max(d₁, d₂))^(1 / order)
  );
  return maximum(minimum(mul(h0, 100), h1), resolution);
}
