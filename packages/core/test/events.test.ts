// Solves that end at events.
import {
  Bisection,
  ClipStepSizeController,
  DirectAdjoint,
  diffeqsolve,
  Dopri5,
  Event,
  ForwardMode,
  grad,
  isOkay,
  jacfwd,
  jit,
  jvp,
  Newton,
  np,
  PIDController,
  type Result,
  steadyStateEvent,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

const rootFinder = Newton({ rtol: 1e-12, atol: 1e-12 });
const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-10 });

type Pair = readonly [number, number];
const height = (_t: number, [h]: Pair): number => h;

interface Ended {
  readonly t: number;
  readonly y: number;
  readonly mask: unknown;
  readonly result: string;
}

/** The solution `y = t` of steps of one length, so that what has an event is a function of time. */
function clockUntil(condFn: unknown, more: object = {}, options: object = {}): Ended {
  const { ts, ys, eventMask, result } = solveParts(() => 1, Tsit5(), {
    t0: 0,
    t1: 4,
    dt0: 0.5,
    y0: 0,
    throw: false,
    event: Event({ condFn: condFn as never, rootFinder, ...more }),
    ...options,
  });
  return { t: ts.at(-1).item(), y: ys.at(-1).item(), mask: eventMask, result };
}

describe("a number has an event", () => {
  test("where it crosses zero, and the solve ends there", () => {
    expect(clockUntil((t: number) => t - 1.3)).toMatchObject({
      t: expect.closeTo(1.3, 12) as number,
      y: expect.closeTo(1.3, 12) as number,
      mask: true,
      result: "eventOccurred",
    });
  });

  test("in the very first step", () => {
    expect(clockUntil((t: number) => t - 0.1).t).toBeCloseTo(0.1, 12);
    expect(clockUntil((t: number) => t - 1e-12).t).toBeCloseTo(1e-12, 18);
  });

  test("where it is zero exactly at the end of a step, whether it crosses or touches", () => {
    expect(clockUntil((t: number) => t - 1)).toMatchObject({ t: 1, mask: true });
    expect(clockUntil((t: number) => (t - 1) ** 2)).toMatchObject({
      t: 1,
      mask: true,
      result: "eventOccurred",
    });
  });

  test("in one direction if asked for, with zero on the side below", () => {
    const waves = (t: number): number => Math.cos(Math.PI * t); // down at 0.5, up at 1.5, down at 2.5
    const options = { dt0: 0.3 };
    const times = [null, false, true].map(
      (direction) => clockUntil(waves, { direction }, options).t,
    );
    for (const [i, t] of [0.5, 0.5, 1.5].entries()) expect(times[i]).toBeCloseTo(t, 12);
    // Down: it is zero at the end of a step. Up: it has to be above.
    expect(clockUntil((t: number) => 1 - t, { direction: false }).t).toBe(1);
    expect(clockUntil((t: number) => t - 1, { direction: true }).t).toBeCloseTo(1, 12);
    expect(clockUntil((t: number) => -((t - 1) ** 2), { direction: true }).mask).toBe(false);
  });

  test("not where it leaves zero at the start, so that a ball can be thrown from the ground", () => {
    for (const direction of [null, false]) {
      const { ts, result } = diffeqsolve((t, [_h, v]) => [v, -10], Tsit5(), {
        t0: 0,
        t1: Infinity,
        dt0: 0.1,
        y0: [0, 5],
        event: Event({ condFn: height, rootFinder, direction }),
      });
      expect(result).toBe("eventOccurred");
      expect(ts.at(0).item()).toBeCloseTo(1, 12);
    }
  });

  test("not where two roots lie in one step: none is seen, and shorter steps see the first", () => {
    const twice = (t: number): number => (t - 1.1) * (t - 1.4);
    expect(clockUntil(twice)).toMatchObject({ t: 4, mask: false, result: "successful" });
    expect(clockUntil(twice, {}, { dt0: 0.25 }).t).toBeCloseTo(1.1, 12);
  });

  test("without a root finder at the end of its step", () => {
    expect(clockUntil((t: number) => t - 1.3, { rootFinder: null })).toMatchObject({
      t: 1.5,
      y: expect.closeTo(1.5, 12) as number,
      mask: true,
    });
  });

  test("not where it is no number", () => {
    expect(clockUntil((t: number) => Math.sqrt(t - 1) - 0.5).t).toBeCloseTo(1.25, 11);
  });

  test("not in a step that is rejected", () => {
    // The first steps are far too long: their ends lie beyond the level, which the solution never comes to.
    const { result, stats, eventMask } = diffeqsolve((t, y) => -50 * (y - Math.sin(t)), Tsit5(), {
      t0: 0,
      t1: 3,
      dt0: 1,
      y0: 0,
      stepsizeController,
      event: Event({ condFn: (_t: number, y: number) => Math.abs(y) - 1.5, rootFinder }),
    });
    expect(stats.numRejectedSteps).toBeGreaterThan(0);
    expect([result, eventMask]).toEqual(["successful", false]);
  });
});

