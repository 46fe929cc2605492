import { expect, test } from "vitest";
import {
  add,
  apply,
  arrayType,
  atan2,
  evaluateProgram,
  log2,
  pow,
  printProgram,
  scalarTensor,
  sin,
  traceProgram,
  valueOf,
} from "../../src/index.ts";

const float = arrayType("float64", []);

test("an elementary function brings its definition, and prints as its name", () => {
  const { program } = traceProgram([float, float], (x, y) => [pow(sin(x), y), atan2(log2(x), y)]);
  expect(printProgram(program).split("\n").slice(1, -2)).toEqual([
    "  c: float64 = sin a",
    "  d: float64 = pow c b",
    "  e: float64 = log2 a",
    "  f: float64 = atan2 e b",
  ]);
  const scalars = [0.7, 3].map((x) => valueOf(scalarTensor("float64", x)));
  const values = evaluateProgram(program, scalars).map(({ data }) => data[0]);
  expect(values).toEqual([pow(sin(0.7), 3).item(), atan2(log2(0.7), 3).item()]);
});

test("sin(x), recorded twice, is one equation", () => {
  const { program } = traceProgram([float], (x) => [add(sin(x), sin(x))]);
  expect(program.equations.map(({ primitive }) => primitive)).toEqual(["sin", "add"]);
});

test("control flow on constants is recorded in a trace, and refused outside of one", () => {
  const branches = [1, 2].map((n) => traceProgram([float], (x) => [add(x, n)]).program);
  const choose = () =>
    apply("cond", [scalarTensor("bool", 1), scalarTensor("float64", 5)], { branches });
  const { program } = traceProgram([], choose);
  expect(program.equations.map(({ primitive }) => primitive)).toEqual(["cond"]);
  expect(evaluateProgram(program, [])[0]!.data[0]).toBe(7);
  expect(choose).toThrow(
    "cond: control flow has to be inside of a traced function; call it in jit(…)",
  );
});

test("an assertion of what is known to hold leaves nothing", () => {
  const check = (ok: number) => () => {
    apply("assert", [scalarTensor("bool", ok)], { message: "no" });
    return [];
  };
  expect(traceProgram([], check(1)).program.equations).toEqual([]);
  const { program } = traceProgram([], check(0));
  expect(() => evaluateProgram(program, [])).toThrow("no");
});
