// Steps that end at given times: `ClipStepSizeController` in a solve.
import {
  BacksolveAdjoint,
  ClipStepSizeController,
  diffeqsolve,
  Dopri5,
  grad,
  jit,
  jvp,
  np,
  PIDController,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

const controller = PIDController({ rtol: 1e-8, atol: 1e-10 });

/** `y' = -y`, and `y' = 3 - y` from `tc` on. */
const switched = (t: number, y: number, tc: number): number => -y + (t < tc ? 0 : 3);

/** The solution from `y(0) = 1`. */
const solution = (t: number, tc: number): number =>
  Math.exp(-t) + (t < tc ? 0 : 3 * (1 - Math.exp(tc - t)));

/** Its derivative with respect to `tc`. */
const inSwitch = (t: number, tc: number): number => -3 * Math.exp(tc - t);

interface Times {
  readonly stepTs?: readonly number[] | Tensor;
  readonly jumpTs?: readonly number[] | Tensor;
  readonly storeRejectedSteps?: number;
}

function stepsOf(
  times: Times,
  { t0 = 0, t1 = 2, dt0 = 0.1, tc = 0.7 }: Partial<Record<"t0" | "t1" | "dt0" | "tc", number>> = {},
) {
  return diffeqsolve(switched, Tsit5(), {
    t0,
    t1,
    dt0,
    y0: solution(t0, tc),
    args: tc,
    saveat: { steps: true, t0: true },
    stepsizeController: ClipStepSizeController({ controller, ...times }),
  });
}

const timesOf = (solved: { readonly ts: Tensor }): number[] => [...solved.ts] as number[];

describe("ClipStepSizeController({ controller, stepTs })", () => {
  test("has a step end at each of the times, whatever their order, and ignores those outside", () => {
    const ts = timesOf(stepsOf({ stepTs: [1.9, -3, 0.3, 7, 0.3, Infinity, 1] }));
    for (const t of [0.3, 1, 1.9]) expect(ts).toContain(t);
    expect(ts.every((t, i) => i === 0 || t > ts[i - 1]!)).toBe(true);
    expect(ts.at(-1)).toBe(2);
  });

  test("of any list: steps increase, meet the times between t0 and t1, and end at t1", () => {
    const time = fc.double({ min: -1, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(time, { maxLength: 7 }), fc.boolean(), (stepTs, isBackward) => {
        const [t0, t1, dt0] = isBackward ? [2, 0, -0.1] : [0, 2, 0.1];
        const ts = timesOf(stepsOf({ stepTs }, { t0, t1, dt0, tc: -1 }));
        const sign = isBackward ? -1 : 1;
        expect(ts.every((t, i) => i === 0 || sign * (t - ts[i - 1]!) > 0)).toBe(true);
        // Next to the end a step is drawn to it, and of two floating-point numbers next to each other one is met.
        const inside = stepTs.filter((t) => t > 0 && t < 2 && Math.abs(t - t1) > 1e-13);
        const isMet = (t: number): boolean =>
          ts.some(
            (u) => Math.abs(t - u) <= (inside.includes(u) ? Math.max(t * 2 ** -52, 5e-324) : 0),
          );
        expect(inside.filter((t) => !isMet(t))).toEqual([]);
        expect(ts.at(-1)).toBe(t1);
      }),
      { numRuns: 60 },
    );
  });

  test("takes float32 solves, integers among numbers, and no times at all", () => {
    const { ts } = diffeqsolve((t, y) => -y, Tsit5(), {
      t0: 0,
      t1: 3,
      dt0: 0.1,
      y0: np.tensor(1, { dtype: "float32" }),
      saveat: { steps: true },
      stepsizeController: ClipStepSizeController({
        controller: PIDController({ rtol: 1e-4, atol: 1e-5 }),
        stepTs: [1, 2.1],
      }),
    });
    expect(ts.dtype).toBe("float32");
    for (const t of [1, Math.fround(2.1)]) expect([...ts]).toContain(t);
    const plainSteps = timesOf(stepsOf({ stepTs: [], jumpTs: [] }));
    const bare = diffeqsolve(switched, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      args: 0.7,
      saveat: { steps: true, t0: true },
      stepsizeController: controller,
    });
    expect(plainSteps).toEqual([...bare.ts]);
  });
});

