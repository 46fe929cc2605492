import {
  apply,
  arrayType,
  mul,
  type Program,
  programBytes,
  traceProgram,
} from "@diffrax-ts/program";
import { expect, test } from "vitest";
import { FilledTensor } from "../src/tensors.ts";
import { constantFrom } from "../src/constants.ts";

const scalar = arrayType("float64", []);

/** A program of so many multiplications. */
function chain(length: number): Program {
  return traceProgram([scalar], (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = mul(y, x);
    return [y];
  }).program;
}

/** A program that multiplies arrays by a constant of its size. */
function scaled(size: number, constant: object): Program {
  return traceProgram([arrayType("float64", [size])], (x) => [mul(x, constant as typeof x)])
    .program;
}

test("a program takes as much as it has equations, and its constants", () => {
  const [short, long] = [programBytes(chain(10)), programBytes(chain(100))];
  expect(long / short).toBeCloseTo(10, 5);
  const data = new Float64Array(1000).map((_, i) => i);
  const constant = constantFrom({ dtype: "float64", shape: [1000], data });
  expect(programBytes(scaled(1000, constant)) - programBytes(chain(1))).toBe(8000);
});

test("what programs have in common counts for the first of them", () => {
  const inner = chain(100);
  const calls = traceProgram([scalar], (x) =>
    apply("call", [x], { program: inner, name: "f", inline: false }),
  ).program;
  const alone = programBytes(chain(1));
  expect(programBytes(inner)).toBe(100 * alone);
  expect(programBytes(calls)).toBe(alone);
  expect(programBytes(inner)).toBe(0);
});

test("an array of one number has no memory", () => {
  const zeros = new FilledTensor("float64", [1e9], 0);
  expect(programBytes(scaled(1e9, zeros))).toBeLessThanOrEqual(programBytes(chain(2)));
});
