import * as np from "@diffrax-ts/array";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import {
  elementAt,
  elementsOf,
  expectTensor,
  floats,
  fullShapes,
  indicesOf,
  integers,
  numbers,
  shapes,
  tensorsOf,
} from "./support/arrays.ts";

type Reduction = (x: Tensor, options?: np.ReduceOptions) => Tensor;

/** Reductions, what they make of a list, and of which dtype it is. */
const reductions: Readonly<
  Record<string, readonly [Reduction, (list: number[]) => number | boolean, DType?]>
> = {
  sum: [np.sum, (list) => list.reduce((a, b) => a + b, 0)],
  prod: [np.prod, (list) => list.reduce((a, b) => a * b, 1)],
  max: [np.max, (list) => Math.max(...list)],
  min: [np.min, (list) => Math.min(...list)],
  any: [np.any, (list) => list.some((x) => x !== 0), "bool"],
  all: [np.all, (list) => list.every((x) => x !== 0), "bool"],
  mean: [np.mean, mean],
  variance: [np.variance, variance],
};

function mean(list: readonly number[]): number {
  return list.reduce((a, b) => a + b, 0) / list.length;
}

function variance(list: readonly number[]): number {
  return mean(list.map((x) => (x - mean(list)) ** 2));
}

/** A tensor, axes to go along, and whether they are kept. Sums of these elements are exact. */
function cases(
  dtype: DType,
  ofShapes: fc.Arbitrary<number[]>,
): fc.Arbitrary<[Tensor, number[] | null, boolean]> {
  return ofShapes.chain((shape) =>
    fc.tuple(
      tensorsOf(shape, dtype, fc.integer({ min: -3, max: 3 })),
      fc.option(fc.subarray([...shape.keys()])),
      fc.boolean(),
    ),
  );
}

/** The elements that are brought together in the element of the result at `index`. */
function groupAt(x: Tensor, axes: readonly number[], index: readonly number[]): number[] {
  const kept = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  return indicesOf(x.shape)
    .filter((place) => kept.every((axis, i) => place[axis] === index[i]))
    .map((place) => elementAt(x, place));
}

