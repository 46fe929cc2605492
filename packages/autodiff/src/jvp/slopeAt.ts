import { apply, type DerivedParams, mul, type Program, traceProgram } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { isZero, typeOf } from "../zeros.ts";

/** A factor of a derivative, as a function of the input `x` and the output `y`. */
export interface Slope {
  readonly name: string;
  readonly value: (x: Tensor, y: Tensor) => Tensor;
  /** Its derivative with respect to `x`; `s` is its value. */
  readonly derivative: (x: Tensor, y: Tensor, s: Tensor) => Tensor;
}

/**
 * A factor of a derivative as one equation that brings a derivative of its own: for a formula that keeps its digits, but loses
 * them when it is differentiated. `(1 - x)(1 + x)` is right next to 1, and `-(1 + x) + (1 - x)` is wrong next to 0.
 */
export function slopeAt(slope: Slope, x: Tensor, y: Tensor): Tensor {
  return apply("derived", [x, y], equationOf(slope, x))[0]!;
}

function equationOf(slope: Slope, like: Tensor): DerivedParams {
  const { name, value, derivative } = slope;
  const type = typeOf(like);
  let program: Program | undefined;
  return {
    name,
    outputs: [type],
    expand: () => (program ??= traceProgram([type, type], (x, y) => [value(x, y)]).program),
    jvp: ([x, y], [dx]) => ({
      tangents: [isZero(dx) ? null : mul(dx, derivative(x!, y!, slopeAt(slope, x!, y!)))],
    }),
    hasRule: false,
    transpose: null,
    pair: null,
    // Both are batched, or neither is.
    batch: ([x, y]) => [slopeAt(slope, x!, y!)],
  };
}