describe("a truth value has an event", () => {
  test("at the end of the step where it is true", () => {
    for (const finder of [null, rootFinder])
      expect(clockUntil((t: number) => t > 1.3, { rootFinder: finder }).t).toBe(1.5);
  });

  test("at the start, without a step", () => {
    const { ts, stats, result, eventMask } = diffeqsolve(() => 1, Tsit5(), {
      t0: 0,
      t1: 4,
      dt0: 0.5,
      y0: 0,
      event: Event({ condFn: (_t: number, y: number) => y < 1 }),
    });
    expect(ts.toArray()).toEqual([0]);
    expect(stats.numSteps).toBe(0);
    expect([result, eventMask]).toEqual(["eventOccurred", true]);
  });
});

describe("of several events in one step", () => {
  const late = (t: number): number => t - 1.4;
  const early = (t: number): number => t - 1.1;
  const truth = (t: number): boolean => t > 1.2;

  test("the earliest wins", () => {
    const { t, mask } = clockUntil({ a: late, b: early, c: truth });
    expect(t).toBeCloseTo(1.1, 12);
    expect(mask).toEqual({ a: false, b: true, c: false });
    expect(clockUntil([truth, [late, { z: early }]]).mask).toEqual([false, [false, { z: true }]]);
  });

  test('the first in the tree wins with precedence: "tree", as in Diffrax', () => {
    const { t, mask } = clockUntil({ b: late, a: truth, c: early }, { precedence: "tree" });
    expect(t).toBe(1.5);
    expect(mask).toEqual({ a: true, b: false, c: false });
    expect(clockUntil([late, early], { precedence: "tree" }).t).toBeCloseTo(1.4, 12);
  });

  test("at the same time, or without a root finder, the first in the tree wins", () => {
    expect(clockUntil([early, (t: number) => 2 * (t - 1.1)]).mask).toEqual([true, false]);
    expect(clockUntil([(t: number) => 2 * (t - 1.1), early]).mask).toEqual([true, false]);
    expect(clockUntil([truth, (t: number) => t - 1.5]).mask).toEqual([true, false]);
    expect(clockUntil([late, early], { rootFinder: null }).mask).toEqual([true, false]);
  });

  test("of any: it is the earliest, with the time of its root", () => {
    const time = fc.double({ min: 0.01, max: 3.99, noNaN: true });
    // Strictly monotone functions with a root at a given time, of which some are far from straight.
    const shapes = (t: Scalar, _y: Scalar, { roots }: { roots: Tensor }): readonly Tensor[] => {
      const d = np.sub(t, roots);
      const [a, b, c] = [d.at(0), d.at(1), d.at(2)];
      return [np.sub(np.exp(np.mul(a, 5)), 1), np.neg(b), np.add(c, np.mul(c, np.mul(c, c)))];
    };
    const each = [0, 1, 2].map((i) =>
      traced((t: Scalar, y: Scalar, args: { roots: Tensor }) => shapes(t, y, args)[i]),
    );
    fc.assert(
      fc.property(time, time, time, (...roots) => {
        const first = Math.min(...roots);
        const sorted = roots.toSorted((a, b) => a - b);
        fc.pre(sorted[1]! - sorted[0]! > 1e-9);
        const { t, mask } = clockUntil(each, {}, { args: { roots: Float64Array.from(roots) } });
        expect(t).toBeCloseTo(first, 9);
        expect(mask).toEqual(roots.map((root) => root === first));
      }),
      { numRuns: 100 },
    );
  });
});

