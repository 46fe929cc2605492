// Events that are recorded, and do not end the solve.
import {
  diffeqsolve,
  Dopri5,
  Dopri8,
  Event,
  grad,
  jit,
  jvp,
  Newton,
  PIDController,
  type Scalar,
  type Solution,
  type Tensor,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const rootFinder = Newton({ rtol: 1e-12, atol: 1e-12 });
const stepsizeController = PIDController({ rtol: 1e-10, atol: 1e-12 });

type Pair = readonly [number, number];
const spring = (_t: number, [x, v]: Pair): Pair => [v, -x];
const place = (_t: number, [x]: Pair): number => x;
const speed = (_t: number, [, v]: Pair): number => v;

function oscillate(event: object, options: object = {}): Solution {
  return solveParts(spring, Dopri5(), {
    t0: 0,
    t1: 10,
    dt0: 0.1,
    y0: [1, 0],
    stepsizeController,
    event: Event({ condFn: place, rootFinder, terminal: false, maxEvents: 64, ...event }),
    ...options,
  }) as never;
}

const listOf = (x: unknown): number[] => [...(x as Tensor)];

describe("Event({ terminal: false })", () => {
  test("records each event with its time, state and condition", () => {
    const { events, result, eventMask } = oscillate({});
    const wanted = [0.5, 1.5, 2.5].map((n) => n * Math.PI);
    expect(events!.ts).toHaveLength(3);
    for (const [i, t] of wanted.entries()) expect(events!.ts.at(i).item()).toBeCloseTo(t, 9);
    const [x, v] = events!.ys as readonly [Tensor, Tensor];
    for (const y of listOf(x)) expect(y).toBeCloseTo(0, 11);
    expect(listOf(v).map((y) => Math.round(y))).toEqual([-1, 1, -1]);
    expect(listOf(events!.index)).toEqual([0, 0, 0]);
    expect([result, eventMask]).toEqual(["successful", false]);
  });

  test("shortens no step: the solution has the same bits", () => {
    const saveat = { steps: true };
    const [watched, bare] = [oscillate({}, { saveat }), oscillate({}, { saveat, event: null })];
    expect(watched.ts.toArray()).toEqual(bare.ts.toArray());
    expect(listOf((watched.ys as Tensor[])[0])).toEqual(listOf((bare.ys as Tensor[])[0]));
    expect(bare.events).toBeNull();
  });

  test("records several conditions in the order of time, with their place in the tree", () => {
    const { events } = oscillate({ condFn: { b: speed, a: place } }, { t1: 7 });
    const times = listOf(events!.ts).map((t) => Math.round((2 * t) / Math.PI));
    expect(times).toEqual([1, 2, 3, 4]);
    expect(listOf(events!.index)).toEqual([0, 1, 0, 1]); // the keys sorted: a, b
  });

  test("orders events that lie in one step", () => {
    const condFn = [(t: number) => t - 0.8, (t: number) => t - 0.3, (t: number) => t > 0.6];
    const { events } = solveParts(() => 1, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 1,
      y0: 0,
      event: Event({ condFn, rootFinder, terminal: false, maxEvents: 3 }),
    });
    expect(listOf(events!.ts).map((t) => Math.round(t * 10))).toEqual([3, 8, 10]);
    expect(listOf(events!.index)).toEqual([1, 0, 2]);
  });

  test("records what is zero at the end of a step once", () => {
    const times = (condFn: unknown, direction: boolean | null = null): number[] => {
      const { events } = solveParts(() => 1, Tsit5(), {
        t0: 0,
        t1: 4,
        dt0: 0.5,
        y0: 0,
        event: Event({
          condFn: condFn as never,
          rootFinder,
          direction,
          terminal: false,
          maxEvents: 9,
        }),
      });
      return listOf(events!.ts).map((t) => Math.round(t * 1e6) / 1e6);
    };
    expect(times((t: number) => t - 1)).toEqual([1]);
    expect(times((t: number) => (t - 1) ** 2)).toEqual([1]);
    expect(times((t: number) => t - 1, true)).toEqual([1]);
    expect(times((t: number) => 1 - t, false)).toEqual([1]);
    expect(times((t: number) => t)).toEqual([]);
    // A truth value has an event where it becomes true.
    expect(times((t: number) => t > 1.2 && t < 2.7)).toEqual([1.5]);
    expect(times((t: number) => t > 1.2 || t < 0.7)).toEqual([1.5]);
  });

  test("without a root finder records the ends of steps", () => {
    const { events } = solveParts(() => 1, Tsit5(), {
      t0: 0,
      t1: 4,
      dt0: 0.5,
      y0: 0,
      event: Event({ condFn: (t: number) => t - 1.2, terminal: false, maxEvents: 9 }),
    });
    expect(listOf(events!.ts)).toEqual([1.5]);
  });

  test("a thousand crossings, backward in time and beside dense output", () => {
    const t1 = -1000.25 * Math.PI;
    const { events, evaluate } = oscillate(
      { maxEvents: 1000 },
      { t1, dt0: -0.1, maxSteps: null, saveat: { dense: true } },
    );
    expect(events!.ts).toHaveLength(1000);
    expect(events!.ts.at(-1).item()).toBeCloseTo(-999.5 * Math.PI, 4);
    expect((evaluate(-Math.PI) as Tensor[])[0]!.item()).toBeCloseTo(-1, 6);
  });

  test("fails where there is no more room", () => {
    expect(() => oscillate({ maxEvents: 2 })).toThrow(/more than maxEvents = 2 events; make room/u);
  });
});

