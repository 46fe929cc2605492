import { CompiledProgram } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  mul,
  type Program,
  scalarTensor,
  traceProgram,
} from "@diffrax-ts/program";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

/** `x ↦ x (1 + x (1 + …)) `, written out. */
function chain(shape: readonly number[], length: number): Program {
  return traceProgram([arrayType("float64", shape)], (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = add(mul(y, x), i % 2 === 0 ? x : y);
    return [y];
  }).program;
}

/** A program that is called on the result of the call before. */
function called(program: Program, times: number): Program {
  return traceProgram(program.inputs, (x) => {
    let y = x;
    for (let i = 0; i < times; i++)
      [y] = apply("call", [mul(y, 0.5)], { program, name: "chain", inline: true }) as [typeof y];
    return [y];
  }).program;
}

describe.each([
  ["a number", [], scalarTensor("float64", 0.1)],
  [
    "an array",
    [20],
    { dtype: "float64", shape: [20], data: Float64Array.from({ length: 20 }, (_, i) => i / 40) },
  ],
] as const)("calls of one program with %s", (_, shape, input) => {
  const long = chain(shape, 600);

  test("give the same bits evaluated, lowered and compiled", () => {
    checkAgreement(called(long, 8), [input]);
  });

  test("are written out once if it is long", () => {
    const bytes = (times: number): number => new CompiledProgram(called(long, times)).codeBytes;
    expect(bytes(8)).toBeLessThan(1.3 * bytes(2));
  });
});