describe("ClipStepSizeController({ controller, jumpTs })", () => {
  test("does not evaluate the vector field on a jump, nor across it", () => {
    const field = traced((t: Scalar, y: Scalar) => {
      // Infinite on the jump itself.
      const isOn = np.equal(t, 0.7);
      return np.add(np.neg(y), np.where(isOn, Infinity, np.where(np.less(t, 0.7), 0, 3)));
    });
    const { ys, stats } = solveParts(field, Dopri5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      stepsizeController: ClipStepSizeController({ controller, jumpTs: [0.7] }),
    });
    expect(ys.at(0).item()).toBeCloseTo(solution(2, 0.7), 8);
    expect(stats.numRejectedSteps).toBeLessThan(4);
  });

  test.each([
    [0, 2, 0.1],
    [2, 0, -0.1],
  ])("from %s to %s is as accurate as on either side", (t0, t1, dt0) => {
    const { ys } = stepsOf({ jumpTs: [0.7] }, { t0, t1, dt0 });
    expect(ys.at(-1).item()).toBeCloseTo(solution(t1, 0.7), 7);
  });

  test("at t0, just before it, at t1 and next to it, changes nothing", () => {
    const before = 0.7 - 2 ** -53;
    for (const [t0, t1] of [
      [0.7, 2],
      [before, 2],
      [0, 0.7],
      [0, 0.7 + 2 ** -53],
    ] as const) {
      const { ys, result } = stepsOf({ jumpTs: [0.7] }, { t0, t1 });
      expect(result).toBe("successful");
      expect(ys.at(-1).item(), `from ${t0} to ${t1}`).toBeCloseTo(solution(t1, 0.7), 7);
    }
  });

  test("at one time round the same time as stepTs makes one step to it", () => {
    const inner = ClipStepSizeController({ controller, stepTs: [0.7, 1.5] });
    const nested = ClipStepSizeController({ controller: inner, jumpTs: [0.7] });
    const options = { t0: 0, t1: 2, dt0: 0.1, y0: 1, args: 0.7 } as const;
    const { ts, stats } = diffeqsolve(switched, Tsit5(), {
      ...options,
      saveat: { steps: true },
      stepsizeController: nested,
    });
    const near = [...ts].filter((t) => Math.abs(t - 0.7) < 1e-12);
    expect(near).toHaveLength(1);
    expect([...ts]).toContain(1.5);
    expect(stats.numRejectedSteps).toBeLessThan(4);
  });

  test("keeps dense output right on both sides, and saves at the jump", () => {
    const solved = diffeqsolve(switched, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      args: 0.7,
      saveat: { dense: true },
      stepsizeController: ClipStepSizeController({ controller, jumpTs: [0.7] }),
    });
    for (const t of [0, 0.3, 0.7, 0.7 + 1e-15, 1, 2])
      expect(solved.evaluate(t).item()).toBeCloseTo(solution(t, 0.7), 7);
    expect(solved.derivative(0.7 - 1e-9).item()).toBeCloseTo(-Math.exp(-0.7), 5);
    expect(solved.derivative(0.7 + 1e-9).item()).toBeCloseTo(3 - Math.exp(-0.7), 5);
    const saved = diffeqsolve(switched, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      args: 0.7,
      saveat: { ts: [0.5, 0.7, 1] },
      stepsizeController: ClipStepSizeController({ controller, jumpTs: [0.7] }),
    });
    expect(saved.ys.at(1).item()).toBeCloseTo(Math.exp(-0.7), 8);
  });

  test("says with saveat.madeJump whether the solve ended on a jump", () => {
    const madeJump = (t1: number): unknown =>
      diffeqsolve(switched, Tsit5(), {
        t0: 0,
        t1,
        dt0: 0.1,
        y0: 1,
        args: 0.7,
        saveat: { t1: true, madeJump: true },
        stepsizeController: ClipStepSizeController({ controller, jumpTs: [0.7] }),
      }).madeJump;
    expect([madeJump(0.7), madeJump(2)]).toEqual([true, false]);
  });
});

/** The end of a solve of which the time of the jump is traced; the direction of time is, if `t1` is. */
function endWith(tc: Scalar, times: Tensor | readonly Scalar[], t1: number | Scalar = 2): Scalar {
  const { ys } = diffeqsolve(switched, Tsit5(), {
    t0: 0,
    t1,
    dt0: null,
    y0: 1,
    args: tc,
    stepsizeController: ClipStepSizeController({ controller, jumpTs: times }),
  });
  return ys.at(0);
}

