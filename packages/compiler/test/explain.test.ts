import { type ExplainedBlock, type ExplainedStep, explainProgram } from "@diffrax-ts/compiler";
import { add, apply, arrayType, mul, sub, tanh, traceProgram } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Builder } from "./support/Builder.ts";
import { Draw } from "./support/Draw.ts";
import { randomProgram } from "./support/randomProgram.ts";

const vector = arrayType("float64", [1000]);
const matrix = arrayType("float64", [40, 40]);
const sum = (x: Tensor): Tensor => apply("reduceSum", [x], { axes: [0] })[0]!;
const dot = (a: Tensor, b: Tensor): Tensor =>
  apply("dotGeneral", [a, b], { contract: [[1], [0]], batch: [[], []] })[0]!;

const explained = (types: Parameters<typeof traceProgram>[0], f: (...x: Tensor[]) => Tensor[]) =>
  explainProgram(traceProgram(types, (...x) => f(...x)).program);

/** What steps do, without what they cost. */
const outline = ({ steps }: ExplainedBlock): unknown[] =>
  steps.map((step: ExplainedStep) => {
    if (step.kind === "fused") return [step.primitives, step.writes.map((one) => one.for)];
    return step.kind === "single" ? step.primitive : [step.kind, ...step.blocks.map(outline)];
  });

describe("explainProgram", () => {
  test("says which operations are one loop over memory, and who reads what it writes", () => {
    const { main } = explained([vector, vector], (x, y) => [tanh(add(mul(x, y), 1))]);
    expect(outline(main)).toEqual([[["mul", "add", "tanh"], [["what follows"]]]]);
  });

  test("says what ends a loop: an operation that needs all of what it makes", () => {
    const { main } = explained([vector], (x) => {
      const y = mul(x, x);
      return [sub(y, sum(y))];
    });
    expect(outline(main)).toEqual([
      [["mul"], [["reduceSum", "sub"]]],
      "reduceSum",
      [["sub"], [["what follows"]]],
    ]);
    const [, total] = main.steps;
    expect(total).toMatchObject({
      operands: [{ dtype: "float64", shape: [1000] }],
      because: "an element is made of many",
    });
  });

  test("says that scalars and small arrays are expressions, and which changes of shape copy nothing", () => {
    const small = explained([arrayType("float64", [3])], (x) => [mul(add(x, 1), 2)]);
    expect(small.main.scalars).toBe(6);
    const turned = explained([matrix], (x) => [
      mul(apply("transpose", [x], { permutation: [1, 0] })[0]!, x),
    ]);
    expect(turned.main).toMatchObject({ scalars: 0, views: 1 });
  });

  test("shows loops and branches with what is in them, and how often a loop turns at most", () => {
    const body = traceProgram([matrix, matrix], (w, y) => [tanh(dot(w, y))]).program;
    const loop = { body, cond: null, length: 7, numConsts: 1, numCarry: 1, reverse: false };
    const { main } = explained([matrix, matrix], (w, y) => [
      apply("loop", [w, y], { ...loop, parallel: false, bound: 7, host: false })[0]!,
    ]);
    expect(outline(main)).toEqual([["loop", ["dotGeneral", [["tanh"], [["what follows"]]]]]]);
    expect(main.steps[0]).toMatchObject({ mostTurns: 7 });
    const branches = [1, 2].map((n) => traceProgram([vector], (x) => [mul(x, n + 1)]).program);
    const either = explained([arrayType("int32", []), vector], (index, x) => [
      apply("cond", [index, x], { branches })[0]!,
    ]);
    const side = [[["mul"], [["what follows"]]]];
    expect(outline(either.main)).toEqual([["branches", side, side]]);
  });

  test("counts the memory of a call: inputs, constants, buffers and what lies between operations", () => {
    const { memory } = explained([vector, vector], (x, y) => {
      const [rows] = apply("bufferNew", [], { dtype: "float64", shape: [10, 1000], fill: 0 });
      return [mul(x, y), apply("bufferFreeze", [rows!], {})[0]!];
    });
    expect(memory.inputs).toBe(2 * 8000);
    expect(memory.buffers).toBe(80_000);
    expect(memory.others).toBeGreaterThanOrEqual(8000);
    const { inputs, constants, buffers, others } = memory;
    expect(inputs + constants + buffers + others).toBe(memory.bytes);
  });

  test("counts functions and instructions: those of all steps are some of those of the module", () => {
    const { code, main } = explained([vector, matrix], (x, w) => [tanh(x), dot(w, w)]);
    const ofSteps = main.steps.reduce(
      (total, step) => total + ("instructions" in step ? step.instructions : 0),
      0,
    );
    expect(code.functions).toBe(1);
    expect(ofSteps).toBeGreaterThan(100);
    expect(code.instructions).toBeGreaterThan(ofSteps);
    expect(code.bytes).toBeGreaterThan(code.instructions);
    expect(main.steps).toMatchObject([{ inLanes: true }, { inLanes: true }]);
  });

  test("explains all programs: every instruction that is written is known", () => {
    const property = fc.property(fc.gen(), (next) => {
      const builder = new Builder(new Draw(next));
      const { program } = builder.finish(builder.run(() => randomProgram(builder)));
      const { code, memory } = explainProgram(program);
      expect(code.instructions).toBeGreaterThan(code.functions);
      expect(memory.others).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 60, seed: 1 });
  });

  test("is text too, in which what stands several times is one line", () => {
    const layers = explained([matrix, matrix], (w, x) => [tanh(dot(w, tanh(dot(w, x))))]);
    const lines = String(layers).split("\n");
    expect(lines[0]).toMatch(/^code: [\d.]+ kB, 1 function, \d+ instructions$/);
    expect(lines[1]).toMatch(/^memory of a call: [\d.]+ kB \(inputs 25.6 kB, /);
    expect(lines.slice(3).map((line) => line.replace(/\d+ instructions/, "n"))).toEqual([
      "2 × dotGeneral float64[40,40] from [40,40] [40,40]; n in lanes; not fused: an element is made of many",
      "fused over [40,40]: tanh; n in lanes; writes float64[40,40] for dotGeneral",
      "fused over [40,40]: tanh; n in lanes; writes float64[40,40] for what follows",
    ]);
  });
});
