import { grad, jit } from "@diffrax-ts/autodiff";
import { add, full, max, mul, ones, sum, tensor, zeros } from "@diffrax-ts/array";
import { printProgram, traceProgram, arrayType } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const large = 100_000;
const scalar = arrayType("float64", []);

/** The program of a function of a scalar. */
const programOf = (f: (x: Tensor) => Tensor) => traceProgram([scalar], (x) => [f(x)]).program;

/** The most elements of a constant in a program. */
const largest = (f: (x: Tensor) => Tensor): number =>
  Math.max(
    0,
    ...programOf(f).equations.flatMap(({ inputs }) =>
      inputs.map((x) => (x.trace === undefined ? x.size : 0)),
    ),
  );

test("a large array of one number is no constant of a program, wherever it was made", () => {
  const outside = full([large], 3);
  for (const f of [
    (x: Tensor) => mul(zeros([large]), x),
    (x: Tensor) => mul(full([10, large / 10], 2.5), x),
    (x: Tensor) => mul(outside, x),
    (x: Tensor) => sum(add(ones([large], { dtype: "float32" }), 1)).add(x.size),
    (x: Tensor) => add(mul(zeros([600_000_000]), 2).at(5), x),
  ])
    expect(largest(f)).toBeLessThan(65);
  expect(printProgram(programOf((x) => mul(outside, x)))).toContain("broadcast");
  const other = full([large], 3).toArray();
  other[large - 1] = 4;
  const almost = tensor(Float64Array.from(other));
  expect(largest((x) => mul(almost, x))).toBe(large);
});

test("it has the values that it would have, and is read as any other array in a trace", () => {
  const total = jit((x: Scalar) => {
    const weights = full([large], 0.5);
    expect(weights.at(7).item()).toBe(0.5);
    expect(weights.data.length).toBe(large);
    expect(weights.toArray().length).toBe(large);
    return sum(mul(weights, x));
  });
  expect(total(2).item()).toBe(large);
  const outside = full([large], -0);
  expect(Object.is(jit((x: Scalar) => add(outside, mul(x, -0)).at(3))(1).item(), -0)).toBe(true);
  // In one element that stands for all: there is no memory for so many.
  expect(jit((x: Scalar) => add(max(zeros([700_000_000])), x))(1).item()).toBe(1);
  expect(grad((x: Scalar) => sum(mul(mul(x, x), ones([large]))))(3)).toBe(6 * large);
  const int = full([large], 7, { dtype: "int64" });
  expect(jit((x: Scalar) => add(int.at(1).add(0), x.size))(1).item()).toBe(8);
});