test("without maxEvents there is room for any number of events", () => {
  const every = (condFn: unknown): number[] =>
    listOf(
      oscillate(
        { condFn, maxEvents: null, rootFinder: Newton({ rtol: 1e-12, atol: 1e-10 }) },
        { t1: 2e4, maxSteps: null, stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }) },
      ).events!.ts,
    );
  const times = every(place);
  expect(times).toHaveLength(6366);
  expect(times.every((t, i) => i === 0 || t > times[i - 1]!)).toBe(true);
  const both = every([place, speed]);
  expect(both).toHaveLength(6366 * 2);
  expect(both.filter((_, i) => i % 2 === 0)).toEqual(times);
});

describe("Event({ terminal: n })", () => {
  test("ends at the event of that number, and has all before it", () => {
    const { events, ts, result, eventMask } = oscillate(
      { terminal: 3, maxEvents: null },
      { t1: 1e3 },
    );
    expect(result).toBe("eventOccurred");
    expect(eventMask).toBe(true);
    expect(ts.at(-1).item()).toBeCloseTo(2.5 * Math.PI, 9);
    expect(events!.ts).toHaveLength(3);
    expect(events!.ts.at(2).item()).toBe(ts.at(-1).item());
  });

  test("has nothing of what comes later in the step that it ends", () => {
    const condFn = [(t: number) => t - 0.8, (t: number) => t - 0.3, (t: number) => t - 0.5];
    const { events, ts, eventMask } = solveParts(() => 1, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 1,
      y0: 0,
      event: Event({ condFn, rootFinder, terminal: 2 }),
    });
    expect(ts.at(-1).item()).toBeCloseTo(0.5, 12);
    expect(listOf(events!.index)).toEqual([1, 2]);
    expect(eventMask).toEqual([false, false, true]);
  });
});

describe("inside traced functions", () => {
  const crossings = (k: Scalar) => {
    const { events } = diffeqsolve((_t, [x, v], rate) => [v, -rate * x], Dopri5(), {
      t0: 0,
      t1: 10,
      dt0: 0.1,
      y0: [1, 0],
      args: k,
      stepsizeController,
      event: Event({ condFn: place, rootFinder, terminal: false, maxEvents: 8 }),
    });
    return events!.ts;
  };

  test("rows that are not needed are infinite", () => {
    expect(
      jit(crossings)(1)
        .toArray()
        .map((t) => Math.round(t)),
    ).toEqual([2, 5, 8, ...Array.from({ length: 5 }, () => Infinity)]);
  });

  test("times have derivatives, and every solve of a batch has its own", () => {
    // The n-th crossing is at (n + ½) π / √k.
    const third = (k: Scalar): Scalar => crossings(k).at(2);
    expect(grad(third)(1)).toBeCloseTo(-1.25 * Math.PI, 6);
    const slopes = vmap(grad(third))(Float64Array.of(1, 4));
    expect(slopes.at(1).item()).toBeCloseTo((-1.25 * Math.PI) / 8, 6);
  });
});

test("harmonic crossings and their derivatives are those of the closed form to ten digits", () => {
  // The n-th is at (n + ½) π / √k.
  const crossing =
    (n: number) =>
    (k: Scalar): Scalar =>
      solveParts((_t: number, [x, v]: Pair, rate: number) => [v, -rate * x], Dopri8(), {
        t0: 0,
        t1: 10,
        dt0: 0.02,
        y0: [1, 0],
        args: k,
        event: Event({ condFn: place, rootFinder, terminal: false, maxEvents: 8 }),
      }).events!.ts.at(n);
  for (const n of [0, 2]) {
    const time = (n + 0.5) * Math.PI;
    expect(Math.abs(jit(crossing(n))(1).item() - time)).toBeLessThan(1e-10);
    expect(Math.abs(grad(crossing(n))(1) + time / 2)).toBeLessThan(1e-10);
    expect(Math.abs(jvp(crossing(n), [1], [1]).tangent.item() + time / 2)).toBeLessThan(1e-10);
  }
});

describe("is refused:", () => {
  const condFn = place;
  test.each([
    [
      "no room",
      () => Event({ condFn, terminal: false, maxEvents: 0 }),
      /maxEvents must be a whole number above 0/u,
    ],
    [
      "inside of traced functions, where nobody says how much room there has to be",
      () => jit(() => oscillate({ maxEvents: null }).events!.ts)(),
      /inside of a traced function, as under jit, vmap or grad, maxEvents has to say how many/u,
    ],
    [
      "less room than events",
      () => Event({ condFn, terminal: 5, maxEvents: 3 }),
      /must not be below terminal/u,
    ],
    [
      "half an event",
      () => Event({ condFn, terminal: 0.5 }),
      /terminal must be true, false, or the number/u,
    ],
  ])("%s", (_, run, says) => {
    expect(run).toThrow(says);
  });
});
