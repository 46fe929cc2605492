import { checkTraces } from "@diffrax-ts/autodiff";
import {
  BacksolveAdjoint,
  DirectAdjoint,
  Event,
  ForwardMode,
  grad,
  ImplicitAdjoint,
  jit,
  jvp,
  Newton,
  np,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

type Options = Readonly<Record<string, unknown>>;

type Name = "all" | "area" | "both" | "count" | "end" | "length" | "n" | "none" | "range" | "rows";

/** What the tests read of a solution. */
interface Folded {
  readonly ts: Readonly<Record<Name, Tensor>>;
  readonly ys: Readonly<Record<Name, Tensor>>;
  readonly stats: { readonly numRejectedSteps: number; readonly numAcceptedSteps: number };
}

const adaptive = PIDController({ rtol: 1e-5, atol: 1e-5 });

/** `y' = cos(8t²) y` from 1: steps of very different lengths, some of them rejected. */
const wave = (t: number, y: number): number => 3 * Math.cos(8 * t * t) * y;
const waving = { t0: 0, t1: 2, dt0: 0.3, y0: 1, stepsizeController: adaptive };

const decay = (_t: number, y: number): number => -y;
const decaying = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };

function solve(subs: unknown, options: Options = decaying, field: unknown = decay): Folded {
  return solveParts(field, Tsit5(), { ...decaying, ...options, saveat: { subs } }) as never;
}

/** `∫ y dt` by rectangles, and what it is in JavaScript. */
const area = {
  init: 0,
  update: (acc: number, t: number, y: number, args: unknown, dt: number) => acc + y * dt,
  at: "steps",
};
const areaOf = (ts: Tensor, ys: Tensor, t0: number): number =>
  [...ts].reduce(
    (acc, t, i) => acc + ys.at(i).item() * (t - (i === 0 ? t0 : ts.at(i - 1).item())),
    0,
  );

