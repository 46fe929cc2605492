import { allocate, apply, arrayType, type ArrayValue, traceProgram } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

/** An axis of an operand, and how the operand is read along it. */
interface Axis {
  readonly length: number;
  readonly role: "batch" | "free" | "contracted";
  /** Which of its kind it is. */
  readonly place: number;
  readonly step: number;
  readonly isReversed: boolean;
}

interface Operand {
  readonly axes: readonly Axis[];
  readonly value: ArrayValue;
}

/** Lengths on both sides of those at which tiles, vectors, panels and blocks end. */
const length = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 33, 64, 67));

const lengths = (most: number): fc.Arbitrary<number[]> => fc.array(length, { maxLength: most });

const operand = (
  dtype: DType,
  roles: Readonly<Record<Axis["role"], readonly number[]>>,
): fc.Arbitrary<Operand> => {
  const wanted = Object.entries(roles).flatMap(([role, list]) =>
    list.map((n, place) => ({ length: n, role: role as Axis["role"], place })),
  );
  const axes = fc.tuple(
    ...wanted.map((axis) =>
      fc.record({
        axis: fc.constant(axis),
        step: fc.constantFrom(1, 1, 1, 2),
        isReversed: fc.constantFrom(false, false, false, true),
        key: fc.integer(),
      }),
    ),
  );
  return fc.tuple(axes, fc.nat()).map(([list, seed]) => {
    const ordered = list
      .toSorted((a, b) => a.key - b.key)
      .map(({ axis, step, isReversed }): Axis => Object.assign({ step, isReversed }, axis));
    const shape = ordered.map((axis) => axis.length * axis.step);
    const size = shape.reduce((product, n) => product * n, 1);
    const data = allocate(dtype, size);
    for (let i = 0; i < size; i++) {
      const x = 10 * Math.sin((i + 1) * ((seed % 1000) + 1));
      data[i] = dtype === "int32" ? Math.trunc(x) : x;
    }
    return { axes: ordered, value: { dtype, shape, data } };
  });
};

/** A product of two arrays with axes in any order. */
const product = (dtype: DType): fc.Arbitrary<readonly [Operand, Operand]> =>
  fc
    .record({ batch: lengths(1), contracted: lengths(2), a: lengths(2), b: lengths(2) })
    .filter(
      ({ batch, contracted, a, b }) =>
        [...batch, ...contracted, ...a, ...b].reduce((all, n) => all * n, 1) <= 2 ** 18,
    )
    .chain(({ batch, contracted, a, b }) =>
      fc.tuple(
        operand(dtype, { batch, contracted, free: a }),
        operand(dtype, { batch, contracted, free: b }),
      ),
    );

/** An operand as it is read. */
function viewOf({ axes }: Operand, x: Tensor): Tensor {
  const [all] = apply("slice", [x], {
    start: axes.map(() => 0),
    limit: x.shape,
    step: axes.map(({ step }) => step),
  });
  const reversed = axes.flatMap(({ isReversed }, i) => (isReversed ? [i] : []));
  return apply("reverse", [all!], { axes: reversed })[0]!;
}

function axesOf({ axes }: Operand, wanted: Axis["role"]): readonly number[] {
  return axes
    .map(({ role, place }, i) => ({ role, place, i }))
    .filter(({ role }) => role === wanted)
    .toSorted((a, b) => a.place - b.place)
    .map(({ i }) => i);
}

describe("products of matrices, whatever their lengths and the order of their axes, have the bits of the evaluator", () => {
  test.each(["float64", "float32", "int32"] as const)("in %s", (dtype) => {
    expect.hasAssertions();
    fc.assert(
      fc.property(product(dtype), ([a, b]) => {
        const { program } = traceProgram(
          [a, b].map(({ value }) => arrayType(dtype, value.shape)),
          (x, y) =>
            apply("dotGeneral", [viewOf(a, x), viewOf(b, y)], {
              contract: [axesOf(a, "contracted"), axesOf(b, "contracted")],
              batch: [axesOf(a, "batch"), axesOf(b, "batch")],
            }),
        );
        checkAgreement(program, [a.value, b.value]);
      }),
      { numRuns: 60 },
    );
    expect(dtype).toBeTypeOf("string");
  });
});
