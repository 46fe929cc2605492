// The limit on numbers in an array is for what users write as data, not for what a solve has as many of as it was given functions.
import { diffeqsolve, Event, np, type Tensor, traced, Tsit5 } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const decay = (_t: number, [y]: readonly [number]) => [-y] as const;

test("an event of 200 conditions ends where the first of them holds, and its mask says which", () => {
  const thresholds = Array.from({ length: 200 }, (_, i) => 0.1 + 1e-3 * i);
  const condFn = thresholds.map((threshold) =>
    traced((_t: Tensor, [y]: readonly [Tensor]) => np.less(y, threshold)),
  );
  const { ts, result, eventMask } = diffeqsolve(decay, Tsit5(), {
    t0: 0,
    t1: 10,
    dt0: 0.01,
    y0: [1],
    event: Event({ condFn }),
  });
  expect(result).toBe("eventOccurred");
  expect(ts.at(0).item()).toBeCloseTo(-Math.log(0.299), 1);
  const mask = eventMask as readonly boolean[];
  expect(mask.length).toBe(200);
  expect(mask.at(-1)).toBe(true);
  expect(mask[0]).toBe(false);
});

test("a state of 100 arrays in a list gives its solver's state back", () => {
  const y0 = Array.from({ length: 100 }, (_, i) => new Float64Array(2).fill(i));
  const field = traced((_t: Tensor, y: readonly Tensor[]) => y.map((x) => np.neg(x)));
  const options = { t0: 0, t1: 1, dt0: 0.1, y0, saveat: { t1: true, solverState: true } };
  const { ys, solverState } = solveParts<readonly Tensor[]>(field, Tsit5(), options) as never as {
    ys: readonly Tensor[];
    solverState: unknown;
  };
  expect(ys.length).toBe(100);
  expect(solverState).not.toBeNull();
});