describe("a fold over the steps", () => {
  test("is the loop over the rows that steps: true saves, to the last bit, with steps that were rejected", () => {
    const { ts, ys, stats } = solve({ area, all: { steps: true } }, waving, wave);
    expect(stats.numRejectedSteps).toBeGreaterThan(0);
    expect(ys.area.shape).toEqual([]);
    expect(ys.area.item()).toBe(areaOf(ts.all, ys.all, 0));
    expect(ts.area.item()).toBe(2);
  });

  test("that runs backward in time has steps below zero", () => {
    const back = { ...waving, t0: 2, t1: 0, dt0: -0.3 };
    const { ts, ys } = solve({ area, all: { steps: true } }, back, wave);
    expect(ys.area.item()).toBe(areaOf(ts.all, ys.all, 2));
    expect(ys.area.item()).toBeLessThan(0);
    expect(ts.area.item()).toBe(0);
  });

  test("is the same from the host, inside jit, and in a batch of solves with steps of their own", () => {
    const of = (y0: unknown): Tensor => solve({ area }, { ...waving, y0 }, wave).ys.area;
    const alone = [1, 20, 300].map((y0) => of(y0).item());
    expect([1, 20, 300].map((y0) => Number(jit(of as never)(y0 as never)))).toEqual(alone);
    expect([...(vmap(of as never)(Float64Array.of(1, 20, 300) as never) as Tensor)]).toEqual(alone);
  });

  test("is not told of steps that were rejected, and of a step that an event cut as it counts", () => {
    const calls: number[] = [];
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const update = (acc: number, t: number, y: number, args: unknown, dt: number): number => {
      calls.push(dt); // what stands outside cannot be read, so the function is called
      return acc + dt;
    };
    const event = Event({
      condFn: (_t: number, y: number) => y - 1.5,
      rootFinder: Newton({ rtol: 1e-12, atol: 1e-12 }),
    });
    const subs = { length: { init: 0, update, at: "steps" }, end: { t1: true } };
    const { ts, ys, stats } = solve(subs, { ...waving, event }, wave);
    warn.mockRestore();
    expect(calls.length).toBe(1 + stats.numAcceptedSteps); // and a try, to learn what it returns
    expect(ts.length.item()).toBe(ts.end.at(0).item());
    expect(ts.end.at(0).item()).toBeLessThan(2);
    // Sums of differences: a rounding for each of them.
    expect(Math.abs(ys.length.item() - ts.end.at(0).item())).toBeLessThan(1e-15 * calls.length);
  });

  test("is told of both states where an event changes it: the second has no length", () => {
    const event = Event({
      condFn: (_t: number, [height]: readonly [number, number]) => height,
      direction: false,
      rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }),
      change: (_t: number, [, speed]: readonly [number, number]) => [0, -0.8 * speed],
    });
    const fall = { t0: 0, t1: 3, dt0: 0.1, y0: [1, 0], event };
    const field = (_t: number, [, v]: readonly [number, number]): readonly number[] => [v, -9.81];
    const update = (
      acc: number,
      _t: number,
      [, v]: readonly [number, number],
      _args: unknown,
      dt: number,
    ): number => acc + v * (dt + 1);
    const subs = { n: { init: 0, update, at: "steps" }, all: { steps: true } };
    const { ts, ys, stats } = solve(subs, fall, field);
    const speeds = (ys.all as unknown as readonly Tensor[])[1]!;
    expect(speeds.length).toBeGreaterThan(stats.numAcceptedSteps);
    const length = (i: number): number =>
      ts.all.at(i).item() - (i === 0 ? 0 : ts.all.at(i - 1).item());
    const expected = [...speeds].reduce((acc, v, i) => acc + v * (length(i) + 1), 0);
    expect(ys.n.item()).toBe(expected);
  });

  test("takes trees, vectors and the arguments of the solve", () => {
    const update = (
      { top, bins }: { top: number; bins: Float64Array },
      _t: number,
      y: number,
      edges: Float64Array,
    ): unknown => ({
      top: Math.max(top, y),
      bins: bins.map((n, i) => (y > edges[i]! && y <= edges[i + 1]! ? n + 1 : n)),
    });
    const init = { top: -Infinity, bins: new Float64Array(2) };
    const args = Float64Array.of(0, 0.5, 1);
    const { ys } = solve({ range: { init, update, at: "steps" } }, { args });
    const { top, bins } = ys.range as unknown as Readonly<Record<"top" | "bins", Tensor>>;
    // e^-0.1, …, e^-1: six of ten are above a half.
    expect(top.item()).toBeCloseTo(Math.exp(-0.1), 7);
    expect([...bins]).toEqual([4, 6]);
  });

  test("counts in whole numbers, if its function works on tensors", () => {
    const update = traced((acc: Tensor) => np.add(acc, 1));
    const init = np.tensor([5, 0], { dtype: "int32" });
    const { ys } = solve({ count: { init, update, at: "steps" } });
    expect(ys.count.dtype).toBe("int32");
    expect([...ys.count]).toEqual([15, 10]);
  });

  test("of a state in float32 is in float32", () => {
    const update = (
      acc: number,
      t: number,
      [y]: readonly number[],
      args: unknown,
      dt: number,
    ): number => acc + y! * dt;
    const subs = { area: { init: 0, update, at: "steps" } };
    const { ts, ys } = solve(
      subs,
      { y0: Float32Array.of(1) },
      (_t: number, [y]: readonly number[]) => [-y!],
    );
    expect([ts.area.dtype, ys.area.dtype]).toEqual(["float32", "float32"]);
    expect(ys.area.item()).toBeCloseTo(solve({ area }).ys.area.item(), 6);
  });

  test("takes the same room however many steps there are: none has to be foreseen inside jit", () => {
    const count = { init: 0, update: (acc: number) => acc + 1, at: "steps" };
    const of = (y0: unknown): Tensor =>
      solve({ count }, { y0, maxSteps: null, dt0: 1e-4 }).ys.count;
    expect(of(1).item()).toBe(10_000);
    expect(Number(jit(of)(1))).toBe(10_000);
  });

  test("with another number to begin with, in functions made anew, is not traced again", () => {
    checkTraces("never");
    let calls = 0;
    const counted = (acc: Scalar): Scalar => {
      calls++;
      return np.add(acc, 1);
    };
    const update = traced(counted);
    const of = (init: number): number =>
      solve({ n: { init, update, at: "steps" } }, { y0: 1 + init }).ys.n.item();
    expect(of(0)).toBe(10);
    const first = calls;
    expect([of(1), of(2.5)]).toEqual([11, 12.5]);
    expect(calls).toBe(first);
  });
});

