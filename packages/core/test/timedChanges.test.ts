// Changes of the state at known times.
import {
  ClipStepSizeController,
  diffeqsolve,
  Dopri8,
  Event,
  grad,
  jit,
  jvp,
  Newton,
  np,
  PIDController,
  type Scalar,
  type Solution,
  StepTo,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

const decay = (_t: number, y: number, k: number): number => -k * y;
const add = (_t: number, y: number, _k: number, i: number): number => y + 1 + i;
const pid = PIDController({ rtol: 1e-10, atol: 1e-12 });
const at = [0, 1, 2.5, 4];
const listOf = (x: unknown): number[] => [...(x as Tensor)];

function dosed(
  options: object = {},
  event: object = {},
): Solution<Tensor<readonly [number]>, Tensor, Scalar> {
  return solveParts<Tensor, Scalar>(decay, Tsit5(), {
    t0: 0,
    t1: 4,
    dt0: 0.3,
    y0: 1,
    args: 0.5,
    stepsizeController: pid,
    event: Event({ at, change: add, ...event }),
    ...options,
  });
}

/** The states before the doses, and the last one after its. */
function exact(times: readonly number[], end: number): readonly number[] {
  let [y, t] = [1, 0];
  const before = times.map((time, i) => {
    const left = y * Math.exp(-0.5 * (time - t));
    [y, t] = [left + 1 + i, time];
    return left;
  });
  return [...before, y * Math.exp(-0.5 * (end - t))];
}

describe("Event({ at }) changes the state", () => {
  test("at the times exactly, the start and the end included, and says what it was before", () => {
    const { events, ys, result, eventMask } = dosed();
    expect(listOf(events!.ts)).toEqual(at);
    expect(listOf(events!.index)).toEqual([0, 1, 2, 3]);
    const wanted = exact(at, 4);
    for (const [i, y] of listOf(events!.ys).entries()) expect(y).toBeCloseTo(wanted[i]!, 9);
    expect(ys.at(-1).item()).toBeCloseTo(wanted.at(-1)!, 9);
    expect([result, eventMask]).toEqual(["successful", null]);
  });

  test.each<[string, object]>([
    ["constant steps", { stepsizeController: undefined, dt0: 0.05 }],
    ["adaptive ones", {}],
    ["given ones", { dt0: null, stepsizeController: StepTo({ ts: [0, 0.5, 1.5, 3, 4] }) }],
    [
      "clipped ones, also where the vector field jumps at the same time",
      {
        stepsizeController: ClipStepSizeController({
          controller: pid,
          jumpTs: [1, 2],
          stepTs: [2.5, 3],
        }),
      },
    ],
  ])("with %s", (_, options) => {
    const { events, ts, ys } = dosed({ ...options, saveat: { steps: true } });
    expect(listOf(events!.ts)).toEqual(at);
    const [times, values] = [listOf(ts), listOf(ys)];
    const doses = times.flatMap((t, i) => (t === times[i - 1] ? [i] : []));
    expect(doses.map((i) => Math.fround(times[i]!))).toEqual([1, 2.5, 4]);
    for (const i of doses) expect(values[i]! - values[i - 1]!).toBeGreaterThan(1.9);
    expect(ys.at(-1).item()).toBeCloseTo(exact(at, 4).at(-1)!, 4);
  });

  test("and steps that end elsewhere stay where they are", () => {
    const { ts } = dosed({
      dt0: null,
      stepsizeController: StepTo({ ts: [0, 0.5, 1.5, 3, 4] }),
      saveat: { t0: true, steps: true },
    });
    expect(listOf(ts)).toEqual([0, 0, 0.5, 1, 1, 1.5, 2.5, 2.5, 3, 4, 4]);
    const clipped = dosed({
      stepsizeController: ClipStepSizeController({ controller: pid, stepTs: [0.9, 1.05, 3] }),
      saveat: { steps: true },
    });
    for (const t of [0.9, 1.05, 3]) expect(listOf(clipped.ts)).toContain(t);
  });

  test("and the step size after it is the one that was planned before", () => {
    const { ts } = dosed(
      { saveat: { steps: true }, stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-8 }) },
      { at: [2.0001] },
    );
    const times = listOf(ts);
    const i = times.lastIndexOf(2.0001);
    expect(times[i + 1]! - times[i]!).toBeGreaterThan(0.2);
  });

  test("saved times have the state on the left, and dense output either", () => {
    const { ts, ys } = dosed({ saveat: { ts: [0, 1, 1.5, 2.5, 4] } });
    const wanted = exact(at, 4);
    expect(listOf(ts)).toEqual([0, 1, 1.5, 2.5, 4]);
    const saved = listOf(ys);
    for (const [i, k] of [0, 1, 3, 4].entries()) expect(saved[k]).toBeCloseTo(wanted[i]!, 8);

    const { evaluate } = dosed({ saveat: { dense: true } });
    const side = (t: number, left: boolean): number => evaluate(t, null, left).item();
    expect(side(1, true)).toBeCloseTo(wanted[1]!, 8);
    expect(side(1, false)).toBeCloseTo(wanted[1]! + 2, 8);
    expect(side(2.5, true)).toBeCloseTo(wanted[2]!, 8);
    expect(side(2.5, false)).toBeCloseTo(wanted[2]! + 3, 8);
    expect(side(0, true)).toBe(2); // before the start there is nothing
  });

  test("backward in time", () => {
    const { events, ys } = dosed({ t0: 4, t1: 0, dt0: -0.1, y0: 6 }, { at: [4, 2.5, 1] });
    expect(listOf(events!.ts)).toEqual([4, 2.5, 1]);
    let y = 6;
    for (const [i, span] of [1.5, 1.5, 1].entries()) y = (y + 1 + i) * Math.exp(0.5 * span);
    expect(ys.at(0).item() / y).toBeCloseTo(1, 9);
  });

  test("in float32", () => {
    const { events, ys } = dosed(
      {
        y0: np.tensor(1, { dtype: "float32" }),
        stepsizeController: PIDController({ rtol: 1e-5, atol: 1e-6 }),
      },
      { at: [0.1, 1, 2.3] },
    );
    expect(listOf(events!.ts)).toEqual([0.1, 1, 2.3].map(Math.fround));
    expect(ys.dtype).toBe("float32");
    expect(ys.at(0).item()).toBeCloseTo(exact([0.1, 1, 2.3], 4).at(-1)!, 4);
  });

  test("whatever the times are: the trace is the same", () => {
    let traces = 0;
    const change = traced((_t: Scalar, y: Scalar) => {
      traces++;
      return np.add(y, 1);
    });
    let first = 0;
    for (let i = 0; i < 100; i++) {
      const { events } = dosed({}, { at: [0.01 * i + 0.001, 2 + 0.01 * i], change });
      expect(events!.ts.at(0).item()).toBe(0.01 * i + 0.001);
      first ||= traces;
    }
    expect(traces).toBe(first);
  });

  test("no times, no change", () => {
    const { ys, events } = dosed({}, { at: [] });
    expect(ys.at(0).item()).toBeCloseTo(Math.exp(-2), 9);
    expect(events!.ts).toHaveLength(0);
  });

  test("beside conditions, which end the solve", () => {
    const options = { t1: 40, y0: 0 };
    const event = {
      at: [0, 1, 2],
      condFn: (_t: number, y: number) => y - 0.5,
      direction: false,
      rootFinder: Newton({ rtol: 1e-12, atol: 1e-12 }),
      change: { at: (_t: number, y: number) => y + 1 },
    };
    const { ts, events, result, eventMask } = dosed(options, event);
    expect([result, eventMask]).toEqual(["eventOccurred", true]);
    const last = 1 + Math.exp(-0.5) + Math.exp(-1);
    expect(ts.at(0).item()).toBeCloseTo(2 + 2 * Math.log(last / 0.5), 9);
    expect(listOf(events!.index)).toEqual([1, 2, 3, 0]); // those of times behind those of conditions
  });

  test("and may take a condition across zero, which has its event at the same time", () => {
    // A neuron that fires when it has been given enough, and is reset.
    const { events, ys } = dosed(
      { t1: 4.5, args: 1e-3, y0: 0, saveat: { steps: true } },
      {
        at: [1, 2, 3, 4],
        condFn: (_t: number, y: number) => y - 2.5,
        direction: true,
        rootFinder: Newton({ rtol: 1e-12, atol: 1e-12 }),
        change: { at: (_t: number, y: number) => y + 1, condFn: () => 0 },
      },
    );
    expect(listOf(events!.ts)).toEqual([1, 2, 3, 3, 4]);
    expect(listOf(events!.index)).toEqual([1, 2, 3, 0, 4]);
    expect(listOf(events!.ys)[3]).toBeCloseTo(3, 2); // what it had been given when it fired
    expect(ys.at(-1).item()).toBeCloseTo(1, 2);
  });
});

