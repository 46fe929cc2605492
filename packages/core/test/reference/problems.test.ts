import { traced } from "@diffrax-ts/protocol";
import type { Callable } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import { type FieldCheck, readFigures } from "./figures.ts";
import { readPlain, readTensor, readTree } from "./jsonTree.ts";
import { problems } from "./problems.ts";

// A few roundings, of terms no larger than 1e3.
const close = { rtol: 1e-15, atol: 1e-13 };

const checks = [
  "ode-explicit",
  "saveat",
  "initial-step",
  "adjoints",
  "clip",
  "symplectic",
  "ode-implicit",
  "cde",
  "sde",
].flatMap((file) => readFigures(file).vectorFieldChecks ?? []);

function call(f: Callable, ...args: readonly unknown[]): unknown {
  return (f as unknown as (...args: readonly unknown[]) => unknown)(...args);
}

describe("the vector field has the value of the figures:", () => {
  test.each(checks)("$problem.name, on tensors", ({ problem, t, y, f }: FieldCheck) => {
    const tensors = readTensor("float64");
    const field = traced(problems[problem.name]!.onTensors);
    const value = call(field, t, readTree(y, tensors), readTree(problem.args, tensors));
    expect(differences(value, f, close, "f")).toEqual([]);
  });

  test.each(checks)("$problem.name, in plain arithmetic", ({ problem, t, y, f }) => {
    const plain = readPlain("float64");
    const value = call(
      problems[problem.name]!.plain,
      t,
      readTree(y, plain),
      readTree(problem.args, plain),
    );
    expect(differences(value, f, close, "f")).toEqual([]);
  });
});
