import {
  apply,
  type Atom,
  isVariable,
  type Program,
  printProgram,
  sameList,
  scalarTensor,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Builder } from "./support/Builder.ts";
import { Draw } from "./support/Draw.ts";
import { randomProgram } from "./support/randomProgram.ts";

/** A program again, with every equation recorded as if it were new. */
function recorded(program: Program, inputs: readonly Tensor[]): Tensor[] {
  const values: Tensor[] = [];
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): Tensor => (isVariable(atom) ? values[atom.id]! : atom);
  for (const { primitive, inputs: atoms, params, outputs } of program.equations) {
    const results = apply(primitive, atoms.map(read), params);
    for (const [i, { id }] of outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}

/** Operands of which some are one, some the opposite of another, and some known. */
function operandsOf(
  { inputs }: Program,
  draw: Draw,
): (given: readonly Tensor[]) => readonly Tensor[] {
  const choices = inputs.map(() => draw.int(0, 34));
  return (given) =>
    inputs.map(({ dtype, shape }, i) => {
      const choice = choices[i]!;
      const alike = given.filter((x) => x.dtype === dtype && sameList(x.shape, shape));
      const x = alike[choice % alike.length]!;
      if (choice % 5 === 0 && dtype !== "bool") return apply("neg", [x], {})[0]!;
      return choice % 7 === 0 && shape.length === 0 ? scalarTensor(dtype, choice % 2) : x;
    });
}

describe("repeatEquation", () => {
  it("gives what the equation gives that is recorded anew, whatever the operands are", () => {
    const property = fc.property(fc.gen(), (next) => {
      const draw = new Draw(next);
      const builder = new Builder(draw);
      const { program } = builder.finish(builder.run(() => randomProgram(builder)));
      const operands = operandsOf(program, draw);
      const [one, other] = [spliceProgram, recorded].map(
        (run) => traceProgram(program.inputs, (...all) => run(program, operands(all))).program,
      );
      expect(printProgram(one!)).toBe(printProgram(other!));
    });
    fc.assert(property, { numRuns: 300, includeErrorInReport: true });
  });
});
