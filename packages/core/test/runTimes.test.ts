// Times that are known only when a solve runs, in jit or vmap, are checked then.
import {
  BacksolveAdjoint,
  Euler,
  jit,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const decay = (_t: number, y: number): number => -y;
const solved = (options: object, solver: unknown = Tsit5()): Tensor =>
  solveParts(decay, solver, { t0: 0, t1: 1, dt0: 0.1, y0: 1, ...options }).ys;
const backward = { t0: 1, t1: 0, dt0: -0.1 };

const outOfOrder =
  "diffeqsolve: saveat.ts must lie between t0 and t1, in the order in which time runs from one to the other";
const notFinite = "diffeqsolve: t0 and t1 must be finite";
const noStep = "diffeqsolve: dt0 must be finite and lead from t0 to t1";

describe("saveat.ts in jit", () => {
  const saved = (options: object) =>
    jit((ts: Tensor) => solved({ saveat: { ts }, ...options })) as unknown as (
      ts: Float64Array,
    ) => Tensor;

  test.each<[string, object, readonly number[]]>([
    ["with one before t0", {}, [-1, 0.5]],
    ["with one after t1", {}, [0.5, 2]],
    ["unsorted", {}, [0.8, 0.5]],
    ["with one that is no number", {}, [0.1, NaN]],
    ["with one that is infinite", {}, [0.1, Infinity]],
    ["that rise where time runs backward", backward, [0.5, 0.8]],
    ["outside where time runs backward", backward, [0.5, -0.1]],
    ["unsorted, with BacksolveAdjoint()", { adjoint: BacksolveAdjoint() }, [0.8, 0.5]],
    [
      "unsorted, with a controller and without a limit on steps",
      { stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }), maxSteps: null },
      [0.8, 0.5],
    ],
  ])("are refused: %s", (_, options, ts) => {
    const f = saved(options);
    expect(() => f(Float64Array.from(ts))).toThrow(new RangeError(outOfOrder));
    // Neither is it remembered: the same function goes on to solve for good times.
    const good = Float64Array.of(0.5, 0.5);
    expect(f(good).toArray()).toEqual(solved({ saveat: { ts: good }, ...options }).toArray());
  });

  test.each<[string, object, readonly number[]]>([
    ["sorted", {}, [0.15, 0.5, 0.8]],
    ["at both ends", {}, [0, 1]],
    ["twice the same", {}, [0.3, 0.3, 0.7, 0.7]],
    ["falling where time runs backward", backward, [0.8, 0.5, 0]],
  ])("give the solution there: %s", (_, options, ts) => {
    const t0 = options === backward ? 1 : 0;
    const ys = saved(options)(Float64Array.from(ts)).toArray() as number[];
    expect(ys).toEqual(solved({ saveat: { ts }, ...options }).toArray());
    // Steps of 0.1 of order 5 and an interpolant of order 4: C h⁵ within a step, where C is below 1 / 5!.
    for (const [i, t] of ts.entries())
      expect(Math.abs(ys[i]! - Math.exp(t0 - t))).toBeLessThan(0.1 ** 5);
  });
});

describe("ends and first steps in jit", () => {
  type Run = (x: number) => Tensor;
  const withTime = (name: string, options: object = {}): Run =>
    jit((x: Scalar) => solved({ ...options, [name]: x }));

  test.each<[string, Run, number, string]>([
    ["t1 that is NaN", withTime("t1"), NaN, notFinite],
    ["t1 that is infinite", withTime("t1"), Infinity, notFinite],
    ["t0 that is NaN", withTime("t0"), NaN, notFinite],
    ["t0 that is infinite", withTime("t0"), -Infinity, notFinite],
    ["dt0 away from t1", withTime("dt0"), -0.1, noStep],
    ["dt0 away from t1, backward", withTime("dt0", backward), 0.1, noStep],
    ["dt0 without a limit on steps", withTime("dt0", { maxSteps: null }), -0.1, noStep],
    ["dt0 that is 0", withTime("dt0"), 0, noStep],
    ["dt0 that is NaN", withTime("dt0"), NaN, noStep],
    ["dt0 that is infinite", withTime("dt0"), Infinity, noStep],
    ["t1 that a given dt0 leads away from", withTime("t1"), -1, noStep],
  ])("are refused: %s", (_, run, x, message) => {
    expect(() => run(x)).toThrow(new RangeError(message));
  });

  test("give the solution of times known before", () => {
    expect(withTime("t1")(0.75).item()).toBe(solved({ t1: 0.75 }).item());
    expect(withTime("t0")(0.25).item()).toBe(solved({ t0: 0.25 }).item());
    expect(withTime("dt0")(0.03).item()).toBe(solved({ dt0: 0.03 }).item());
    // One function for both directions of time.
    const run = jit((t1: Scalar, dt0: Scalar) => solved({ t1, dt0 }));
    expect(run(1, 0.1).at(0).item()).toBeCloseTo(Math.exp(-1), 7);
    expect(run(-1, -0.1).at(0).item()).toBeCloseTo(Math.exp(1), 6);
  });

  test("need no direction where t0 is t1: nothing is solved", () => {
    const nowhere = jit((t1: Scalar, dt0: Scalar) => solved({ t1, dt0 }, Euler()));
    for (const dt0 of [0.1, -0.1, 0]) expect(nowhere(0, dt0).toArray()).toEqual([1]);
    expect(withTime("t1")(0).toArray()).toEqual([1]);
  });
});

describe("times in vmap", () => {
  const over = vmap((ts: Tensor) => solved({ saveat: { ts } })) as unknown as (
    ts: Tensor,
  ) => Tensor;

  test("are refused if those of one element are", () => {
    const rows = [
      [0.1, 0.2],
      [0.4, 0.3],
    ];
    expect(() => over(np.tensor(rows))).toThrow(new RangeError(outOfOrder));
    expect(() => vmap((t1: Scalar) => solved({ t1 }))(Float64Array.of(1, NaN))).toThrow(
      new RangeError(notFinite),
    );
    expect(() => vmap((dt0: Scalar) => solved({ dt0 }))(Float64Array.of(0.1, -0.1))).toThrow(
      new RangeError(noStep),
    );
  });

  test("give each element the solution at its own", () => {
    const rows = [
      [0.1, 0.2],
      [0.3, 1],
    ];
    expect(over(np.tensor(rows)).toArray()).toEqual(
      rows.map((ts) => solved({ saveat: { ts } }).toArray()),
    );
    const ends = [0, 0.25, 1, 2];
    const batch = vmap((t1: Scalar) => solved({ t1 }).at(0))(Float64Array.from(ends));
    expect([...batch]).toEqual(ends.map((t1) => solved({ t1 }).at(0).item()));
  });
});