describe("a fold over times", () => {
  test("is the loop over the rows that ts saves, to the last bit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (times, isBackward) => {
          const at = times.map((t) => t + 0).toSorted((a, b) => (isBackward ? b - a : a - b));
          const span = isBackward ? { t0: 2, t1: 0, dt0: -0.3 } : {};
          const subs = { area: { ...area, at }, rows: { ts: at } };
          const { ts, ys } = solve(subs, { ...waving, ...span }, wave);
          expect(ys.area.item()).toBe(areaOf(ts.rows, ys.rows, isBackward ? 2 : 0));
          expect(ts.area.item()).toBe(at.at(-1));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("ends with the last of them before an event", () => {
    const event = Event({ condFn: (_t: number, y: number) => y < 0.55 });
    const { ts, ys } = solve({ area: { ...area, at: [0.2, 0.35, 0.95] } }, { event });
    expect(ts.area.item()).toBe(0.35);
    expect(ys.area.item()).toBeCloseTo(0.2 * Math.exp(-0.2) + 0.15 * Math.exp(-0.35), 7);
  });

  test("from a point to itself has all of them there", () => {
    const count = { init: 0, update: (acc: number) => acc + 1 };
    const subs = { none: { ...count, at: "steps" }, both: { ...count, at: [1, 1] } };
    const { ts, ys } = solve(subs, { t0: 1, t1: 1 });
    expect([ys.none.item(), ys.both.item()]).toEqual([0, 2]);
    expect([ts.none.item(), ts.both.item()]).toEqual([1, 1]);
  });

  test("that are known when the solve runs has to lie in it then", () => {
    const of = (at: unknown): Tensor => solve({ area: { ...area, at } }).ys.area;
    expect(() => jit(of as never)(Float64Array.of(0.5, 1.5) as never)).toThrow(
      /saveat\.subs\.area\.at must lie between t0 and t1/u,
    );
    expect(Number(jit(of as never)(Float64Array.of(0.5, 1) as never))).toBe(of([0.5, 1]).item());
  });
});

test("a fold stands among rows in any arrangement, and alone", () => {
  const { ys } = solve({ a: [area, { b: { t1: true } }] });
  const { a } = ys as unknown as { a: readonly [Tensor, { b: Tensor }] };
  expect(a[0].shape).toEqual([]);
  expect(a[1].b.shape).toEqual([1]);
  const alone = solve(area) as unknown as { ts: Tensor; ys: Tensor };
  expect([alone.ts.item(), alone.ys.item()]).toEqual([1, a[0].item()]);
});

describe("the derivative of a fold", () => {
  // Steps of 0.1 by a method of order 5: ∂/∂y0 of Σ y dt is Σ e^-t dt, to seven digits.
  const slope = Array.from({ length: 10 }, (_, i) => 0.1 * Math.exp(-0.1 * (i + 1))).reduce(
    (a, b) => a + b,
  );
  const of =
    (options: Options, fold: object = area) =>
    (y0: unknown): Tensor =>
      solve({ area: fold, end: { t1: true } }, { ...options, y0 }).ys.area;
  const gradOf = (f: (x: unknown) => Tensor, x: unknown): unknown =>
    (grad as unknown as (f: unknown) => (x: unknown) => unknown)(f)(x);
  const tangentOf = (f: (x: unknown) => Tensor, x: number): number =>
    (jvp(f as never, [x], [1]) as { tangent: Tensor }).tangent.item();

  test.each([
    { name: "the default", adjoint: undefined },
    { name: "all steps kept", adjoint: DirectAdjoint() },
    { name: "two checkpoints", adjoint: RecursiveCheckpointAdjoint({ checkpoints: 2 }) },
  ])("goes both ways with $name", ({ adjoint }) => {
    expect(gradOf(of({ adjoint }), 1)).toBeCloseTo(slope, 7);
    expect(tangentOf(of({ adjoint }), 1)).toBeCloseTo(slope, 7);
  });

  test("goes forward with ForwardMode, and backward is an error", () => {
    expect(tangentOf(of({ adjoint: ForwardMode() }), 1)).toBeCloseTo(slope, 7);
    expect(() => gradOf(of({ adjoint: ForwardMode() }), 1)).toThrow(
      /cannot be differentiated backwards/u,
    );
  });

  test("is an error with adjoints that know one list of times, or the end alone", () => {
    expect(() => of({ adjoint: BacksolveAdjoint() })(1)).toThrow(
      /BacksolveAdjoint\(\) .*saveat\.subs/u,
    );
    expect(() => of({ adjoint: ImplicitAdjoint() })(1)).toThrow(/needs saveat: \{ t1: true \}/u);
  });

  // Of constant steps: how long adapted steps are is not differentiated, here as everywhere.
  test("with respect to the beginning, the end, the times and the arguments is that of differences", () => {
    const square = {
      ...area,
      update: (acc: number, t: number, y: number, rate: number, dt: number) =>
        acc * 0.9 + rate * y * y * dt,
    };
    const field = (_t: number, y: number, rate: number): number => -rate * y;
    const value = ({ init = 0.3, t1 = 1, args = 1.2, at = "steps" }: Options): Tensor =>
      solve({ n: { ...square, init, at } }, { t1, args }, field).ys.n;
    for (const [name, x] of [
      ["init", 0.3],
      ["t1", 0.95],
      ["args", 1.2],
    ] as const) {
      const f = (given: unknown): Tensor => value({ [name]: given });
      const h = 1e-6;
      const difference = (f(x + h).item() - f(x - h).item()) / (2 * h);
      expect(gradOf(f, x)).toBeCloseTo(difference, 6);
      expect(tangentOf(f, x)).toBeCloseTo(difference, 6);
    }
    const times = (at: unknown): Tensor => value({ at });
    const h = 1e-6;
    const differences = [0, 1].map((i) => {
      const moved = (by: number): Float64Array =>
        Float64Array.from([0.2, 0.7], (t, j) => (i === j ? t + by : t));
      return (times(moved(h)).item() - times(moved(-h)).item()) / (2 * h);
    });
    const slopes = gradOf(times, Float64Array.of(0.2, 0.7)) as Float64Array;
    for (const [i, difference] of differences.entries())
      expect(slopes[i]).toBeCloseTo(difference, 6);
  });

  test("through what cannot be read is an error that names the function and the way out", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const outside = { n: 0 };
    const update = (acc: number, _t: number, y: number): number => acc + y + outside.n;
    expect(() => gradOf(of({}, { ...area, update }), 1)).toThrow(
      /update: a derivative cannot pass .*"outside" comes from outside.*traced\(f\)/u,
    );
    warn.mockRestore();
  });
});

