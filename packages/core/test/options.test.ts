// Options are read once, from the record itself, and what was checked is what is used.
import {
  Euler,
  grad,
  jit,
  np,
  PIDController,
  type Scalar,
  SaveAt,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const decay = (_t: number, y: number): number => -y;
const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
const solve = (more: object) => solveParts(decay, Tsit5(), { ...options, ...more });
/** How far the end is from the solution. */
const error = ({ ys }: { readonly ys: Tensor }): number =>
  Math.abs(ys.at(-1).item() - Math.exp(-1));

/** A record with an option that is another one when it is read again. */
function readOnce(record: object, key: string, first: unknown, then: unknown): object {
  let reads = 0;
  return Object.defineProperty({ ...record }, key, {
    enumerable: true,
    get: () => (reads++ === 0 ? first : then),
  });
}

describe("an option behind a getter is read once:", () => {
  const pid = PIDController({ rtol: 1e-8, atol: 1e-8 });
  test.each([
    ["y0", 1, NaN],
    ["t0", 0, 5],
    ["t1", 1, 2],
    ["dt0", 0.1, 7],
    ["args", 1, "two"],
    ["saveat", { ts: [0, 1] }, { ts: [5] }],
    ["stepsizeController", pid, "none"],
    ["maxSteps", 100, 1],
    ["throw", false, 1],
  ])("%s", (key, first, then) => {
    expect(error(solveParts(decay, Tsit5(), readOnce(options, key, first, then)))).toBeLessThan(
      1e-5,
    );
  });

  test.each([
    ["ts", [0.5, 1], [7]],
    ["steps", 5, 1000],
    ["t1", true, 3],
    ["fn", undefined, "none"],
  ])("saveat.%s", (key, first, then) => {
    const saveat = readOnce({ t1: true }, key, first, then);
    expect(error(solve({ saveat }))).toBeLessThan(1e-5);
    const { ys } = solve({ saveat: { subs: [readOnce({ t1: true }, key, first, then)] } });
    expect(error({ ys: (ys as unknown as readonly [Tensor])[0] })).toBeLessThan(1e-5);
  });

  test("those of PIDController", () => {
    const given = readOnce({ rtol: 1e-8, atol: 1e-8 }, "rtol", 1e-8, -1);
    expect(error(solve({ stepsizeController: PIDController(given as never) }))).toBeLessThan(1e-5);
  });
});

describe("what an option inherits is no option:", () => {
  const inherits = (record: object, more: object): object =>
    Object.assign(Object.create(Object.assign(Object.create(null), more)), record);

  test("of diffeqsolve", () => {
    expect(error(solveParts(decay, Tsit5(), inherits(options, { maxSteps: 2 })))).toBeLessThan(
      1e-5,
    );
  });
  test("of saveat", () => {
    expect(solve({ saveat: inherits({ t1: true }, { t0: true }) }).ts.toArray()).toEqual([1]);
  });
  test("of PIDController", () => {
    const made = PIDController(inherits({ rtol: 1e-3, atol: 1e-3 }, { safety: 0.5 }) as never);
    expect(made.safety).toBe(0.9);
  });
});

describe("what was put into Object.prototype is no option:", () => {
  test.each<[string, unknown]>([
    ["maxSteps", 2],
    ["throw", 0],
    ["saveat", { steps: true }],
    ["steps", 3],
    ["safety", 0.1],
  ])("%s", (key, value) => {
    const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-8 });
    const run = (): number[] => [
      ...solve({ saveat: { ts: [0.5, 1] }, stepsizeController }).ys,
      ...solve({}).ys,
    ];
    const clean = run();
    const everywhere = Object.getPrototypeOf({}) as Record<string, unknown>;
    everywhere[key] = value;
    let polluted: number[];
    try {
      polluted = run();
    } finally {
      delete everywhere[key];
    }
    expect(polluted).toEqual(clean);
  });
});

