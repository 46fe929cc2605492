// Events that change the state, at the roots of their conditions.
import { checkTraces } from "@diffrax-ts/autodiff";
import {
  Event,
  Newton,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Functions are made anew on purpose.
beforeEach(() => checkTraces("never"));

const rootFinder = Newton({ rtol: 1e-12, atol: 1e-12 });
const listOf = (x: unknown): number[] => [...(x as Tensor)];

describe("an event that has just been", () => {
  /** A clock whose state counts its events. */
  const count = (condFn: unknown, more: object = {}, dt0 = 0.25): readonly number[] => {
    const { events } = solveParts(() => 0, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0,
      y0: 0,
      event: Event({
        condFn: condFn as never,
        rootFinder,
        change: (_t: number, y: number) => y + 1,
        ...more,
      }),
    });
    return listOf(events!.ts).map((t) => Math.round(t * 1e9) / 1e9);
  };

  test("is not again at its root, which it passes", () => {
    expect(count((t: number) => t - 1)).toEqual([1]); // at the end of a step
    expect(count((t: number) => t - 1, {}, 0.3)).toEqual([1]);
    expect(count((t: number) => 1e9 * (t - 1.1))).toEqual([1.1]);
    expect(count((t: number) => 1e-9 * (t - 1.1))).toEqual([1.1]);
    expect(count((t: number) => Math.sin(t - 1.1) + 1e6 - 1e6)).toEqual([1.1]);
  });

  test("is where it touches zero at the end of a step, and not in its midst", () => {
    expect(count((t: number) => (t - 1) ** 2)).toEqual([1]);
    expect(count((t: number) => (t - 1) ** 2, {}, 0.3)).toEqual([]);
  });

  test("is not at the start, and is where it comes back in the first step", () => {
    expect(count((t: number) => t)).toEqual([]);
    expect(count((t: number) => t * (0.1 - t))).toEqual([0.1]);
    expect(count((t: number) => t * (t - 0.1), { direction: true })).toEqual([0.1]);
    expect(count((t: number) => t * (t - 0.1), { direction: false })).toEqual([]);
  });

  test("comes again within the same step", () => {
    expect(count((t: number) => (t - 0.8) * (1.5 - t), {}, 1)).toEqual([0.8, 1.5]);
    expect(count((t: number) => (t - 0.8) * (0.81 - t), {}, 0.805)).toEqual([0.8, 0.81]);
  });

  test("is a truth value where that becomes true", () => {
    expect(count((t: number) => t > 0.6)).toEqual([0.75]);
    expect(count((t: number) => t < 0.6)).toEqual([]);
    expect(count((t: number) => (t > 0.6 && t < 1.1) || t > 1.6)).toEqual([0.75, 1.75]);
  });
});

/** A smooth function of time that has exactly these roots, and changes its sign at each. */
const product = traced((t: Scalar, _y: Scalar, { roots }: { roots: Tensor }) =>
  Array.from({ length: roots.length }, (_, i) => np.tanh(np.sub(roots.at(i), t))).reduce((a, b) =>
    np.mul(a, b),
  ),
);
const plusOne = (_t: number, y: number): number => y + 1;

test("random conditions: all roots are found in order, where steps resolve them", () => {
  const most = 12;
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: most }),
      fc.double({ min: 0.01, max: 0.049, noNaN: true }),
      fc.boolean(),
      (gaps, dt0, isAdaptive) => {
        const roots = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((a, b) => a + b, 0));
        const padded = Float64Array.from({ length: most }, (_, i) => roots[i] ?? 100);
        const controller = PIDController({ rtol: 1e-3, atol: 1e-3, dtmax: dt0 });
        const { events } = solveParts(() => 0, Tsit5(), {
          t0: 0,
          t1: roots.at(-1)! + 0.5,
          dt0,
          y0: 0,
          args: { roots: padded },
          maxSteps: null,
          stepsizeController: isAdaptive ? controller : undefined,
          event: Event({ condFn: product, rootFinder, change: plusOne }),
        });
        const found = listOf(events!.ts);
        expect(found).toHaveLength(roots.length);
        for (const [i, t] of found.entries()) expect(t).toBeCloseTo(roots[i]!, 9);
        expect(listOf(events!.ys)).toEqual([...roots.keys()]);
      },
    ),
    { numRuns: 100 },
  );
});
