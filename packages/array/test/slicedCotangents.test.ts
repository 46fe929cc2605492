// Cotangents of arrays that many slices are taken of.
import { add, mul, reshape, sin, slice, sum, tensor } from "@diffrax-ts/array";
import { grad } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";

const shapes: readonly (readonly number[])[] = [[40], [1, 40], [40, 1], [40, 3], [40, 40]];
const window = fc
  .tuple(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 1, max: 6 }), fc.boolean())
  .map(([start, length, isRow]) => ({ start, end: Math.min(40, start + length), isRow }));

test("add up where slices overlap, along either axis, and are zero where there is none", () => {
  fc.assert(
    fc.property(
      fc.array(window, { minLength: 40, maxLength: 80 }),
      fc.constantFrom(...shapes),
      (windows, shape) => {
        const weightOf = (i: number): number => 1 + (i % 7);
        const axisOf = (isRow: boolean): number =>
          shape[0] !== 40 || (isRow && shape[1] === 40) ? 1 : 0;
        const take = (x: Tensor, { start, end, isRow }: (typeof windows)[number]): Tensor =>
          axisOf(isRow) === 1 ? slice(x, null, [start, end]) : slice(x, [start, end]);
        const loss = (x: Tensor): Scalar =>
          windows.map((one, i) => mul(sum(take(x, one)), weightOf(i))).reduce((a, b) => add(a, b));
        const size = shape.reduce((a, b) => a * b, 1);
        const x = reshape(tensor(new Float64Array(size)), shape);
        const wanted = new Float64Array(size);
        for (const [i, { start, end, isRow }] of windows.entries()) {
          for (let place = 0; place < size; place++) {
            const index =
              shape.length === 1 ? [place] : [Math.floor(place / shape[1]!), place % shape[1]!];
            const at = index[axisOf(isRow)]!;
            if (at >= start && at < end) wanted[place]! += weightOf(i);
          }
        }
        expect([...grad(loss)(x).data]).toEqual([...wanted]);
      },
    ),
    { numRuns: 20, seed: 5 },
  );
});

test("are put together once: the program grows with the slices, and not with their number times the length", () => {
  const n = 2000;
  const loss = (x: Tensor): Scalar =>
    Array.from({ length: n }, (_, i) => sin(x.at(i) as Scalar)).reduce((a, b) => add(a, b));
  const x = tensor(Float64Array.from({ length: n }, (_, i) => i));
  const gradient = grad(loss)(x);
  expect(gradient.at(n - 1).item()).toBeCloseTo(Math.cos(n - 1), 14);
});