describe("derivatives", () => {
  const end = (times: readonly unknown[], k: unknown, dose: unknown): Scalar =>
    diffeqsolve((t, y, p: { k: number; dose: number }) => -p.k * y, Dopri8(), {
      t0: 0,
      t1: 4,
      dt0: 0.1,
      y0: 1,
      args: { k: k as number, dose: dose as number },
      stepsizeController: PIDController({ rtol: 1e-12, atol: 1e-14 }),
      event: Event({
        at: times as readonly number[],
        change: (t: number, y: number, p: { dose: number }) => y + p.dose,
      }),
    }).ys.at(0);

  test("with respect to a time, the rate and the dose are those of the closed form", () => {
    const ofTime = (t: Scalar): Scalar => end([t, 3], 0.5, 2);
    const wanted = 0.5 * 2 * Math.exp(-0.5 * (4 - 1.2));
    expect(grad(ofTime)(1.2)).toBeCloseTo(wanted, 10);
    expect(jvp(ofTime, [1.2], [1]).tangent.item()).toBeCloseTo(wanted, 10);
    expect(grad(grad(ofTime))(1.2)).toBeCloseTo(0.5 * wanted, 9);
    const ofRate = (k: Scalar): Scalar => end([1.2, 3], k, 2);
    const slope = -4 * Math.exp(-2) - 2 * (2.8 * Math.exp(-1.4) + Math.exp(-0.5));
    expect(grad(ofRate)(0.5)).toBeCloseTo(slope, 9);
    const ofDose = (dose: Scalar): Scalar => end([0, 3], 0.5, dose);
    expect(grad(ofDose)(2)).toBeCloseTo(Math.exp(-2) + Math.exp(-0.5), 10);
    expect(jit(ofDose)(2).item()).toBeCloseTo(3 * Math.exp(-2) + 2 * Math.exp(-0.5), 10);
  });

  test("of each solve of a batch with times of its own", () => {
    const slopes = vmap(grad((t: Scalar) => end([t], 0.5, 2)))(Float64Array.of(0.5, 2, 3.9));
    for (const [i, t] of [0.5, 2, 3.9].entries())
      expect(slopes.at(i).item()).toBeCloseTo(Math.exp(-0.5 * (4 - t)), 10);
  });
});

