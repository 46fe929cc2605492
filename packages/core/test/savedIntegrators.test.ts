// Integrators as JSON: what is kept, who goes on with the same bits, and who is refused.
import {
  ClipStepSizeController,
  ControlTerm,
  diffeqsolve,
  DirectBrownianPath,
  Dopri5,
  EulerHeun,
  Event,
  Heun,
  type Integrator,
  integrator,
  Kvaerno5,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  traced,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { memoryUse } from "@diffrax-ts/compiler";
import { key } from "@diffrax-ts/random";
import { describe, expect, test, vi } from "vitest";
import type { End } from "./memory/goOn.ts";
import { longSolve } from "./support/longSolve.ts";
import { runAlone } from "./support/runAlone.ts";

// Some fields cannot be read, on purpose.
const { warn: others } = console;
vi.spyOn(console, "warn").mockImplementation((text: string) => {
  if (!text.includes("called")) others(text);
});

const adaptive = PIDController({ rtol: 1e-8, atol: 1e-8 });
const options = {
  t0: 0,
  t1: 10,
  dt0: 0.1,
  y0: 1,
  args: 2,
  maxSteps: null,
  stepsizeController: adaptive,
};
const field = (t: number, y: number, a: number): number => -a * y * Math.sin(t);

/** Without the types, which the cases of a table do not share. */
const make = integrator as unknown as (...given: readonly unknown[]) => Integrator;
const load = integrator.fromJSON as unknown as (...given: readonly unknown[]) => Integrator;

const again = (live: Integrator<never>): unknown => JSON.parse(JSON.stringify(live));

describe("an integrator that was saved goes on with the same bits", () => {
  test("in another process, after its args were changed", async () => {
    const { terms, solver, options: stiff } = longSolve();
    const live = integrator(terms, solver, stiff);
    await live.advance({ until: 50 });
    live.args = { mu: 90 };
    await live.advance({ until: 100 });
    const other = (await runAlone("goOn.ts", [], JSON.stringify(live))) as End;
    await live.advance();
    const { ts, ys, stats } = live.solution();
    expect(other).toEqual({
      mu: 90,
      t: 200,
      ts: ts.toArray(),
      x: ys.x.toArray(),
      numSteps: stats.numSteps,
    });
  });

  test.each<[string, unknown, unknown, object]>([
    [
      "what was saved at times, and dense output",
      field,
      Tsit5(),
      { saveat: { ts: np.linspace(0, 10, 77), dense: true } },
    ],
    ["steps, backward", field, Dopri5(), { t1: -10, dt0: -0.1, saveat: { steps: true } }],
    [
      "float32",
      field,
      Tsit5(),
      {
        y0: np.tensor(1, { dtype: "float32" }),
        stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-4 }),
        saveat: { steps: true },
      },
    ],
    [
      "folds",
      field,
      Tsit5(),
      {
        saveat: {
          subs: [
            { init: 0, update: (acc: number, t: number, y: number) => acc + y, at: "steps" },
            { steps: 2 },
          ],
        },
      },
    ],
    [
      "an event, and what it recorded",
      field,
      Heun(),
      {
        stepsizeController: undefined,
        event: Event({ condFn: (t: number, y: number) => y - 0.5, terminal: false }),
      },
    ],
    [
      "large states",
      (t: number, y: Float64Array, a: number) => y.map((x) => -a * x),
      Tsit5(),
      { y0: Float64Array.from({ length: 200 }, (_, i) => i) },
    ],
    [
      "a Brownian tree, which is searched from where it was",
      noisy(VirtualBrownianTree({ t0: 0, t1: 10, tol: 1e-3, shape: [], key: key(7) })),
      Heun(),
      { stepsizeController: undefined, saveat: { steps: true } },
    ],
    [
      "Brownian steps that are counted",
      noisy(DirectBrownianPath({ shape: [], key: key(7) })),
      EulerHeun(),
      { stepsizeController: undefined, saveat: { steps: true } },
    ],
    [
      "clipped steps, with those that were rejected",
      field,
      Tsit5(),
      {
        saveat: { steps: true },
        stepsizeController: ClipStepSizeController({
          controller: adaptive,
          stepTs: [1, 5],
          jumpTs: [3],
          storeRejectedSteps: 20,
        }),
      },
    ],
    [
      "events that change the state",
      (t: number, [, v]: readonly [number, number]) => [v, -9.81],
      Tsit5(),
      {
        y0: [1, 0],
        args: undefined,
        saveat: { steps: true },
        event: Event({
          condFn: (t: number, y: readonly number[]) => y[0]!,
          direction: false,
          change: (t: number, [x, v]: readonly [number, number]) => [x, -0.95 * v],
        }),
      },
    ],
    ["a field that is called back", calledBack(), Tsit5(), { saveat: { steps: true } }],
  ])("%s", async (_, terms, solver, more) => {
    const given = [terms, solver, { ...options, ...more }] as const;
    const live = make(...given);
    await live.advance({ until: 0.4 * (given[2] as { t1: number }).t1 });
    live.step();
    const other = load(again(live as never), ...given);
    expect([other.t, other.y, other.stats]).toEqual([live.t, live.y, live.stats]);
    for (const one of [live, other]) await one.advance();
    const [a, b] = [live.solution(), other.solution()];
    expect([b.ts, b.ys, b.stats, b.events]).toEqual([a.ts, a.ys, a.stats, a.events]);
  });

  test("at its start and at its end", async () => {
    const live = integrator(field, Tsit5(), options);
    const fresh = integrator.fromJSON(JSON.stringify(live), field, Tsit5(), options);
    await live.advance();
    const ended = integrator.fromJSON(JSON.stringify(live), field, Tsit5(), options);
    expect(ended.result).toBe("successful");
    expect(ended.step()).toBe(false);
    await fresh.advance();
    for (const one of [ended, fresh]) expect(one.solution()).toEqual(live.solution());
  });

  test("whatever the numbers are: -0, infinities, not-a-numbers and integers of 64 bits", async () => {
    const numbers = [-0, Infinity, -Infinity, Number.NaN, 5e-324, Number.MAX_VALUE, 0.1];
    const args = {
      doubles: Float64Array.from(numbers),
      singles: Float32Array.from(numbers),
      whole: np.tensor([2 ** 31 - 1, -5], { dtype: "int32" }),
      wide: np.bitcast(np.tensor([0.1, -0, Infinity]), "int64"),
      truth: np.tensor([true, false]),
    };
    const still = traced((t: unknown, y: number) => np.mul(y, 0));
    const given = { ...options, args, y0: -0 } as never;
    const live = make(still, Tsit5(), given);
    live.step();
    const other = load(again(live as never), still, Tsit5(), given);
    expect(other.y).toEqual(live.y);
    expect(Object.is(Number(other.y), -0)).toBe(Object.is(Number(live.y), -0));
    const kept = other.args as Record<keyof typeof args, { data: ArrayLike<unknown> }>;
    expect(Array.from(kept.doubles.data)).toEqual(numbers);
    expect(Array.from(kept.singles.data)).toEqual([...args.singles]);
    expect(kept.wide).toEqual(args.wide);
    expect([kept.whole, kept.truth]).toEqual([args.whole, args.truth]);
  });

  test("numbers are those that were saved, not those that are given with the functions", async () => {
    const live = integrator(field, Tsit5(), options);
    await live.advance({ until: 3 });
    const other = integrator.fromJSON(JSON.stringify(live), field, Tsit5(), {
      ...options,
      t0: 1,
      t1: 99,
      y0: 7,
      args: 3,
      maxSteps: 12,
    });
    await live.advance();
    await other.advance();
    expect(other.solution()).toEqual(live.solution());
    expect([other.args, other.solution().t1]).toEqual([2, 10]);
  });

  test("a thousand times, from hand to hand, and nothing is left", async () => {
    const before = memoryUse().bytesInUse;
    const given = { ...options, dt0: 0.01, stepsizeController: undefined as never };
    let text = JSON.stringify(integrator(field, Heun(), given));
    for (let i = 0; i < 1000; i++) {
      const live = integrator.fromJSON(text, field, Heun(), given);
      live.step();
      text = JSON.stringify(live);
      live.close();
    }
    const end = integrator.fromJSON(text, field, Heun(), given);
    expect([end.result, end.t]).toEqual(["successful", 10]);
    const wanted = diffeqsolve(field, Heun(), given);
    expect(end.solution()).toEqual(wanted);
    // The first one has its memory until it is collected.
    expect(memoryUse().bytesInUse - before).toBeLessThan(20_000);
  });
});

