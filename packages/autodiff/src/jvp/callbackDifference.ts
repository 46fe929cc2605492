import {
  abs,
  add,
  apply,
  div,
  epsilon,
  equal,
  type HostCallbackParams,
  isFloat,
  maximum,
  mul,
  sqrt,
  sub,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Dual } from "./jvpProgram.ts";

/**
 * The value of a function that is called back, and its derivative in a direction `v` by a one-sided difference, `(f(x + ε v) - f(x)) / ε`.
 *
 * `ε` moves what moves by about `√(u max(1e-5, |x|))`, with `u` the distance of 1 to the next number, as Hairer and Wanner do in RADAU5 and Stiff ODEs IV.8:
 * half of the digits are right where `f` is of size and curvature 1.
 */
export function callbackDifference(
  params: HostCallbackParams,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
): Dual {
  const outputs = apply("hostCallback", inputs, params);
  const moved = inputs.flatMap((x, i) => {
    const v = tangents[i] ?? null;
    return v === null || !isFloat(x.dtype) || x.size === 0 ? [] : [{ x, v }];
  });
  if (moved.length === 0) return { outputs, tangents: outputs.map(() => null) };
  const size = moved.map(({ x, v }) => total(mul(abs(x), abs(v)))).reduce((a, b) => add(a, b));
  const weight = moved.map(({ v }) => total(abs(v))).reduce((a, b) => add(a, b));
  const largest = moved
    .map(({ v }) => apply("reduceMax", [abs(v)], { axes: [...v.shape.keys()] })[0]!)
    .reduce((a, b) => maximum(a, b));
  const isStill = equal(weight, 0);
  const typical = maximum(div(size, where(isStill, 1, weight)), 1e-5);
  const step = div(
    sqrt(mul(typical, epsilon(typical.dtype as "float64"))),
    where(isStill, 1, largest),
  );
  const beside = inputs.map((x, i) => {
    const v = tangents[i] ?? null;
    return v === null || !isFloat(x.dtype) ? x : add(x, mul(v, step));
  });
  const values = apply("hostCallback", beside, params);
  return {
    outputs,
    tangents: outputs.map((y, i) => (isFloat(y.dtype) ? div(sub(values[i]!, y), step) : null)),
  };
}

function total(x: Tensor): Tensor {
  return apply("reduceSum", [x], { axes: [...x.shape.keys()] })[0]!;
}
