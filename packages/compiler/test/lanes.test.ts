import {
  add,
  allocate,
  arrayType,
  type ArrayValue,
  astype,
  bitcast,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  notEqual,
  shiftLeft,
  shiftRight,
  shiftRightLogical,
  sqrt,
  sub,
  traceProgram,
  where,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

type Integer = "int32" | "uint32";

/** What there is to do with integers of 32 bits: each takes two and a number of places to shift by. */
const onIntegers: readonly ((x: Tensor, y: Tensor, places: number) => Tensor)[] = [
  (x, y) => add(x, y),
  (x, y) => sub(x, y),
  (x, y) => mul(x, y),
  (x) => (x.dtype === "int32" ? neg(x) : bitwiseNot(x)),
  (x, y) => bitwiseAnd(x, y),
  (x, y) => bitwiseOr(x, y),
  (x, y) => bitwiseXor(x, y),
  (x, _, places) => shiftLeft(x, places),
  (x, _, places) => shiftRight(x, places),
  (x, _, places) => shiftRightLogical(x, places),
  (x, y) => where(less(x, y), x, y),
  (x, y) => where(lessEqual(x, y), y, x),
  (x, y) => where(logicalAnd(notEqual(x, y), logicalNot(equal(x, 3))), x, y),
  (x) => bitcast(bitcast(x, "int32"), x.dtype),
];

/** What makes wider numbers of two integers of 32 bits, and goes back. */
const toWider: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
  (x) => astype(x, "float64"),
  (x) => astype(x, "int64"),
  (x, y) => bitwiseOr(shiftLeft(astype(x, "int64"), 32), astype(y, "int64")),
  (x, y) => add(mul(astype(x, "float64"), 2 ** 20), astype(y, "float64")),
  (x, y) => where(less(astype(x, "float64"), astype(y, "float64")), astype(x, "float64"), 0.5),
  (x, y) => sqrt(mul(astype(x, "float64"), astype(y, "float64"))),
  (x, y) => astype(sub(astype(x, "float64"), mul(astype(y, "float64"), 1.5)), "int32"),
  (x, y) => astype(sub(astype(x, "float64"), mul(astype(y, "float64"), 1.5)), "uint32"),
];

const words = (dtype: Integer, length: number) =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.constantFrom(0, 1, 3, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
      ),
      { minLength: length, maxLength: length },
    )
    .map((numbers): ArrayValue => {
      const data = allocate(dtype, length);
      for (const [i, x] of numbers.entries()) data[i] = dtype === "int32" ? x | 0 : x;
      return { dtype, shape: [length], data };
    });

/** Two arrays and a shared scalar of a dtype, from 17 elements on: then they are not written out as scalars. */
const problem = fc
  .record({
    dtype: fc.constantFrom<Integer>("int32", "uint32"),
    length: fc.integer({ min: 17, max: 40 }),
  })
  .chain(({ dtype, length }) =>
    fc.record({
      dtype: fc.constant<DType>(dtype),
      length: fc.constant(length),
      x: words(dtype, length),
      y: words(dtype, length),
      shared: words(dtype, 1).map(({ data }): ArrayValue => ({ dtype, shape: [], data })),
      steps: fc.array(
        fc.record({ op: fc.nat(onIntegers.length - 1), places: fc.integer({ min: 0, max: 31 }) }),
        { minLength: 1, maxLength: 8 },
      ),
      end: fc.option(fc.nat(toWider.length - 1)),
    }),
  );

describe("integers of 32 bits, four or two at a time", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    fc.assert(
      fc.property(problem, ({ dtype, length, x, y, shared, steps, end }) => {
        const types = [
          arrayType(dtype, [length]),
          arrayType(dtype, [length]),
          arrayType(dtype, []),
        ];
        const { program } = traceProgram(types, (a, b, c) => {
          let [last, other] = [a, add(b, c)];
          for (const { op, places } of steps)
            [last, other] = [onIntegers[op]!(last, other, places), last];
          return end === null ? [last] : [last, toWider[end]!(last, other)];
        });
        checkAgreement(program, [x, y, shared]);
      }),
      { numRuns: 300 },
    );
  });

  test.each(onIntegers.map((op, i) => ({ op, i })))("of each kind: $i", ({ op }) => {
    for (const dtype of ["int32", "uint32"] as const) {
      const [x, y] = fc.sample(fc.tuple(words(dtype, 37), words(dtype, 37)), {
        numRuns: 1,
        seed: 1,
      })[0]!;
      const type = arrayType(dtype, [37]);
      const { program } = traceProgram([type, type], (a, b) => [op(a, b, 7)]);
      expect(() => checkAgreement(program, [x, y])).not.toThrow();
    }
  });
});
