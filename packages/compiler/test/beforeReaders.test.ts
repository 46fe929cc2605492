// What a single later loop reads is computed in that loop, if nothing more has to be kept for that.
import { CompiledProgram, explainProgram } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  evaluateProgram,
  mul,
  type Program,
  sub,
  tanh,
  tensorOf,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const size = 40;
const vector = arrayType("float64", [size]);
const matrix = arrayType("float64", [size, size]);
const dot = (a: Tensor, b: Tensor): Tensor =>
  apply("dotGeneral", [a, b], { contract: [[1], [0]], batch: [[], []] })[0]!;

const traced = (f: (w: Tensor, x: Tensor) => readonly Tensor[]): Program =>
  traceProgram([matrix, vector], f).program;

/** The operations of each loop, and what stands alone. */
const steps = (program: Program): unknown[] =>
  explainProgram(program).main.steps.map((step) =>
    step.kind === "fused" ? step.primitives : step.kind === "single" ? step.primitive : step.kind,
  );

function checkBits(program: Program): void {
  const inputs = program.inputs.map(({ dtype, shape }, n) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length }, (_, i) => Math.sin((n + 1) * i * i));
    return tensorOf({ dtype, shape, data });
  });
  const compiled = new CompiledProgram(program).call(inputs).map(({ data }) => data);
  const evaluated = evaluateProgram(program, inputs).map(({ data }) => data);
  expect(compiled).toEqual(evaluated);
}

describe("an array that one later loop reads", () => {
  test("is computed there: 1 - y² of a value that a product reads too", () => {
    const program = traced((w, x) => {
      const y = tanh(x);
      const slope = sub(1, mul(y, y));
      return [mul(dot(w, y), slope)];
    });
    expect(steps(program)).toEqual([["tanh"], "dotGeneral", ["mul", "sub", "mul"]]);
    checkBits(program);
  });

  test("is computed there with all that it alone is made of, across several loops", () => {
    const program = traced((w, x) => {
      const slopes = [1, 2, 3].map((n) => mul(sub(n, x), 2));
      let y = x;
      for (const slope of slopes) y = mul(dot(w, y), tanh(slope));
      return [y];
    });
    const loop = ["sub", "mul", "tanh", "mul"];
    expect(steps(program)).toEqual(["dotGeneral", loop, "dotGeneral", loop, "dotGeneral", loop]);
    checkBits(program);
  });

  test("is computed where it stands if two arrays had to be kept for it", () => {
    const program = traced((w, x) => {
      const [y, z] = [tanh(x), add(x, 1)];
      const product = mul(y, z);
      return [mul(dot(w, add(dot(w, y), dot(w, z))), product)];
    });
    expect(steps(program)[0]).toEqual(["tanh", "add", "mul"]);
    checkBits(program);
  });

  test("is computed where it stands if what it is made of would have to be written instead", () => {
    const program = traced((w, x) => {
      const y = tanh(x);
      const next = add(y, 1);
      return [mul(dot(w, mul(y, y)), next)];
    });
    expect(steps(program)).toEqual([["tanh", "add", "mul"], "dotGeneral", ["mul"]]);
    checkBits(program);
  });

  test("is computed there from several arrays if more are saved than are kept: sums to which each stage adds", () => {
    const stages = 5;
    const program = traced((w, x) => {
      const sums = Array.from({ length: stages }, (_, i) => mul(x, i + 1));
      for (let i = stages - 1; i > 0; i--) {
        const stage = tanh(dot(w, sums[i]!));
        for (let j = 0; j < i; j++) sums[j] = add(sums[j]!, mul(stage, 0.1 * (i + j)));
      }
      return [sums[0]!];
    });
    const written = explainProgram(program).main.steps.flatMap((step) =>
      step.kind === "fused" ? [step.writes.length] : [],
    );
    // Each stage, as far as later ones read it, and the sum that the next product is of; the first is a sum alone, and so is the last.
    expect(written).toEqual([1, 2, 2, 2, 1]);
    checkBits(program);
  });
});