describe("integrator.fromJSON refuses, and says what differs", () => {
  const live = integrator(field, Tsit5(), options);
  live.step();
  const text = JSON.stringify(live);
  const saved = live.toJSON();
  const steps = { ...options, saveat: { steps: true } } as const;
  const inRows = { options: steps, saved: integrator(field, Tsit5(), steps).toJSON() };
  const other = (t: number, y: number, a: number): number => -a * y * Math.cos(t);

  test.each<[string, readonly unknown[], string]>([
    [
      "another vector field",
      [text, other, Tsit5(), options],
      "saved by another program. What differs: the vector field",
    ],
    ["another solver", [text, field, Dopri5(), options], "solver was Tsit5"],
    ["another solver, and says which is given", [text, field, Dopri5(), options], "and is Dopri5"],
    [
      "other tolerances",
      [
        text,
        field,
        Tsit5(),
        { ...options, stepsizeController: PIDController({ rtol: 1e-7, atol: 1e-8 }) },
      ],
      "stepsizeController was PIDController",
    ],
    [
      "an event more",
      [
        text,
        field,
        Tsit5(),
        { ...options, event: Event({ condFn: (t: number, y: number) => y < 0 }) },
      ],
      "event was null and is",
    ],
    [
      "other things to save",
      [text, field, Tsit5(), { ...options, saveat: { steps: true } }],
      "saveat was",
    ],
    [
      "counts of the work",
      [text, field, Tsit5(), { ...options, stats: "full" }],
      "stats was steps and is full",
    ],
    [
      "the other direction",
      [text, field, Tsit5(), { ...options, t1: -10, dt0: -0.1 }],
      "direction was forward and is backward",
    ],
    ["another implicit solver", [text, field, Kvaerno5(), options], "solver was Tsit5"],
    [
      "another state",
      [text, (t: number, [x]: readonly number[]) => [x!], Tsit5(), { ...options, y0: [1] }],
      "y0 is float64 in what was saved, and missing in what is given here",
    ],
    [
      "another shape",
      [text, (t: number, y: Float64Array) => y, Tsit5(), { ...options, y0: new Float64Array(2) }],
      "y0 is float64 in what was saved, and float64[2] in what is given here",
    ],
    [
      "other arguments",
      [
        text,
        (t: number, y: number, a: { b: number }) => y * a.b,
        Tsit5(),
        { ...options, args: { b: 1 } },
      ],
      "args is float64 in what was saved, and missing",
    ],
    [
      "more times to save at",
      [text, field, Tsit5(), { ...options, saveat: { ts: [1] } }],
      "saves[0].ts is missing in what was saved",
    ],
    [
      "another format",
      [{ ...saved, format: "diffrax-ts/integrator/2" }, field, Tsit5(), options],
      'in the format "diffrax-ts/integrator/2", and this version reads',
    ],
    [
      "something else",
      [{ t: 1 }, field, Tsit5(), options],
      "expected what toJSON() of an integrator gave",
    ],
    ["nothing", [undefined, field, Tsit5(), options], "got undefined"],
    ["a text that is no JSON", ["{", field, Tsit5(), options], "as an object or as JSON"],
    [
      "bytes that are missing",
      [{ ...saved, carried: saved.carried.slice(1) }, field, Tsit5(), options],
      "carried: expected",
    ],
    [
      "bytes that are too few",
      [{ ...saved, carried: saved.carried.map(() => "AA==") }, field, Tsit5(), options],
      "bytes, got 1",
    ],
    [
      "bytes that are none",
      [{ ...saved, carried: saved.carried.map(() => "?") }, field, Tsit5(), options],
      "expected bytes in base64",
    ],
    [
      "another list",
      [{ ...saved, inputs: null }, field, Tsit5(), options],
      "inputs must be an array",
    ],
    [
      "inputs that are none",
      [{ ...saved, inputs: saved.inputs.map(({ name }) => ({ name })) }, field, Tsit5(), options],
      "inputs[0] must be { name, value }",
    ],
    [
      "rows that are missing",
      [{ ...inRows.saved, rows: [[]] }, field, Tsit5(), inRows.options],
      "rows[0] must be an array of 2",
    ],
    [
      "no rows at all",
      [{ ...inRows.saved, rows: [] }, field, Tsit5(), inRows.options],
      "rows[0] must be an array of 2",
    ],
    ["wrong options", [text, field, Tsit5(), { ...options, t1: Number.NaN }], "t1 must be finite"],
  ])("%s", (_, given, message) => {
    const before = memoryUse().bytesInUse;
    expect(() => load(...given)).toThrow(message);
    expect(memoryUse().bytesInUse).toBe(before);
  });

  test("functions that are called back and have another source", () => {
    const [one, two] = [calledBack(), calledBack("0.5 * ")];
    const saved = JSON.stringify(make(one, Tsit5(), options));
    expect(() => load(saved, two, Tsit5(), options)).toThrow("functions that are called back was");
    expect(() => load(saved, calledBack(), Tsit5(), options)).not.toThrow();
  });
});

/** An equation with noise. */
function noisy(path: VirtualBrownianTree | DirectBrownianPath): unknown {
  return MultiTerm(
    ODETerm((t: number, y: number, a: number) => -a * y),
    ControlTerm((t: number, y: number) => 0.2 * y, path),
  );
}

/** A field with a free variable: it cannot be read. */
function calledBack(factor = ""): (t: number, y: number) => number {
  // oxlint-disable-next-line typescript/no-implied-eval -- a source for each factor
  return new Function("gain", `return (t, y) => -${factor}gain * y`)(1) as (
    t: number,
    y: number,
  ) => number;
}