describe("a fold is refused, with its option and what to do, if", () => {
  const cases: readonly { name: string; subs: unknown; message: RegExp }[] = [
    {
      name: "it has nothing to begin with",
      subs: { m: { update: area.update, at: "steps" } },
      message: /^saveat\.subs\.m\.init is missing: .* init: 0$/u,
    },
    {
      name: "it has no function",
      subs: { m: { init: 0, at: "steps" } },
      message: /^saveat\.subs\.m\.update: expected a function \(acc, t, y, args, dt\).*undefined$/u,
    },
    {
      name: "it does not say when",
      subs: [{ init: 0, update: area.update }],
      message: /^saveat\.subs\[0\]\.at: expected "steps" or a list of times, got undefined$/u,
    },
    {
      name: "it misspells when",
      subs: { ...area, at: "step" },
      message: /^saveat\.subs\.at: expected "steps" or a list of times, got "step"$/u,
    },
    {
      name: "it has other options",
      subs: { m: { ...area, t1: true } },
      message: /^saveat\.subs\.m: there is no option t1, only init, update, at$/u,
    },
    {
      name: "it has one time",
      subs: { m: { ...area, at: 0.5 } },
      message: /^saveat\.subs\.m\.at: expected "steps" or a list of times, got 0\.5$/u,
    },
    {
      name: "it has no times",
      subs: { m: { ...area, at: [] } },
      message: /^saveat\.subs\.m\.at: expected times, got an empty list$/u,
    },
    {
      name: "its times are out of range",
      subs: { m: { ...area, at: [0.5, 1.5] } },
      message: /saveat\.subs\.m\.at must lie between t0 = 0 and t1 = 1, got .*\[1\] = 1\.5$/u,
    },
    {
      name: "its times are out of order",
      subs: [{ ...area, at: [0.5, 0.2] }],
      message: /saveat\.subs\[0\]\.at must be increasing.* = 0\.2 is not$/u,
    },
    {
      name: "it begins with a text",
      subs: { m: { ...area, init: { name: "a" } } },
      message: /^saveat\.subs\.m\.init\.name must be a number, .* got "a"$/u,
    },
    {
      name: "it begins with a truth value",
      subs: { m: { ...area, init: false } },
      message: /^saveat\.subs\.m\.init must be a number, .* got false$/u,
    },
    {
      name: "it counts in whole numbers by a plain function",
      subs: { m: { ...area, init: new Int32Array(3) } },
      message:
        /saveat\.subs\.m\.init: update reckons in .* float64, .*Int32Array of 3; .*traced\(f\)/u,
    },
    {
      name: "it returns nothing",
      subs: { m: { ...area, update: (acc: number) => void acc } },
      message: /^saveat\.subs\.m\.update: /u,
    },
    {
      name: "it returns another structure",
      subs: { m: { ...area, init: { a: 0 }, update: ({ a }: { a: number }) => [a] } },
      message:
        /^saveat\.subs\.m\.update: result: expected an object with the keys a, got an array of 1/u,
    },
    {
      name: "it returns another shape",
      subs: { m: { ...area, init: new Float64Array(2), update: traced(() => np.zeros([3])) } },
      message:
        /^saveat\.subs\.m\.update: result: expected float64\[2\] as in init, got float64\[3\]$/u,
    },
    {
      name: "it returns another dtype",
      subs: { m: { ...area, update: traced((acc: Tensor) => np.astype(acc, "float32")) } },
      message: /^saveat\.subs\.m\.update: result: expected float64 as in init, got float32$/u,
    },
  ];

  test.each(cases)("$name", ({ subs, message }) => {
    expect(() => solve(subs)).toThrow(message);
  });

  test("it stands outside of subs", () => {
    expect(() => solveParts(decay, Tsit5(), { ...decaying, saveat: area })).toThrow(
      /^saveat: a fold stands among subs: write saveat: \{ subs: \{ init, update, at \} \}$/u,
    );
  });
});
