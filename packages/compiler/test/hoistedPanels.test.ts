import {
  allocate,
  apply,
  arrayType,
  type ArrayValue,
  astype,
  less,
  type LoopParams,
  mul,
  type Program,
  traceProgram,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

const fill = (dtype: DType, shape: readonly number[], seed: number): ArrayValue => {
  const data = allocate(
    dtype,
    shape.reduce((product, n) => product * n, 1),
  );
  for (let i = 0; i < data.length; i++) data[i] = Math.sin((i + 1) * (seed + 1));
  return { dtype, shape, data };
};

const turns: Omit<LoopParams, "body"> = {
  cond: null,
  length: 3,
  numConsts: 1,
  numCarry: 1,
  reverse: false,
  parallel: false,
  bound: null,
  host: false,
};

/** `(matrix, vector) => (vector / 2, product)`, and the same with the product in a loop within, or in a branch. */
function bodyOf(
  dtype: DType,
  [matrix, vector]: readonly [readonly number[], number],
  axis: number,
  { isFirst, within }: { readonly isFirst: boolean; readonly within: "nothing" | "loop" | "cond" },
): Program {
  const types = [arrayType(dtype, matrix), arrayType(dtype, [vector])];
  const product = (a: Tensor, x: Tensor): Tensor =>
    apply("dotGeneral", isFirst ? [a, x] : [x, a], {
      contract: isFirst ? [[axis], [0]] : [[0], [axis]],
      batch: [[], []],
    })[0]!;
  const plain = traceProgram(types, (a, x) => [mul(x, 0.5), product(a, x)]).program;
  if (within === "loop")
    return traceProgram(types, (a, x) => [...apply("loop", [a, x], { body: plain, ...turns })])
      .program;
  if (within === "nothing") return plain;
  const negative = traceProgram(types, (a, x) => [mul(x, -0.5), mul(product(a, x), -1)]).program;
  return traceProgram(types, (a, x) => {
    const at = (i: number): Tensor => {
      const one = apply("slice", [x], { start: [i], limit: [i + 1], step: [1] });
      return apply("reshape", one, { shape: [] })[0]!;
    };
    return apply("cond", [astype(less(at(0), at(1)), "int32"), a, x], {
      branches: [plain, negative],
    });
  }).program;
}

describe("a loop that multiplies vectors by a matrix that does not change", () => {
  test.each(["float64", "float32"] as const)(
    "has the bits of the evaluator in %s, whatever it reads of the matrix",
    (dtype) => {
      expect.hasAssertions();
      const lengths = fc.constantFrom(15, 16, 17, 31, 32, 47, 64, 81, 130);
      fc.assert(
        fc.property(
          fc.tuple(lengths, lengths),
          fc.constantFrom(0, 1),
          fc.record({
            isFirst: fc.boolean(),
            within: fc.constantFrom("nothing", "loop", "cond"),
          }),
          fc.constantFrom("as it is", "transposed", "reversed", "every other"),
          fc.nat({ max: 1000 }),
          (shape, axis, how, view, seed) => {
            const body = bodyOf(dtype, [shape, shape[axis]], axis, how);
            const given = {
              "as it is": shape,
              transposed: shape.toReversed(),
              reversed: shape,
              "every other": shape.map((n) => 2 * n),
            }[view];
            const look = (a: Tensor): Tensor => {
              if (view === "transposed")
                return apply("transpose", [a], { permutation: [1, 0] })[0]!;
              if (view === "reversed") return apply("reverse", [a], { axes: [axis] })[0]!;
              if (view === "as it is") return a;
              return apply("slice", [a], { start: [0, 0], limit: a.shape, step: [2, 2] })[0]!;
            };
            const { program } = traceProgram(
              [arrayType(dtype, given), arrayType(dtype, [shape[axis]])],
              (a, x) => apply("loop", [look(a), x], { body, ...turns }),
            );
            checkAgreement(program, [
              fill(dtype, given, seed),
              fill(dtype, [shape[axis]], seed + 1),
            ]);
          },
        ),
        { numRuns: 40 },
      );
      expect(dtype).toBeTypeOf("string");
    },
  );
});
