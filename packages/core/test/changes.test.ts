// Events that change the state, and solves that go on.
import {
  ClipStepSizeController,
  Dopri8,
  Euler,
  Event,
  ImplicitEuler,
  Kvaerno5,
  LeapfrogMidpoint,
  Newton,
  PIDController,
  ReversibleHeun,
  type Solution,
  StepTo,
  type Tensor,
  Tsit5,
  VeryChord,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Functions are made anew on purpose.
beforeEach(() => checkTraces("never"));

const rootFinder = Newton({ rtol: 1e-12, atol: 1e-12 });
type Pair = readonly [number, number];
interface Ball {
  readonly g: number;
  readonly e: number;
}

const fall = (_t: number, [, v]: Pair, { g }: Ball): Pair => [v, -g];
const height = (_t: number, [h]: Pair): number => h;
const bounce = (_t: number, [h, v]: Pair, { e }: Ball): Pair => [h, -e * v];
const listOf = (x: unknown): number[] => [...(x as Tensor)];

/** The impacts of a ball that is dropped from a height: at `t₁ (1 + 2 e + … + 2 eⁿ)`, with `t₁ = √(2 h / g)`. */
function impactTime(n: number, { g, e }: Ball, h = 1): number {
  const powers = Array.from({ length: n }, (_, k) => e ** (k + 1));
  return Math.sqrt((2 * h) / g) * (1 + 2 * powers.reduce((a, b) => a + b, 0));
}

const args = { g: 9.81, e: 0.8 };

function drop(event: object = {}, options: object = {}): Solution {
  return solveParts(fall, Tsit5(), {
    t0: 0,
    t1: 3,
    dt0: 0.1,
    y0: [1, 0],
    args,
    event: Event({ condFn: height, rootFinder, change: bounce, ...event }),
    ...options,
  }) as never;
}

describe("a ball that bounces", () => {
  test("has its impacts where they are in closed form, with the state before each", () => {
    const { events, result, eventMask } = drop();
    expect([result, eventMask]).toEqual(["successful", false]);
    expect(events!.ts).toHaveLength(6);
    for (const [n, t] of listOf(events!.ts).entries())
      expect(t).toBeCloseTo(impactTime(n, args), 12);
    const [h, v] = events!.ys as readonly [Tensor, Tensor];
    for (const x of listOf(h)) expect(x).toBeCloseTo(0, 12);
    for (const [n, speed] of listOf(v).entries())
      expect(speed).toBeCloseTo(-Math.sqrt(2 * args.g) * args.e ** n, 11);
    expect(listOf(events!.index)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("is at rest in the end: the result says that events accumulate, and where", () => {
    const { result, ts, events } = drop({}, { t1: 100, throw: false });
    expect(result).toBe("eventsAccumulate");
    const rest = Math.sqrt(2 / args.g) * (1 + (2 * args.e) / (1 - args.e));
    expect(ts.at(-1).item()).toBeCloseTo(rest, 9);
    expect(events!.ts.length).toBeGreaterThan(90);
    expect(() => drop({}, { t1: 100 })).toThrow(
      /Events accumulate.*bounces of a ball.*terminal: n/u,
    );
  });

  test.each([0.1, 0.3, 0.5, 0.95])("comes to rest for each restitution: %d", (e) => {
    const { result, ts } = drop({}, { t1: 1e3, args: { ...args, e }, throw: false });
    expect(result).toBe("eventsAccumulate");
    const rest = Math.sqrt(2 / args.g) * (1 + (2 * e) / (1 - e));
    expect(ts.at(-1).item()).toBeCloseTo(rest, 8);
  });

  test("ends at the impact of a number, in the state before it", () => {
    const { result, ts, ys, events, eventMask } = drop({ terminal: 3 }, { t1: Infinity });
    expect([result, eventMask]).toEqual(["eventOccurred", true]);
    expect(ts.at(-1).item()).toBeCloseTo(impactTime(2, args), 12);
    expect((ys as Tensor[])[1]!.at(-1).item()).toBeCloseTo(-Math.sqrt(2 * args.g) * 0.64, 11);
    expect(events!.ts).toHaveLength(3);
  });

  test("that starts on the ground is thrown, and bounces in the very first step", () => {
    const { events } = drop({}, { y0: [0, 0.2], t1: 0.05 });
    expect(listOf(events!.ts)).toEqual([expect.closeTo((2 * 0.2) / args.g, 13)]);
  });

  test("bounces many times within the length of one step", () => {
    const { events } = drop({}, { y0: [0, 0.2], t1: 0.15, dt0: 0.15 });
    const times = listOf(events!.ts);
    const flight = (2 * 0.2) / args.g;
    for (const [n, t] of times.entries())
      expect(t).toBeCloseTo((flight * (1 - args.e ** (n + 1))) / (1 - args.e), 12);
    expect(times).toHaveLength(5);
  });

  test("without a root finder bounces at the ends of steps, once for each impact", () => {
    const { events } = drop({ rootFinder: null }, { dt0: 0.01 });
    expect(events!.ts).toHaveLength(6);
    for (const [n, t] of listOf(events!.ts).entries())
      expect(Math.abs(t - impactTime(n, args))).toBeLessThan(0.1);
  });
});

describe("after a change", () => {
  const solvers: readonly (readonly [string, unknown])[] = [
    ["Euler", Euler()],
    ["Tsit5, which keeps a slope", Tsit5()],
    ["Dopri8", Dopri8()],
    ["LeapfrogMidpoint, which keeps the step before", LeapfrogMidpoint()],
    ["ReversibleHeun, which keeps a second solution", ReversibleHeun()],
    ["ImplicitEuler", ImplicitEuler({ rootFinder: Newton({ rtol: 1e-10, atol: 1e-12 }) })],
    [
      "Kvaerno5, which keeps a Jacobian",
      Kvaerno5({ rootFinder: VeryChord({ rtol: 1e-10, atol: 1e-12 }) }),
    ],
  ];

  test.each(solvers)("%s goes on as from a fresh start, to the last bit", (_, solver) => {
    const run = (options: object): Solution<Tensor, [Tensor, Tensor]> =>
      solveParts<[Tensor, Tensor]>(fall, solver, {
        t0: 0,
        t1: Infinity,
        dt0: 0.05,
        y0: [1, 0],
        args,
        saveat: { t0: true, steps: true },
        event: Event({ condFn: height, rootFinder, change: bounce, terminal: 3 }),
        ...options,
      });
    const whole = run({});
    const [first, second] = listOf(whole.events!.ts) as [number, number];
    const times = listOf(whole.ts);
    const [from, to] = [times.lastIndexOf(first), times.indexOf(second)];
    const rows = (y: Tensor): number[] => listOf(y).slice(from, to + 1);
    const [h, v] = whole.ys.map(rows) as [number[], number[]];
    const fresh = run({
      t0: first,
      y0: [h[0], v[0]],
      event: Event({ condFn: height, rootFinder, direction: false, terminal: 1 }),
    });
    expect(listOf(fresh.ts)).toEqual(times.slice(from, to + 1));
    expect(fresh.ys.map(listOf)).toEqual([h, v]);
  });

  test("an adaptive controller keeps its step size", () => {
    const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-8 });
    const { ts, stats } = drop({}, { saveat: { steps: true }, stepsizeController });
    const { stats: bare } = drop({}, { event: null, stepsizeController });
    const times = listOf(ts);
    const impacts = times.flatMap((t, i) => (t === times[i - 1] ? [i] : []));
    expect(impacts).toHaveLength(6);
    for (const i of impacts) expect(times[i + 1]! - times[i]!).toBeGreaterThan(0.1);
    expect(stats.numSteps).toBeLessThan(bare.numSteps + 7 + 1);
  });

  const clipped = ClipStepSizeController({
    controller: PIDController({ rtol: 1e-6, atol: 1e-8 }),
    stepTs: [0.3, 0.46, 0.9],
    jumpTs: [0.6, 1.5, 2.5],
  });
  const given = { dt0: null, stepsizeController: StepTo({ ts: [0, 0.3, 0.6, 0.9, 1.5, 3] }) };
  const nextTo = (t: number): number => t + 2 ** (Math.floor(Math.log2(t)) - 52);
  test.each<[string, object, number, readonly number[]]>([
    ["constant steps are none longer than the first", {}, 0.1 + 1e-12, []],
    ["given ones end where they are to", given, 1.5, [0.3, 0.6, 0.9, 1.5, 3]],
    [
      "clipped ones do, also next to an impact",
      { stepsizeController: clipped },
      3,
      [0.3, 0.46, 0.9, ...[0.6, 1.5, 2.5].map(nextTo)],
    ],
  ])("%s", (_, options, longest, ends) => {
    const { ts, events } = drop({}, { saveat: { t0: true, steps: true }, ...options });
    const times = listOf(ts);
    const impacts = listOf(events!.ts);
    expect(impacts).toHaveLength(6);
    for (const [n, t] of impacts.entries()) expect(t).toBeCloseTo(impactTime(n, args), 12);
    for (const [i, t] of times.slice(1).entries())
      expect(t - times[i]!).toBeLessThan(longest + 1e-12);
    for (const t of ends) expect(times).toContain(t);
  });

  test("ts has the time twice where steps are saved, and dense output both sides", () => {
    const { ts, ys, events } = drop({}, { saveat: { steps: true } });
    const impact = events!.ts.at(0).item();
    const i = listOf(ts).indexOf(impact);
    expect(listOf(ts)[i + 1]).toBe(impact);
    const speeds = listOf((ys as Tensor[])[1]);
    expect(speeds[i + 1]).toBe(-0.8 * speeds[i]!);

    const dense = drop({}, { saveat: { dense: true } });
    const speed = (left: boolean): number =>
      (dense.evaluate(impact, null, left) as Tensor[])[1]!.item();
    expect(speed(true)).toBeCloseTo(speeds[i]!, 12);
    expect(speed(false)).toBeCloseTo(speeds[i + 1]!, 12);
  });

  test("folds of the steps are told of both sides, the second time with dt = 0", () => {
    const counted = drop(
      {},
      {
        saveat: {
          subs: {
            fastest: {
              init: 0,
              update: (acc: number, _t: number, [, v]: Pair) => Math.max(acc, v),
              at: "steps",
            },
            time: {
              init: 0,
              update: (acc: number, _t: number, _y: Pair, _a: unknown, dt: number) => acc + dt,
              at: "steps",
            },
          },
        },
      },
    ).ys as { fastest: Tensor; time: Tensor };
    expect(counted.fastest.item()).toBeCloseTo(0.8 * Math.sqrt(2 * args.g), 10);
    expect(counted.time.item()).toBeCloseTo(3, 12);
  });
});

describe("of several conditions", () => {
  type Place = { readonly x: number; readonly y: number; readonly u: number; readonly v: number };
  const flight = (_t: number, { u, v }: Place): Place => ({ x: u, y: v, u: 0, v: 0 });
  const fly = (event: object, y0: Place): Solution =>
    solveParts(flight, Tsit5(), {
      t0: 0,
      t1: 10,
      dt0: 0.37,
      y0,
      event: Event({ rootFinder, ...event }),
    }) as never;
  /** When a coordinate that moves between two walls is at one of them. */
  const hits = (from: number, speed: number): number[] =>
    Array.from({ length: 40 }, (_, n) => (n + 1 - from) / speed).filter((t) => t < 10);

  const walls = {
    floor: (_t: number, { y }: Place) => y,
    left: (_t: number, { x }: Place) => x,
    right: (_t: number, { x }: Place) => 1 - x,
    top: (_t: number, { y }: Place) => 1 - y,
  };
  const u = (_t: number, { u: speed, ...rest }: Place): Place => ({ ...rest, u: -speed });
  const v = (_t: number, { v: speed, ...rest }: Place): Place => ({ ...rest, v: -speed });

  test("each has its change, in a tree like theirs", () => {
    const y0 = { x: 0.3, y: 0.7, u: 1, v: 0.7317 };
    const { events } = fly({ condFn: walls, change: { floor: v, left: u, right: u, top: v } }, y0);
    const wanted = [...hits(0.3, 1), ...hits(0.7, 0.7317)].toSorted((a, b) => a - b);
    expect(events!.ts).toHaveLength(wanted.length);
    for (const [i, t] of listOf(events!.ts).entries()) expect(t).toBeCloseTo(wanted[i]!, 11);
  });

  test("or one change is told which of them it is, as of a vector of them", () => {
    const y0 = { x: 0.3, y: 0.7, u: 1, v: 0.7317 };
    const condFn = (_t: number, { x, y }: Place): readonly number[] => [x, 1 - x, y, 1 - y];
    const change = (_t: number, s: Place, _args: unknown, index: number): Place => ({
      ...s,
      u: index < 2 ? -s.u : s.u,
      v: index < 2 ? s.v : -s.v,
    });
    const vector = fly({ condFn, count: 4, change }, y0);
    const tree = fly({ condFn: walls, change: { floor: v, left: u, right: u, top: v } }, y0);
    for (const [i, t] of listOf(vector.events!.ts).entries())
      expect(t).toBeCloseTo(listOf(tree.events!.ts)[i]!, 12);
    expect(listOf(vector.events!.index).slice(0, 4)).toEqual([3, 1, 0, 2]);
  });

  test("two at the same time, in a corner, have both their events", () => {
    const y0 = { x: 0.5, y: 0.5, u: 1, v: 1 };
    const { events, ys } = fly(
      { condFn: walls, change: { floor: v, left: u, right: u, top: v } },
      y0,
    );
    expect(events!.ts).toHaveLength(20);
    const { x, y } = ys as { x: Tensor; y: Tensor };
    expect(x.at(-1).item()).toBeCloseTo(0.5, 12);
    expect(y.at(-1).item()).toBeCloseTo(0.5, 12);
  });

  test("one without a change is recorded, or ends the solve where it is the event of that number", () => {
    const y0 = { x: 0.3, y: 0.5, u: 1, v: 0.1 };
    const condFn = {
      left: walls.left,
      middle: (_t: number, { x }: Place) => x - 0.5,
      right: walls.right,
    };
    const { events } = fly({ condFn, change: { left: u, middle: null, right: u } }, y0);
    expect(listOf(events!.index).slice(0, 6)).toEqual([1, 2, 1, 0, 1, 2]);
    for (const [i, t] of listOf(events!.ts).slice(0, 4).entries())
      expect(t).toBeCloseTo([0.2, 0.7, 1.2, 1.7][i]!, 12);
  });

  test("a change that takes another across zero makes it have its event at the same time, once", () => {
    // Where t = 1 y is lifted by 2, over 1.5: there it is halved, which is no way back over 1.5 for the first.
    const { events, ys } = solveParts(() => 0, Tsit5(), {
      t0: 0,
      t1: 3,
      dt0: 0.4,
      y0: 1,
      event: Event({
        rootFinder,
        condFn: { clock: (t: number) => t - 1, full: (_t: number, y: number) => y - 1.5 },
        change: { clock: (_t: number, y: number) => y + 2, full: (_t: number, y: number) => y / 4 },
      }),
    });
    expect(listOf(events!.ts)).toEqual([1, 1]);
    expect(listOf(events!.index)).toEqual([0, 1]);
    expect(listOf(events!.ys)).toEqual([1, 3]);
    expect(ys.at(-1).item()).toBe(0.75);
  });
});
