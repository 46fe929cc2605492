// Events that change the state, and solves that go on.
import { Event, Newton, type Solution, type Tensor, Tsit5 } from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

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
});
