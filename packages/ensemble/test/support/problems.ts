import { diffeqsolve, PIDController, Tsit5 } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-8 });

/** A solve that takes another number of steps for each initial state. */
export const lorenz = ([x, y, z]: readonly [Scalar, Scalar, Scalar]): Tensor =>
  diffeqsolve((t, [x, y, z]) => [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z], Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.01,
    y0: [x, y, z],
    stepsizeController,
  }).ys[0];

/** Initial states, so many. */
export function states(n: number): [Float64Array, Float64Array, Float64Array] {
  const column = (a: number, b: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => a + (b * i) / n);
  return [column(1, 10), column(-2, 3), column(20, -15)];
}

/** A solve that takes minutes. */
export const endless = (x: Scalar): Tensor =>
  diffeqsolve((t, y) => 1e-3 * Math.sin(y), Tsit5(), {
    t0: 0,
    t1: 1e7,
    dt0: 0.01,
    y0: x,
    maxSteps: 2_000_000_000,
  }).ys;

/** All bits of tensors. */
export function bitsOf(...tensors: readonly Tensor[]): string {
  return tensors
    .map(({ dtype, shape, data }) => {
      const { buffer, byteOffset, byteLength } = data as Uint8Array;
      return `${dtype} ${shape} ${Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("hex")}`;
    })
    .join();
}
