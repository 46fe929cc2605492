import { traceContext } from "@diffrax-ts/program";

/**
 * Runs a function; derivatives that are taken while it runs go through JavaScript functions that are called back, by one-sided differences.
 * Elsewhere such a derivative is an error, as differences are exact to half of the digits at best. For what needs an approximate derivative to find
 * an exact answer, as Newton's method does.
 *
 * @param usage - Gets to know whether there were such functions.
 *
 * @example
 * ```ts
 * import { jit, jvp, withDifferences } from "@diffrax-ts/autodiff";
 * import { apply, arrayType } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = (x: Scalar) =>
 *   apply("hostCallback", [x], {
 *     name: "square",
 *     outputs: [arrayType("float64", [])],
 *     call({ f64 }, input, output) {
 *       f64[output] = f64[input]! ** 2;
 *     },
 *   })[0] as Scalar;
 * const slope = jit((x: Scalar) => withDifferences(() => jvp(square, [x], [1]).tangent));
 * Math.abs(slope(3).item() - 6) < 1e-6;
 * // → true
 * ```
 */
export function withDifferences<T>(f: () => T, usage: { used: boolean } = { used: false }): T {
  const context = traceContext();
  const before = context.differences;
  context.differences = usage;
  try {
    return f();
  } finally {
    context.differences = before;
  }
}