describe("is refused:", () => {
  const event = (options: object) => () => dosed({}, options);
  test.each<[string, () => unknown, string]>([
    [
      "times out of order",
      event({ at: [3, 2, 5] }),
      "at must be strictly increasing, or strictly decreasing for a solve backward in time; got at[1] = 2 and at[2] = 5",
    ],
    ["a time twice", event({ at: [1, 1] }), "got at[0] = 1 and at[1] = 1"],
    [
      "times against the direction of the solve",
      event({ at: [3, 2] }),
      "Event: at must be strictly increasing, as time runs from t0 to t1; got at[0] = 3 and at[1] = 2",
    ],
    ["a time that is no number", event({ at: [1, NaN] }), "Event: at[1] must be finite, got NaN"],
    [
      "one after the end",
      event({ at: [1, 5] }),
      "Event: at must lie between t0 = 0 and t1 = 4, got at[1] = 5",
    ],
    [
      "one before the start",
      event({ at: [-1] }),
      "Event: at must lie between t0 = 0 and t1 = 4, got at[0] = -1",
    ],
    ["no list", event({ at: 3 }), "Event: at must be a list of times, got 3"],
    [
      "times alone and a root finder",
      event({ rootFinder: Newton({ rtol: 1, atol: 1 }) }),
      "Event: rootFinder belongs to conditions, and without condFn there are none",
    ],
    [
      "times without a change",
      event({ change: undefined }),
      "Event: with at, change must be a function (t, y, args, index) => y, got null",
    ],
    [
      "times and conditions with one change",
      event({ condFn: decay }),
      "Event: with condFn and at, change must be { at: (t, y, args, index) => y, condFn: … }",
    ],
    [
      "traced times outside of the solve",
      () => jit((t: Scalar) => dosed({}, { at: [t] }).ys)(5),
      "Event: at must lie between t0 and t1, strictly in the order in which time runs",
    ],
    [
      "traced times out of order",
      () => jit((t: Scalar) => dosed({}, { at: [t, 1] }).ys)(3),
      "Event: at must lie between t0 and t1, strictly in the order in which time runs",
    ],
    [
      "traced times that are no numbers",
      () => jit((t: Scalar) => dosed({}, { at: [0, t, 1] }).ys)(NaN),
      "Event: at must lie between t0 and t1, strictly in the order in which time runs",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
