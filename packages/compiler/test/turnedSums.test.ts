// Arrays of which the axes stand in another order are gone through from number to number, and what is made of them stands in that order too.
import { CompiledProgram, explainProgram } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  evaluateProgram,
  mul,
  type Program,
  tensorOf,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const turned = (x: Tensor, permutation = [1, 0]): Tensor =>
  apply("transpose", [x], { permutation })[0]!;
const sum = (x: Tensor): Tensor => apply("reduceSum", [x], { axes: [0] })[0]!;

/** Whether each loop over elements computes several at once; the bits are those of the evaluator. */
function checked(program: Program): boolean[] {
  const inputs = program.inputs.map(({ dtype, shape }, n) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const numbers = Array.from({ length }, (_, i) => Math.sin((n + 1) * i * i));
    const data = dtype === "float32" ? Float32Array.from(numbers) : Float64Array.from(numbers);
    return tensorOf({ dtype, shape, data });
  });
  const compiled = new CompiledProgram(program).call(inputs).map(({ data }) => data);
  const evaluated = evaluateProgram(program, inputs).map(({ data }) => data);
  expect(compiled).toEqual(evaluated);
  return explainProgram(program).main.steps.flatMap((step) =>
    step.kind === "fused" ? [step.inLanes] : [],
  );
}

describe.each(["float64", "float32"] as const)("of %s", (dtype) => {
  const [tall, wide] = [arrayType(dtype, [40, 24]), arrayType(dtype, [24, 40])];

  test("a sum of transposed matrices runs in lanes, and so does one with a matrix as it is after it was transposed back", () => {
    const { program } = traceProgram([tall, tall, tall], (x, y, z) => {
      const total = add(turned(x), turned(y));
      return [sum(total), add(turned(total), z)];
    });
    expect(checked(program)).toEqual([true, true]);
  });

  test("operands in several orders give a result in row-major order", () => {
    const { program } = traceProgram([tall, wide], (x, y) => {
      const product = mul(turned(x), y);
      return [sum(product), add(product, y)];
    });
    expect(checked(program)).toEqual([false, true]);
  });

  test("what is the same for a row or a column may stand in any order", () => {
    const { program } = traceProgram([tall, arrayType(dtype, [24])], (x, bias) => {
      const [rows] = apply("broadcast", [bias], { shape: [24, 40], axes: [0] });
      const [columns] = apply("broadcast", [sum(turned(x))], { shape: [24, 40], axes: [1] });
      const total = mul(add(turned(x), rows!), columns!);
      return [total, sum(total)];
    });
    expect(checked(program)).toEqual([true]);
  });

  test("of three axes, in every order", () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const cube = arrayType(dtype, [5, 6, 7]);
    for (const order of orders) {
      const { program } = traceProgram([cube, cube], (x, y) => {
        const product = mul(turned(x, order), turned(y, order));
        return [product, sum(product), turned(product, order)];
      });
      expect(checked(program)).toEqual([true]);
    }
  });
});