describe("times that are known only when the solve runs", () => {
  test("may come in any order", () => {
    const end = jit((a: Scalar, b: Scalar, c: Scalar) => endWith(b, [a, b, c]));
    const found = [
      end(1.7, 0.7, 0.2),
      end(0.2, 0.7, 1.7),
      end(1.7, 0.7, -9),
      end(0.7, 0.7, 99),
    ].map(Number);
    for (const y of found) expect(y).toBeCloseTo(solution(2, 0.7), 8);
  });

  test("are right when time turns out to run backward", () => {
    const end = jit((t1: Scalar) => endWith(np.tensor(-0.7), np.tensor([3, -0.7, -1.5]), t1));
    // y' = 3 - y down to -0.7, and y' = -y from there on.
    const atJump = 3 - 2 * Math.exp(0.7);
    expect(Number(end(-2))).toBeCloseTo(atJump * Math.exp(1.3), 5);
    expect(Number(end(1))).toBeCloseTo(3 - 2 * Math.exp(-1), 7);
  });

  test("have derivatives: the solution depends on when its equation jumps", () => {
    const end = (tc: Scalar): Scalar => endWith(tc, [tc]);
    expect(grad(end)(0.7)).toBeCloseTo(inSwitch(2, 0.7), 6);
    expect(jvp(end, [0.7], [1]).tangent.item()).toBeCloseTo(inSwitch(2, 0.7), 6);
    const unsorted = (tc: Scalar): Scalar => endWith(tc, [np.tensor(1.5), tc]);
    expect(grad(unsorted)(0.7)).toBeCloseTo(inSwitch(2, 0.7), 5);
    const slopes = vmap(grad(end))(Float64Array.of(0.3, 0.7, 1.9));
    for (const [i, tc] of [0.3, 0.7, 1.9].entries())
      expect(slopes.at(i).item()).toBeCloseTo(inSwitch(2, tc), 5);
  });

  test("have none with BacksolveAdjoint, which says so", () => {
    const end = (tc: Scalar): Scalar =>
      diffeqsolve(switched, Tsit5(), {
        t0: 0,
        t1: 2,
        dt0: null,
        y0: 1,
        args: 0.7,
        adjoint: BacksolveAdjoint(),
        stepsizeController: ClipStepSizeController({ controller, jumpTs: [tc] }),
      }).ys.at(0);
    expect(() => grad(end)(0.7)).toThrow(/no derivative with respect to the times of the steps/u);
    const inState = (y0: Scalar): Scalar =>
      diffeqsolve(switched, Tsit5(), {
        t0: 0,
        t1: 2,
        dt0: null,
        y0,
        args: 0.7,
        adjoint: BacksolveAdjoint(),
        stepsizeController: ClipStepSizeController({ controller, jumpTs: [0.7] }),
      }).ys.at(0);
    expect(grad(inState)(1)).toBeCloseTo(Math.exp(-2), 7);
  });

  test("are refused if one is not a number", () => {
    expect(() => jit((tc: Scalar) => endWith(tc, [tc]))(NaN)).toThrow(/must be numbers, not NaN/u);
  });

  test("make no new trace as tensors of the same length", () => {
    let traces = 0;
    const field = traced((_t: Scalar, y: Scalar) => {
      traces++;
      return np.neg(y);
    });
    const run = (stepTs: readonly number[]): void => {
      solveParts(field, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 1,
        stepsizeController: ClipStepSizeController({ controller, stepTs }),
      });
    };
    run([0.1, 0.2]);
    const once = traces;
    run([0.4, 0.3]);
    expect(traces).toBe(once);
  });
});

describe("ClipStepSizeController({ controller, storeRejectedSteps })", () => {
  test("comes back to the end of a step that was rejected many steps before", () => {
    const field = traced((t: Scalar, y: Scalar) =>
      np.add(np.neg(y), np.where(np.less(t, 0.7), 0, 3)),
    );
    const { ts, stats } = solveParts(field, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 1.75,
      y0: 1,
      saveat: { steps: true },
      stepsizeController: ClipStepSizeController({ controller, storeRejectedSteps: 50 }),
    });
    expect(stats.numRejectedSteps).toBeGreaterThan(2);
    expect([...ts]).toContain(1.75);
  });

  test("ends the solve where there is no more room", () => {
    const { result, stats } = solveParts(
      traced((t: Scalar) => np.mul(np.cos(np.mul(t, 100)), 100)),
      Tsit5(),
      {
        t0: 0,
        t1: 2,
        dt0: 1,
        y0: 1,
        throw: false,
        stepsizeController: ClipStepSizeController({ controller, storeRejectedSteps: 2 }),
      },
    );
    expect(result).toBe("maxStepsRejected");
    expect(stats.numSteps).toBe(3);
  });
});

describe("a solve that goes on from the controllerState of another", () => {
  test("has its first step end at the times, too", () => {
    const common = {
      args: 0.7,
      stepsizeController: ClipStepSizeController({
        controller,
        stepTs: [0.65],
        jumpTs: [0.7],
        storeRejectedSteps: 20,
      }),
    };
    const first = diffeqsolve(switched, Tsit5(), {
      ...common,
      t0: 0,
      t1: 0.6,
      dt0: 0.1,
      y0: 1,
      saveat: { t1: true, controllerState: true },
    });
    const second = diffeqsolve(switched, Tsit5(), {
      ...common,
      t0: 0.6,
      t1: 2,
      dt0: 0.5,
      y0: first.ys.at(0).item(),
      saveat: { steps: true },
      controllerState: first.controllerState!,
    });
    expect([...second.ts]).toContain(0.65);
    expect(second.ts.at(0).item()).toBeLessThanOrEqual(0.65);
    expect(second.ys.at(-1).item()).toBeCloseTo(solution(2, 0.7), 7);
  });
});
