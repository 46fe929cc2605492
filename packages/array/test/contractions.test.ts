import * as np from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import {
  elementAt,
  elementsOf,
  expectTensor,
  floats,
  shapes,
  tensorsOf,
} from "./support/arrays.ts";

const length = fc.integer({ min: 0, max: 4 });
const settings = { numRuns: 30 };

/** `f(0) + f(1) + … + f(n - 1)`. */
function total(n: number, f: (k: number) => number): number {
  let sum = n === 0 ? 0 : f(0);
  for (let k = 1; k < n; k++) sum += f(k);
  return sum;
}

// The elements are small integers: every order of summation gives the same bits.
describe.each(floats)("of %s", (dtype) => {
  const pair = (a: readonly number[], b: readonly number[]): fc.Arbitrary<[Tensor, Tensor]> =>
    fc.tuple(tensorsOf(a, dtype), tensorsOf(b, dtype));

  test("matmul(a, b) multiplies matrices and vectors", () => {
    const cases = fc
      .tuple(length, length, length)
      .chain(([m, k, n]) =>
        fc.tuple(tensorsOf([m, k], dtype), tensorsOf([k, n], dtype), tensorsOf([k], dtype)),
      );
    fc.assert(
      fc.property(cases, ([a, b, v]) => {
        const [m, k] = a.shape as [number, number];
        const n = b.shape[1]!;
        const product = (index: readonly number[]): number =>
          total(k, (l) => elementAt(a, [index[0]!, l]) * elementAt(b, [l, index[1]!]));
        expectTensor(
          agree((x, y) => np.matmul(x, y), a, b),
          dtype,
          [m, n],
          product,
        );
        expectTensor(
          agree((x, y) => np.dot(x, y), a, b),
          dtype,
          [m, n],
          product,
        );
        expectTensor(
          agree((x, y) => np.matmul(x, y), a, v),
          dtype,
          [m],
          ([i]) => total(k, (l) => elementAt(a, [i!, l]) * elementAt(v, [l])),
        );
        expectTensor(
          agree((x, y) => np.matmul(x, y), v, b),
          dtype,
          [n],
          ([j]) => total(k, (l) => elementAt(v, [l]) * elementAt(b, [l, j!])),
        );
        expectTensor(
          agree((x, y) => np.matmul(x, y), v, v),
          dtype,
          [],
          () => total(k, (l) => elementAt(v, [l]) ** 2),
        );
      }),
      settings,
    );
  });

  test("matmul(a, b) broadcasts the axes before the last two", () => {
    const batches = fc.constantFrom(
      [[2], [2]],
      [[2], []],
      [[], [3]],
      [[1], [3]],
      [[2, 1], [3]],
      [[3], [2, 3]],
    );
    const cases = fc
      .tuple(batches, length, length, length)
      .chain(([[left, right], m, k, n]) => pair([...left, m, k], [...right, k, n]));
    fc.assert(
      fc.property(cases, ([a, b]) => {
        const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
        const batch = np.add(np.zeros(a.shape.slice(0, -2)), np.zeros(b.shape.slice(0, -2))).shape;
        const own = (x: Tensor, index: readonly number[]): number[] =>
          index
            .slice(batch.length - (x.shape.length - 2))
            .map((i, axis) => (x.shape[axis] === 1 ? 0 : i));
        expectTensor(
          agree((x, y) => np.matmul(x, y), a, b),
          dtype,
          [...batch, m, n],
          (index) => {
            const [lead, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
            return total(
              k,
              (l) => elementAt(a, [...own(a, lead), i, l]) * elementAt(b, [...own(b, lead), l, j]),
            );
          },
        );
      }),
      settings,
    );
  });

  test("tensordot(a, b, n) sums over the last axes of a and the first of b", () => {
    const cases = fc
      .tuple(shapes({ most: 2 }), shapes({ most: 2 }), shapes({ most: 2 }))
      .chain(([left, middle, right]) =>
        fc.tuple(pair([...left, ...middle], [...middle, ...right]), fc.constant(middle.length)),
      );
    fc.assert(
      fc.property(cases, ([[a, b], n]) => {
        const [left, right] = [a.shape.slice(0, a.shape.length - n), b.shape.slice(n)];
        const [rows, columns] = [elementsOf(a), elementsOf(b)];
        const width = right.reduce((x, y) => x * y, 1);
        const depth = b.shape.slice(0, n).reduce((x, y) => x * y, 1);
        const flat = (shape: readonly number[], index: readonly number[]): number =>
          index.reduce((place, i, axis) => place * shape[axis]! + i, 0);
        expectTensor(
          agree((x, y) => np.tensordot(x, y, n), a, b),
          dtype,
          [...left, ...right],
          (index) => {
            const [i, j] = [
              flat(left, index.slice(0, left.length)),
              flat(right, index.slice(left.length)),
            ];
            return total(depth, (l) => rows[i * depth + l]! * columns[l * width + j]!);
          },
        );
      }),
      settings,
    );
  });

  test("dot, vdot and outer of tensors of any shape", () => {
    const cases = fc
      .tuple(shapes(), length, shapes({ most: 1 }), length)
      .chain(([front, k, back, n]) => pair([...front, k], [...back, k, n]));
    fc.assert(
      fc.property(cases, ([a, b]) => {
        const k = a.shape.at(-1)!;
        const [front, back] = [a.shape.slice(0, -1), b.shape.slice(0, -2)];
        expectTensor(
          agree((x, y) => np.dot(x, y), a, b),
          dtype,
          [...front, ...back, b.shape.at(-1)!],
          (index) => {
            const [i, j] = [index.slice(0, front.length), index.slice(front.length)];
            return total(
              k,
              (l) => elementAt(a, [...i, l]) * elementAt(b, [...j.slice(0, -1), l, j.at(-1)!]),
            );
          },
        );
        const [p, q] = [elementsOf(a), elementsOf(b)];
        expectTensor(
          agree((x, y) => np.outer(x, y), a, b),
          dtype,
          [a.size, b.size],
          ([i, j]) => p[i!]! * q[j!]!,
        );
        expect(agree((x) => np.vdot(x, x), a).item()).toBe(total(p.length, (l) => p[l]! ** 2));
      }),
      settings,
    );
  });
});

test("tensordot(a, b, [axesA, axesB]) sums over pairs of axes", () => {
  const a = np.reshape(np.arange(24), [2, 3, 4]);
  const b = np.reshape(np.arange(60), [4, 3, 5]);
  expectTensor(
    agree(
      (x, y) =>
        np.tensordot(x, y, [
          [1, -1],
          [1, 0],
        ]),
      a,
      b,
    ),
    "float64",
    [2, 5],
    ([i, j]) =>
      total(3, (k) => total(4, (l) => elementAt(a, [i!, k, l]) * elementAt(b, [l, k, j!]))),
  );
  expect(np.tensordot(np.ones(2), np.ones(3), 0).shape).toEqual([2, 3]);
});

test("dot(a, b) with a scalar is the product", () => {
  expect(agree((x) => np.dot(2, x), np.tensor([1, 2])).toArray()).toEqual([2, 4]);
});

test("sums of products are added from the first to the last", () => {
  // 1e16 + 1 - 1e16 is 0 in this order alone.
  expect(agree((x, y) => np.dot(x, y), np.tensor([1e16, 1, -1e16]), np.ones(3)).item()).toBe(0);
  expect(agree((x, y) => np.dot(x, y), np.tensor([1e16, -1e16, 1]), np.ones(3)).item()).toBe(1);
});
