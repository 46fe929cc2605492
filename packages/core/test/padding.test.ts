import { jit, np, type Scalar, type Tensor, Tsit5 } from "@diffrax-ts/core";
import { expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const decay = (_t: number, y: number): number => -y;

/** A traced solve with steps of 1/8 over [0, 1] or [0, -1]: its times, its states, and the ends of its steps. */
function rowsOf(direction: 1 | -1, options: object, y0: number | Tensor = 1): readonly Tensor[] {
  const interval = { t0: 0, t1: direction, dt0: direction / 8, throw: false };
  const solve = jit((start: Scalar) => {
    const all = { ...interval, y0: start, ...options };
    const solution = solveParts(decay, Tsit5(), all);
    const { ts, ys, interpolation } = solution;
    return interpolation === null ? [ts, ys] : [interpolation.ts];
  });
  return solve(y0 as never);
}

/** How many rows are finite, and what the others hold. */
const filling = (rows: Tensor): readonly [number, ...unknown[]] => {
  const list = rows.toArray() as number[];
  const count = list.findIndex((x) => !Number.isFinite(x));
  return [count, ...new Set(list.slice(count))];
};

test.each([1, -1] as const)(
  "inside a traced function the rows that were not written are +inf: direction %i",
  (direction) => {
    const unused = { saveat: { steps: true }, maxSteps: 16 };
    const single = np.tensor(1, { dtype: "float32" });
    const missed = { saveat: { ts: [0, 0.125, 0.5, 1].map((t) => t * direction) }, maxSteps: 2 };
    const dense = { saveat: { dense: true }, maxSteps: 16 };

    for (const rows of rowsOf(direction, unused)) expect(filling(rows)).toEqual([8, Infinity]);
    for (const rows of rowsOf(direction, unused, single))
      expect(filling(rows)).toEqual([8, Infinity]);
    for (const rows of rowsOf(direction, missed)) expect(filling(rows)).toEqual([2, Infinity]);
    for (const rows of rowsOf(direction, dense)) expect(filling(rows)).toEqual([9, Infinity]);
  },
);