describe("count: n", () => {
  const levels = Float64Array.from({ length: 200 }, (_, i) => 1 + ((i * 7919) % 200) / 100);

  test("takes a vector of conditions, and eventMask is one", () => {
    const { ts, eventMask } = diffeqsolve(() => 1, Tsit5(), {
      t0: 0,
      t1: 9,
      dt0: 5,
      y0: 0,
      args: levels,
      event: Event({
        condFn: (t: number, _y: number, all: readonly number[]) => all.map((level) => t - level),
        count: 200,
        rootFinder,
      }),
    });
    expect(ts.at(0).item()).toBeCloseTo(1, 12);
    const mask = [...(eventMask as Tensor)];
    expect(mask.map(Boolean)).toEqual([...levels].map((level) => level === 1));
  });

  test("takes as many directions", () => {
    const condFn = (t: number): readonly number[] => [t - 1.1, 1.3 - t, t - 1.45];
    const mask = (direction: unknown): number[] => [
      ...(clockUntil(condFn, { count: 3, direction }).mask as Tensor),
    ];
    expect(mask(null)).toEqual([1, 0, 0]);
    expect(mask([false, false, true])).toEqual([0, 1, 0]);
    expect(mask([false, true, null])).toEqual([0, 0, 1]);
  });
});

describe("what is saved", () => {
  const options = { t0: 0, dt0: 0.1, y0: [1, 0], stepsizeController } as const;
  const spring = (_t: number, [x, v]: Pair): Pair => [v, -x];
  const event = Event({ condFn: height, rootFinder }); // at π / 2

  test("ends at the event: times, steps, the end, and dense output", () => {
    const { ts } = diffeqsolve(spring, Dopri5(), {
      ...options,
      t1: Infinity,
      event,
      saveat: {
        subs: {
          times: { ts: [0, 1, 1.5, 1.6, 3] },
          steps: { steps: true },
          second: { steps: 2, t1: true },
          ends: { t0: true, t1: true },
        },
      },
    });
    expect(ts.times.toArray()).toEqual([0, 1, 1.5]);
    for (const list of [ts.steps, ts.second, ts.ends])
      expect(list.at(-1).item()).toBeCloseTo(Math.PI / 2, 7);
    const dense = diffeqsolve(spring, Dopri5(), {
      ...options,
      t1: 7,
      event,
      saveat: { dense: true },
    });
    expect(dense.evaluate(1.5)[0].item()).toBeCloseTo(Math.cos(1.5), 6);
    expect(dense.evaluate(1.6)[0].item()).toBeNaN();
  });

  test("madeJump is true after a cut, and going on is a fresh start to the last bit", () => {
    const first = diffeqsolve(spring, Dopri5(), {
      ...options,
      t1: 7,
      event,
      saveat: { t1: true, solverState: true, madeJump: true },
    });
    expect(first.madeJump).toBe(true);
    const [x, v] = first.ys.map((rows) => rows.at(-1).item()) as [number, number];
    const go = (more: object): number[] =>
      diffeqsolve(spring, Dopri5(), {
        ...options,
        t0: first.ts.at(-1).item(),
        t1: 7,
        y0: [x, v],
        ...more,
      }).ys.map((rows) => rows.at(-1).item());
    const { solverState, madeJump } = first;
    expect(go({ solverState, madeJump })).toEqual(go({}));
    // Without one the last step is whole.
    const whole = diffeqsolve(spring, Dopri5(), {
      ...options,
      t1: 7,
      event: Event({ condFn: height }),
      saveat: { t1: true, madeJump: true },
    });
    expect(whole.madeJump).toBe(false);
  });

  test("all roots are found in order by going on from each", () => {
    let [t, x, v] = [0, 1, 0];
    for (let n = 0; n < 6; n++) {
      const solved = diffeqsolve(spring, Dopri5(), {
        ...options,
        t0: t,
        t1: Infinity,
        y0: [x, v],
        stepsizeController: PIDController({ rtol: 1e-11, atol: 1e-12 }),
        event: Event({ condFn: height, rootFinder, direction: n % 2 === 1 }),
      });
      t = solved.ts.at(0).item();
      [x, v] = solved.ys.map((rows) => rows.at(0).item()) as [number, number];
      expect(t).toBeCloseTo(Math.PI * (n + 0.5), 9);
    }
  });
});