describe.each(floats)("of %s", (dtype) => {
  test.each(Object.keys(reductions))(
    "%s(x, { axis, keepdims }) is that of the lists along the axes",
    (name) => {
      const [ours, reference, result = dtype] = reductions[name]!;
      // Lengths that are powers of 2 keep means exact.
      const lengths =
        name === "mean" || name === "variance"
          ? fc.constantFrom(1, 2, 4)
          : fc.integer({ min: 0, max: 4 });
      const all = fc.array(lengths, { maxLength: 3 });
      const hasMembers = ([x, axes]: [Tensor, number[] | null, boolean]): boolean =>
        !["max", "min"].includes(name) ||
        (axes ?? [...x.shape.keys()]).every((axis) => x.shape[axis]! > 0);
      fc.assert(
        fc.property(cases(dtype, all).filter(hasMembers), ([x, axis, keepdims]) => {
          const axes = axis ?? [...x.shape.keys()];
          const y = agree((a) => ours(a, { axis, keepdims }), x);
          const left = x.shape.filter((_, i) => !axes.includes(i));
          const shape = x.shape.map((n, i) => (axes.includes(i) ? 1 : n));
          expect([...y.shape]).toEqual(keepdims ? shape : left);
          expectTensor(np.reshape(y, left), result, left, (index) =>
            reference(groupAt(x, axes, index)),
          );
        }),
        { numRuns: 20 },
      );
    },
  );

  test("sum(x) adds one after the other, rounded each time", () => {
    fc.assert(
      fc.property(tensorsOf([7], dtype, fc.double({ min: -8, max: 8, noNaN: true })), (x) => {
        const round = dtype === "float32" ? Math.fround : (value: number) => value;
        const [first, ...rest] = elementsOf(x);
        expect(agree((a) => np.sum(a), x).item()).toBe(rest.reduce((a, b) => round(a + b), first!));
      }),
    );
  });

  test("argmax and argmin give the first place; NaN beats all", () => {
    const all = fullShapes({ least: 1 }).chain((shape) =>
      fc.tuple(tensorsOf(shape, dtype, numbers), fc.nat({ max: shape.length - 1 })),
    );
    fc.assert(
      fc.property(all, ([x, axis]) => {
        const left = x.shape.filter((_, i) => i !== axis);
        const first = (better: (a: number, b: number) => boolean) => (index: readonly number[]) =>
          groupAt(x, [axis], index).reduce(
            (best, value, i, list) =>
              Number.isNaN(list[best])
                ? best
                : Number.isNaN(value) || better(value, list[best]!)
                  ? i
                  : best,
            0,
          );
        expectTensor(
          agree((a) => np.argmax(a, { axis }), x),
          "int32",
          left,
          first((a, b) => a > b),
        );
        expectTensor(
          agree((a) => np.argmin(a, { axis }), x),
          "int32",
          left,
          first((a, b) => a < b),
        );
        expect(np.argmax(x).item()).toBe(np.argmax(np.ravel(x), { axis: 0 }).item());
        const kept = x.shape.with(axis, 1);
        expect(np.argmin(x, { axis, keepdims: true }).shape).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  });

  test("cumsum(x, { axis }) is the sums so far, and those of all elements without an axis", () => {
    const all = shapes({ least: 1 }).chain((shape) =>
      fc.tuple(tensorsOf(shape, dtype, integers), fc.nat({ max: shape.length - 1 })),
    );
    fc.assert(
      fc.property(all, ([x, axis]) => {
        expectTensor(
          agree((a) => np.cumsum(a, { axis }), x),
          dtype,
          x.shape,
          (index) => {
            const line = Array.from({ length: index[axis]! + 1 }, (_, i) =>
              elementAt(x, index.with(axis, i)),
            );
            return line.reduce((a, b) => a + b, 0);
          },
        );
        const list = elementsOf(x);
        expectTensor(
          agree((a) => np.cumsum(a), x),
          dtype,
          [x.size],
          ([i]) => list.slice(0, i! + 1).reduce((a, b) => a + b, 0),
        );
      }),
      { numRuns: 20 },
    );
  });
});

test("max(x) and min(x) are NaN if an element is", () => {
  const x = np.tensor([
    [1, NaN],
    [2, 3],
  ]);
  expect(agree((a) => np.max(a, { axis: 1 }), x).toArray()).toEqual([NaN, 3]);
  expect(agree((a) => np.min(a), x).item()).toBeNaN();
});

test("std(x) is the root of the variance; with ddof: 1 that of a sample", () => {
  const x = np.tensor([2, 4, 4, 4, 5, 5, 7, 9]);
  expect(agree((a) => np.std(a), x).item()).toBe(2);
  expect(agree((a) => np.variance(a, { ddof: 1 }), x).item()).toBe(32 / 7);
  expect(np.variance(np.tensor([1]), { ddof: 1 }).item()).toBeNaN();
});

test("truth values are counted, and the mean of integers is a float64", () => {
  expect(agree((a) => np.sum(a), np.tensor([true, false, true]))).toMatchObject({ dtype: "int32" });
  expect(np.sum(np.tensor([true, false, true])).item()).toBe(2);
  expect(agree((a) => np.mean(a), np.tensor([1, 2], { dtype: "int32" })).item()).toBe(1.5);
});

test("sums of integers have their dtype", () => {
  expect(agree((a) => np.sum(a), np.tensor([1n, 2n]))).toMatchObject({ dtype: "int64" });
  expect(agree((a) => np.sum(a), np.tensor([2 ** 31 - 1, 1], { dtype: "int32" })).item()).toBe(
    -(2 ** 31),
  );
});

test("nothing sums up to 0 and multiplies to 1; its mean is NaN", () => {
  const nothing = np.zeros([0]);
  expect([np.sum(nothing), np.prod(nothing), np.mean(nothing)].map((x) => x.item())).toEqual([
    0,
    1,
    NaN,
  ]);
  expect([np.any(nothing), np.all(nothing)].map((x) => x.item())).toEqual([0, 1]);
});

test("norm(x) is the Euclidean one, of all or along axes", () => {
  const x = np.tensor([
    [3, 4],
    [5, 12],
  ]);
  expect(agree((a) => np.norm(a, { axis: 1 }), x).toArray()).toEqual([5, 13]);
  expect(agree((a) => np.norm(a), x).item()).toBe(Math.sqrt(194));
});
