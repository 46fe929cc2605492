import * as np from "@diffrax-ts/array";
import { jit, vmap } from "@diffrax-ts/autodiff";
import type { Scalar } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import {
  elementAt,
  elementsOf,
  expectTensor,
  floats,
  fullShapes,
  tensorsOf,
} from "./support/arrays.ts";

describe.each(floats)("of %s", (dtype) => {
  test("searchsorted(sorted, values) is the number of elements before each", () => {
    const few = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
    );
    const order = (a: number, b: number): number =>
      Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b || 0;
    const isLess = (a: number, b: number): boolean =>
      a < b || (Number.isNaN(b) && !Number.isNaN(a));
    const cases = fc.tuple(
      fc.array(few, { maxLength: 20 }),
      fullShapes({ most: 2 }).chain((shape) => tensorsOf(shape, dtype, few)),
    );
    fc.assert(
      fc.property(cases, ([list, values]) => {
        const sorted = np.tensor(list.toSorted(order), { dtype });
        const left = agree((a, v) => np.searchsorted(a, v), sorted, values);
        const right = agree((a, v) => np.searchsorted(a, v, { side: "right" }), sorted, values);
        expectTensor(
          left,
          "int32",
          values.shape,
          (index) => list.filter((x) => isLess(x, elementAt(values, index))).length,
        );
        expectTensor(
          right,
          "int32",
          values.shape,
          (index) => list.filter((x) => !isLess(elementAt(values, index), x)).length,
        );
      }),
      { numRuns: 80 },
    );
  });

  test("polyval(p, x) is Horner's rule, rounded at every step", () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    const cases = fc.nat({ max: 5 }).chain((n) =>
      fc.tuple(
        tensorsOf([n], dtype, number),
        fullShapes({ most: 2 }).chain((shape) => tensorsOf(shape, dtype, number)),
      ),
    );
    fc.assert(
      fc.property(cases, ([p, x]) => {
        const round = dtype === "float32" ? Math.fround : (value: number) => value;
        expectTensor(
          agree((a, b) => np.polyval(a, b), p, x),
          dtype,
          x.shape,
          (index) => {
            const [first = 0, ...rest] = elementsOf(p);
            return rest.reduce((value, c) => round(round(value * elementAt(x, index)) + c), first);
          },
        );
      }),
      { numRuns: 60 },
    );
  });
});

test("searchsorted works under vmap", () => {
  const ts = np.tensor([0, 1, 2, 4]);
  const find = vmap((t: Scalar) => np.searchsorted(ts, t));
  expect([...find(Float64Array.of(-1, 0, 0.5, 4, 5))]).toEqual([0, 0, 1, 3, 4]);
});

test("polyval(list of scalars, x) takes traced coefficients", () => {
  const line = jit((a: Scalar, x: Scalar) => np.polyval([a, 1], x));
  expect(line(2, 3).item()).toBe(7);
  expect(np.polyval([1, 2, 3], Infinity).item()).toBe(Infinity);
  expect(np.polyval([], np.ones(2)).toArray()).toEqual([0, 0]);
});