describe("refused:", () => {
  test.each([
    ["throw: 0", { throw: 0 }, "throw must be true or false, got 0"],
    ['throw: "no"', { throw: "no" }, 'throw must be true or false, got "no"'],
    ["throw: null", { throw: null }, "throw must be true or false, got null"],
    ["more steps than can be counted", { maxSteps: 2 ** 31 }, "maxSteps must be below 2³¹"],
    ["maxSteps as a text", { maxSteps: "10" }, "maxSteps must be a whole number above 0, or null"],
    ["a step that needs 2³¹ others", { dt0: 1e-10 }, "dt0 = 1e-10 would need more than 2³¹ steps"],
  ])("%s", (_, more, message) => {
    expect(() => solve({ maxSteps: 2, ...more })).toThrow(`diffeqsolve: ${message}`);
  });

  test("a step inside a trace that needs 2³¹ others", () => {
    const end = (dt0: Scalar): Tensor => solve({ dt0 }).ys.at(0);
    expect(() => jit(end)(1e-10)).toThrow("would need more than 2³¹ steps");
  });

  test("saveat.steps that cannot be counted", () => {
    for (const steps of [2 ** 31, -1, 0.5, NaN, "2", null])
      expect(() => SaveAt({ steps } as never)).toThrow(
        "saveat.steps: expected true, false or a whole",
      );
  });

  test.each([
    ["a vector", (y: Tensor) => np.abs(y)],
    ["a truth value", (y: Tensor) => np.less(np.sum(y), 1)],
    ["nothing", () => undefined],
  ])("a norm that is %s", (_, norm) => {
    const run = (dt0: number | null) => () =>
      solveParts(
        traced((_t: Scalar, y: Tensor) => np.neg(y)),
        Tsit5(),
        {
          ...options,
          dt0,
          y0: Float64Array.of(1, 2),
          stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3, norm: norm as never }),
        },
      );
    for (const dt0 of [0.1, null])
      expect(run(dt0)).toThrow("PIDController: norm must make one number of a tree");
  });
});

test.each([
  { icoeff: 0 },
  { icoeff: 0, pcoeff: 0.3 },
  { icoeff: 0, dcoeff: 0.1 },
  { icoeff: -0.3, pcoeff: 0.3 },
  { icoeff: 0, safety: 1 },
])("PIDController solves with %j", (coefficients) => {
  const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-6, ...coefficients });
  expect(error(solve({ stepsizeController }))).toBeLessThan(1e-5);
});

describe("arrays and trees that cannot be used are told by their reason:", () => {
  const detached = (): Float64Array => {
    const array = Float64Array.of(1, 2);
    structuredClone(array, { transfer: [array.buffer] });
    return array;
  };
  const pair = (_t: number, [a, b]: readonly [number, number]): [number, number] => [-a, -b];

  test("a detached state, detached args, a detached argument", () => {
    const run = (more: object) => () =>
      solveParts(pair, Euler(), { ...options, y0: [1, 2], ...more });
    expect(run({ y0: detached() })).toThrow("y0: this Float64Array is detached");
    expect(run({ args: detached() })).toThrow("this Float64Array is detached");
    expect(() => grad((x: Tensor) => np.sum(x))(detached() as never)).toThrow("detached");
    expect(() => np.sum(detached())).toThrow("detached");
    expect(run({ saveat: { ts: detached() } })).toThrow("saveat.ts: this array is detached");
  });

  test("a tensor whose data was transferred", () => {
    const array = Float64Array.of(1, 2);
    const x = np.tensor(array);
    structuredClone(array, { transfer: [array.buffer] });
    const message = "its memory was transferred";
    expect(() => np.mul(x, 2)).toThrow(message);
    expect(() => jit((y: Tensor) => np.mul(y, 2))(x)).toThrow(message);
    for (const more of [{ y0: x }, { args: x }])
      expect(() => solveParts(pair, Euler(), { ...options, y0: [1, 2], ...more })).toThrow(message);
  });

  test("args that contain themselves", () => {
    const args: Record<string, unknown> = { k: [1] };
    (args["k"] as unknown[]).push(args["k"]);
    expect(() => solve({ args })).toThrow("diffeqsolve: args.k[1]: the tree contains itself here");
  });

  test("things to save that contain themselves", () => {
    const subs: Record<string, unknown> = { end: { t1: true } };
    subs["again"] = [subs];
    expect(() => solve({ saveat: { subs } })).toThrow(
      "saveat.subs.again[0]: what is saved contains itself here",
    );
  });

  test("a tensor of an array that contains itself", () => {
    const rows: unknown[] = [];
    rows.push([rows]);
    expect(() => np.tensor(rows as never)).toThrow("tensor: value[0][0] contains itself");
  });
});