describe("conditions are told", () => {
  test("times as the user counts them, backward in a backward solve", () => {
    const back = { t0: 4, t1: 0, dt0: -0.5, y0: 4 };
    expect(clockUntil((t: number) => t - 0.35, {}, back).t).toBeCloseTo(0.35, 12);
    expect(clockUntil((t: number) => t < 0.6, {}, back).t).toBe(0.5);
    // Down is down in the order in which the solution is gone through.
    const up = clockUntil((t: number) => t - 0.35, { direction: true }, back);
    expect(up.mask).toBe(false);
    const endless = { ...back, t1: -Infinity };
    expect(clockUntil((t: number) => t + 10, {}, endless).t).toBeCloseTo(-10, 11);
  });

  test("of the solve that they belong to", () => {
    interface Info {
      readonly t0: number;
      readonly t1: number;
      readonly dt0: number;
    }
    const condFn = (t: number, _y: number, _args: unknown, { t0, t1, dt0 }: Info): number =>
      t - (t0 + t1) / 4 - dt0;
    expect(clockUntil(condFn).t).toBeCloseTo(1.5, 12);
    const onTensors = traced(
      (t: Scalar, _y: Scalar, _args: unknown, info: { readonly t1: Scalar }) =>
        np.sub(t, np.mul(info.t1, 0.3)),
    );
    expect(clockUntil(onTensors).t).toBeCloseTo(1.2, 12);
  });

  test("in float32 solves, too", () => {
    const { ts } = diffeqsolve((t, y) => -y, Tsit5(), {
      t0: 0,
      t1: Infinity,
      dt0: 0.1,
      y0: np.tensor(1, { dtype: "float32" }),
      event: Event({
        condFn: (_t: number, y: number) => y - 0.25,
        rootFinder: Newton({ rtol: 1e-5, atol: 1e-5 }),
      }),
    });
    expect(ts.dtype).toBe("float32");
    expect(ts.at(0).item()).toBeCloseTo(Math.log(4), 5);
  });

  test("a condition that cannot be read is called, with a truth value or a number", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    const bound = 1.3;
    expect(clockUntil((t: number) => t > bound).t).toBe(1.5);
    expect(clockUntil((t: number) => t - bound, { rootFinder: null }).t).toBe(1.5);
    expect(warn).toHaveBeenCalledTimes(2);
    warn.mockRestore();
  });
});

/** How long a ball falls from a height with a pull, `√(2 h / g)`, and how fast it is. */
function fall(h: Scalar, g: Scalar, more: object = {}): readonly [t: Scalar, v: Scalar] {
  const { ts, ys } = solveParts<readonly [Tensor, Tensor]>(
    (_t: number, [_h, v]: Pair, pull: number) => [v, -pull],
    Tsit5(),
    {
      t0: 0,
      t1: Infinity,
      dt0: 0.1,
      y0: [h, 0],
      args: g,
      stepsizeController,
      event: Event({ condFn: height, rootFinder }),
      ...more,
    },
  );
  return [ts.at(0), ys[1].at(0) as Scalar];
}

