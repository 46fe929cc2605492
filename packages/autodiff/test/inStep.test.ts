import { grad, jit, treeLoop, vmap } from "@diffrax-ts/autodiff";
import { add, asTensor, astype, less, logicalAnd, mul, sin, where } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

interface State {
  readonly y: Tensor;
  readonly n: Tensor;
  readonly turns: Tensor;
}

/** Goes on for `n` turns, or until `y` gets beyond 10. */
const solve = (inStep: boolean) => (y0: Scalar, rate: Scalar, n: Scalar) =>
  treeLoop<State>(
    "test",
    { y: y0, n, turns: astype(0, "int32") },
    ({ y, n: most, turns }) =>
      logicalAnd(less(astype(turns, "float64"), most), less(y, 10)) as Tensor,
    ({ y, n: most, turns }) => ({
      y: add(mul(y, rate), sin(where(less(y, 1), y, mul(y, 2)))),
      n: most,
      turns: add(turns, 1),
    }),
    { bound: null, inStep },
  );

describe("a batch of loops that go in step", () => {
  const both = [true, false].map((inStep) => vmap(solve(inStep), { inAxes: [0, 0, null] }));
  const each = [true, false].map((inStep) => vmap(solve(inStep)));
  const number = fc.double({ min: 0.5, max: 1.5, noNaN: true });

  test("gives the bits of one element after the other, where some end early and the batch is no whole number of portions", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 0, max: 30 }),
        (rows, n) => {
          const [y0, rate] = [0, 1].map((i) => Float64Array.from(rows, (row) => row[i]!)) as [
            Float64Array,
            Float64Array,
          ];
          const [a, b] = both.map((f) => f(y0, rate, n)) as [State, State];
          expect(a.y.toArray()).toEqual(b.y.toArray());
          expect(a.turns.toArray()).toEqual(b.turns.toArray());
        },
      ),
      { numRuns: 25 },
    );
  });

  test("may make different numbers of turns after all", () => {
    const y0 = Float64Array.from({ length: 40 }, (_, i) => 0.5 + i / 40);
    const n = Float64Array.from({ length: 40 }, (_, i) => i % 7);
    const [a, b] = each.map((f) => f(y0, y0, n)) as [State, State];
    expect(a.turns.toArray()).toEqual(b.turns.toArray());
    expect(a.y.toArray()).toEqual(b.y.toArray());
  });

  test("is differentiated as they are one by one, on either side of the batch", () => {
    const y0 = Float64Array.from({ length: 20 }, (_, i) => 0.5 + i / 40);
    const slopes = [true, false].map((inStep) => {
      const one = (y: Scalar) => solve(inStep)(y, asTensor(0.9) as Scalar, asTensor(5) as Scalar).y;
      const all = (y: Tensor) => {
        const ys = vmap(one as never)(y) as Tensor;
        return (ys as unknown as { at: (i: number) => Scalar }).at(3);
      };
      return [
        vmap(grad(one as never) as never)(y0 as never),
        jit(grad(all as never) as never)(y0 as never),
      ].map((x) => (x as Tensor).toArray());
    });
    expect(slopes[0]).toEqual(slopes[1]);
  });
});