describe("inside traced functions", () => {
  test("time and state at an event have derivatives, forward and backward, with every adjoint", () => {
    const [h, g] = [10, 9.81];
    const inHeight = 1 / Math.sqrt(2 * h * g);
    for (const more of [{}, { adjoint: DirectAdjoint() }]) {
      const t = grad((x: Scalar) => fall(x, np.tensor(g), more)[0])(h);
      expect(t).toBeCloseTo(inHeight, 11);
      const v = grad((pull: Scalar) => fall(np.tensor(h), pull, more)[1])(g);
      expect(v).toBeCloseTo(-Math.sqrt(h / (2 * g)), 11);
    }
    const forward = (x: Scalar): Scalar => fall(x, np.tensor(g), { adjoint: ForwardMode() })[0];
    expect(jvp(forward, [h], [1]).tangent.item()).toBeCloseTo(inHeight, 11);
    const second = jacfwd(grad((x: Scalar) => fall(x, np.tensor(g))[0]))(h);
    expect(Number(second)).toBeCloseTo(-inHeight / (2 * h), 11);
  });

  test("a threshold of a logistic curve, in closed form", () => {
    // y' = r y (1 - y) from 0.1 comes to a level q at log(9 q / (1 - q)) / r.
    const when = (r: Scalar, q: Scalar): Scalar => {
      const { ts } = diffeqsolve((t, y, p) => p.r * y * (1 - y), Dopri5(), {
        t0: 0,
        t1: Infinity,
        dt0: 0.01,
        y0: 0.1,
        args: { r, q },
        stepsizeController: PIDController({ rtol: 1e-12, atol: 1e-13 }),
        event: Event({
          condFn: (_t: number, y: number, { q: level }: { q: number }) => y - level,
          rootFinder,
        }),
      });
      return ts.at(0);
    };
    const [r, q] = [2, 0.7];
    const exact = Math.log((9 * q) / (1 - q)) / r;
    const slopes = [
      grad((x: Scalar) => when(x, np.tensor(q)))(r),
      grad((x: Scalar) => when(np.tensor(r), x))(q),
    ];
    expect(Math.abs(jit(when)(r, q).item() - exact)).toBeLessThan(1e-10);
    expect(Math.abs(slopes[0]! + exact / r)).toBeLessThan(1e-9);
    expect(Math.abs(slopes[1]! - 1 / (r * q * (1 - q)))).toBeLessThan(1e-9);
  });

  test("a solve without its event has the derivative that it has without the option", () => {
    const end = (event: Event | null) => (rate: Scalar) =>
      diffeqsolve((_t, y, k) => -k * y, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 1,
        args: rate,
        stepsizeController,
        event,
      }).ys.at(0);
    const never = Event({ condFn: (_t: number, y: number) => y - 5, rootFinder });
    expect(grad(end(never))(2)).toBeCloseTo(grad(end(null))(2), 14);
  });

  test("what a condition on tensors finds outside is differentiated, too", () => {
    const when = (level: Scalar): Scalar =>
      diffeqsolve((_t, y) => -y, Tsit5(), {
        t0: 0,
        t1: Infinity,
        dt0: 0.1,
        y0: 1,
        stepsizeController,
        event: Event({ condFn: traced((_t: Scalar, y: Scalar) => np.sub(y, level)), rootFinder }),
      }).ts.at(0);
    expect(grad(when)(0.5)).toBeCloseTo(-2, 5);
  });

  test("every solve of a batch has its own event", () => {
    const h = Float64Array.of(0.5, 10, 123);
    const both = vmap((x: Scalar) => fall(x, np.tensor(9.81)))(h);
    const slopes = vmap(grad((x: Scalar) => fall(x, np.tensor(9.81))[0]))(h);
    for (const [i, x] of h.entries()) {
      expect(both[0].at(i).item()).toBeCloseTo(Math.sqrt((2 * x) / 9.81), 11);
      expect(slopes.at(i).item()).toBeCloseTo(1 / Math.sqrt(2 * x * 9.81), 11);
    }
  });

  test("eventMask is a tree of tensors, also where only some solves of a batch have one", () => {
    const ended = vmap((level: Scalar) => {
      const { ts, eventMask } = solveParts(() => 1, Tsit5(), {
        t0: 0,
        t1: 2,
        dt0: 0.3,
        y0: 0,
        args: level,
        event: Event({
          condFn: { at: (t: number, _y: number, q: number) => t - q, never: (t: number) => t < 0 },
          rootFinder,
        }),
      });
      return { t: ts.at(0), mask: eventMask as { at: Tensor; never: Tensor } };
    })(Float64Array.of(0.7, 5, 1.2));
    expect([...ended.mask.at]).toEqual([1, 0, 1]);
    expect([...ended.mask.never]).toEqual([0, 0, 0]);
    for (const [i, t] of [0.7, 2, 1.2].entries()) expect(ended.t.at(i).item()).toBeCloseTo(t, 12);
  });

  test("an event made anew for each solve makes no new trace", () => {
    let traces = 0;
    const field = traced((_t: Scalar, y: Scalar) => {
      traces++;
      return np.neg(y);
    });
    const run = (): void => {
      solveParts(field, Tsit5(), {
        t0: 0,
        t1: Infinity,
        dt0: 0.1,
        y0: 1,
        event: Event({
          condFn: [
            (_t: number, y: number) => y - 0.5,
            steadyStateEvent({ rtol: 1, atol: 1e-9, norm: np.norm as never }),
          ],
          rootFinder: Newton({ rtol: 1e-9, atol: 1e-9 }),
        }),
      });
    };
    run();
    const once = traces;
    run();
    expect(traces).toBe(once);
  });
});

describe("with other parts of a solve", () => {
  test("an event is met exactly at a time where the vector field jumps, and before it", () => {
    const until = (level: number): number =>
      diffeqsolve((t) => (t < 1 ? 1 : -1), Tsit5(), {
        t0: 0,
        t1: 3,
        dt0: 0.4,
        y0: 0,
        stepsizeController: ClipStepSizeController({
          controller: PIDController({ rtol: 1e-8, atol: 1e-8, dtmax: 0.4 }),
          jumpTs: [1],
          stepTs: [0.5],
        }),
        args: level,
        event: Event({ condFn: (_t: number, y: number, q: number) => y - q, rootFinder }),
      })
        .ts.at(0)
        .item();
    expect(until(0.5)).toBeCloseTo(0.5, 12);
    expect(until(0.9)).toBeCloseTo(0.9, 12);
    expect(until(-0.5)).toBeCloseTo(2.5, 12);
  });

  test("a root finder takes the tolerances of the controller, if it has none", () => {
    const solveWith = (controller?: typeof stepsizeController): number =>
      solveParts(() => 1, Tsit5(), {
        t0: 0,
        t1: 4,
        dt0: 0.5,
        y0: 0,
        event: Event({ condFn: (t: number) => t - 1.3, rootFinder: Newton() }),
        ...(controller === undefined ? {} : { stepsizeController: controller }),
      })
        .ts.at(0)
        .item();
    expect(solveWith(stepsizeController)).toBeCloseTo(1.3, 9);
    expect(() => solveWith()).toThrow(
      /Event: rootFinder: Newton has no tolerances.*Newton\(\{ rtol/u,
    );
  });

  test("a root finder that fails is a result, and the step stays whole", () => {
    const jump = (t: number): number => (t < 1.3 ? -1 : 1);
    const { t, result } = clockUntil(jump);
    expect(isOkay(result as Result)).toBe(false);
    expect(t).toBe(1.5);
    const kink = (t: number): number => Math.min(t - 1.3, 1e3 * (t - 1.3));
    const bisection = Bisection({ rtol: 1e-10, atol: 1e-10 });
    expect(clockUntil(kink, { rootFinder: bisection }).t).toBeCloseTo(1.3, 9);
  });
});

describe("is refused, with the argument and the way out:", () => {
  const condFn = (t: number): number => t - 1;
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["no condition", () => Event({}), /Event: condFn must be a function .* got undefined/u],
    ["an empty tree", () => Event({ condFn: [] }), /Event: condFn must be a function/u],
    [
      "another thing in a tree",
      () => Event({ condFn: { a: condFn, b: 1 as never } }),
      /condFn\.b must be a function .* got 1/u,
    ],
    [
      "a root finder that was not called",
      () => Event({ condFn, rootFinder: Newton as never }),
      /rootFinder must be one such as Newton\(/u,
    ],
    [
      "a direction too many",
      () => Event({ condFn: { a: condFn }, direction: { a: true, b: true } }),
      /direction must be .* structure of condFn, with 1/u,
    ],
    [
      "directions of another length",
      () => Event({ condFn, count: 2, direction: [true] }),
      /array of count = 2/u,
    ],
    [
      "a count for a tree",
      () => Event({ condFn: [condFn], count: 2 }),
      /count is for one function/u,
    ],
    [
      "a count of nothing",
      () => Event({ condFn, count: 0 }),
      /count must be a whole number above 0/u,
    ],
    [
      "another precedence",
      () => Event({ condFn, precedence: "first" as never }),
      /precedence must be "time" or "tree"/u,
    ],
    ["another name", () => Event({ condition: condFn } as never), /there is no option condition/u],
    [
      "a vector without a count",
      () => clockUntil((t: number) => [t, t]),
      /must return a truth value or a number, got an array of 2; .* write count: 2/u,
    ],
    [
      "a vector of another length",
      () => clockUntil((t: number) => [t, t], { count: 3 }),
      /must return a vector of count = 3 conditions, got shape \[2\]/u,
    ],
    [
      "no end without an event",
      () => solveParts(() => 1, Tsit5(), { t0: 0, t1: Infinity, dt0: 0.1, y0: 0 }),
      /t1 must be finite, got Infinity; .* needs an event/u,
    ],
    [
      "options in the place of an event",
      () => solveParts(() => 1, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 0, event: { condFn } }),
      /event must be one such as Event\(\{ condFn/u,
    ],
    [
      "a condition in the place of an event",
      () => solveParts(() => 1, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 0, event: condFn }),
      /event must be one such as Event\(.*, got the function condFn/u,
    ],
    [
      "a number that jumps, for a root finder",
      () => clockUntil((t: number) => Math.sign(t - 1.23), {}, { throw: true }),
      /a condition that jumps .* has no root, and should be a truth value/u,
    ],
  ];

  test.each(cases)("%s", (_, run, says) => {
    expect(run).toThrow(says);
  });
});
