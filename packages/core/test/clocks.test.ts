// Times of every size and direction: intervals of no length, short and late ones, and the dtype in which times are compared.
import {
  BacksolveAdjoint,
  diffeqsolve,
  Euler,
  grad,
  jit,
  np,
  PIDController,
  type Scalar,
  StepTo,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

type Solve = (options: object) => {
  readonly ys: Tensor;
  readonly ts: Tensor;
  readonly stats: { readonly numSteps: number };
};

const solver =
  (f: (t: number, y: number, args: never) => number, method: unknown = Euler()): Solve =>
  (options) =>
    solveParts(f, method, options);
const growth = solver((_t, y) => y);
const single = (x: number): Tensor => np.tensor(x, { dtype: "float32" });

describe("constant steps go on from", () => {
  /** From `t0` to `t1`, and on to `t2` in ten steps of 0.1, in these directions. */
  const goOn =
    (direction: number, first: number) =>
    (t0: Scalar | number, t1: Scalar | number, t2: Scalar | number) => {
      const { controllerState } = growth({
        t0,
        t1,
        dt0: first * 0.1,
        y0: 1,
        saveat: { t1: true, controllerState: true },
      }) as unknown as { controllerState: unknown };
      const { ts, stats } = growth({
        t0: t1,
        t1: t2,
        dt0: direction * 0.1,
        y0: 1,
        controllerState,
        saveat: { steps: true },
        throw: false,
        maxSteps: 30,
      });
      return [ts, stats.numSteps] as const;
    };

  test.each([
    ["a point, forward", 1, 1, [1, 1, 2]],
    ["a point, backward", -1, -1, [1, 1, 0]],
    ["a point to which a step backward led, forward", 1, -1, [1, 1, 2]],
    ["a point to which a step forward led, backward", -1, 1, [1, 1, 0]],
    ["a point to zero", 1, 1, [-1, -1, 0]],
    ["an interval, forward", 1, 1, [0, 1, 2]],
    ["an interval, backward", -1, -1, [3, 2, 1]],
    ["where they turn round", -1, 1, [0, 1, 0]],
    ["where they turn round again", 1, -1, [1, 0, 1]],
    ["a point late on the clock", 1, 1, [1e6, 1e6, 1e6 + 1]],
  ] as const)("%s", (_, direction, first, [t0, t1, t2]) => {
    const alone = goOn(direction, first);
    for (const run of [alone, jit(alone as never) as unknown as typeof alone]) {
      const [ts, numSteps] = run(t0, t1, t2);
      expect(Number(numSteps as unknown)).toBe(10);
      const ends = [...ts].slice(0, 10);
      // Ten roundings of the times.
      for (const [i, t] of ends.entries())
        expect(Math.abs(t - (t1 + direction * 0.1 * (i + 1)))).toBeLessThan(
          1e-15 * (10 + Math.abs(10 * t1)),
        );
    }
  });
});

describe("BacksolveAdjoint with times saved twice", () => {
  test.each([
    ["the end, backward", -1, [-1], { t1: true }],
    ["the end, forward", 1, [1], { t1: true }],
    ["one in the middle, backward", -1, [-0.5, -0.5, -1], {}],
    ["the start, forward", 1, [0, 0, 1], { t0: true }],
  ] as const)("%s", (_, sign, ts, more) => {
    const sum = (adjoint: object) => (y0: Scalar, k: Scalar) =>
      np.sum(
        solver((_t, y, r) => r * y)({
          t0: 0,
          t1: sign,
          dt0: 0.001 * sign,
          y0,
          args: k,
          ...adjoint,
          saveat: { ts, ...more },
        }).ys,
      );
    const slopes = (adjoint: object): number[] =>
      [
        ...(grad(sum(adjoint) as never, { argnums: [0, 1] } as never)(1 as never, 0.7) as never),
      ].map(Number);
    const [back, direct] = [slopes({ adjoint: BacksolveAdjoint() }), slopes({})];
    // Euler's steps of a thousandth, forward and back.
    for (const [i, x] of back.entries()) expect(Math.abs(x / direct[i]! - 1)).toBeLessThan(2e-3);
  });
});

describe("an interval of any length is solved in its own steps:", () => {
  test.each([1e-30, 9e-38, 1e-40, 1e-290])("%s", (tau) => {
    for (const [t0, t1] of [
      [0, tau],
      [tau, 0],
      [-tau, 0],
      [tau, 2 * tau],
    ] as const) {
      const sign = Math.sign(t1 - t0);
      const decay = solver((_t, y, { rate }: { rate: number }) => -y * rate);
      const options = { t0, t1, y0: 1, args: { rate: sign / tau } };
      const constant = decay({ ...options, dt0: (sign * tau) / 1000 });
      expect(Math.abs(constant.stats.numSteps - 1000)).toBeLessThan(2);
      expect(constant.ys.at(0).item()).toBeCloseTo(0.999 ** 1000, 12);
      const adaptive = solver(
        (_t, y, { rate }: { rate: number }) => -y * rate,
        Tsit5(),
      )({
        ...options,
        dt0: (sign * tau) / 1000,
        stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-10 }),
      });
      expect(adaptive.ys.at(0).item()).toBeCloseTo(Math.exp(-1), 7);
    }
  });
});

describe("the first step that is chosen can be told from the start:", () => {
  const filling = solver((_t, y, k: number) => 1 - k * y, Tsit5());
  const rate = 1e-3;
  test.each([
    ["milliseconds since 1970", 1.7e12, 1000, 0],
    ["milliseconds since 1970, backward", 1.7e12, -1000, 0],
    ["seconds since 1970", 1.7e9, 1000, 0],
    ["before zero", -1.7e12, 1000, 0],
    ["float32, from 8192", 8192, 1000, single(0)],
    ["float32, from 8192 backward", 8192, -1000, single(0)],
  ] as const)("%s", (_, t0, length, y0) => {
    const stepsizeController = PIDController({ rtol: 1e-5, atol: 1e-5 });
    const options = { t0, t1: t0 + length, dt0: null, y0, args: rate, stepsizeController };
    const wanted = (1 - Math.exp(-rate * length)) / rate;
    expect(Math.abs(filling(options).ys.at(0).item() / wanted - 1)).toBeLessThan(1e-3);
  });
});

test.each([
  ["shorter than the numbers there are apart", { t0: 1e17, t1: 1e17 + 64, dt0: 1, y0: 1 }],
  ["backward", { t0: 1e17 + 64, t1: 1e17, dt0: -1, y0: 1 }],
  ["in float32", { t0: 1e9, t1: 1e9 + 1024, dt0: 1, y0: np.tensor(1, { dtype: "float32" }) }],
  ["over so few that the end is near at once", { t0: 1e17, t1: 1e17 + 64, dt0: 16, y0: 1 }],
  ["of a clock in milliseconds", { t0: 1.8e12, t1: 1.8e12 + 0.01, dt0: 1e-4, y0: 1 }],
])("constant steps %s are refused", (_, options) => {
  expect(() => solveParts((_t: number, y: number) => -y, Tsit5(), options)).toThrow(
    /steps of dt0 = .* cannot be told apart .*float.* are .* apart; let time begin at 0/,
  );
});

test("one constant step may be as short as the numbers there are apart", () => {
  const options = { t0: 1e17, t1: 1e17 + 16, dt0: 16, y0: 1 };
  expect(
    diffeqsolve((_t) => 1, Tsit5(), options)
      .ys.at(0)
      .item(),
  ).toBeCloseTo(17, 12);
});

describe("times are compared in the dtype of the solve:", () => {
  const decay = solver((_t, y) => -y, Tsit5());

  test.each([0.1, 0.3, 1.1, 10.1])("saveat.ts in float32 up to %s", (t1) => {
    const ts = np.linspace(0, t1, 4, { dtype: "float32" });
    const run = (end: Scalar | number): Tensor =>
      decay({ t0: 0, t1: end, dt0: 0.01, y0: single(1), saveat: { ts } }).ys;
    const ends = [run(t1), (jit(run as never) as unknown as typeof run)(t1)];
    for (const ys of ends) expect(ys.at(-1).item()).toBeCloseTo(Math.exp(-t1), 5);
  });

  test("those of a backward solve too", () => {
    const ts = np.linspace(0.1, 0, 4, { dtype: "float32" });
    const { ys } = decay({ t0: 0.1, t1: 0, dt0: -0.01, y0: single(1), saveat: { ts } });
    expect(ys.at(-1).item()).toBeCloseTo(Math.exp(0.1), 5);
  });

  test("those of StepTo too", () => {
    for (const ts of [[0, 0.05, 0.1], Float32Array.of(0, 0.05, 0.1)]) {
      const { ys } = decay({
        t0: 0,
        t1: 0.1,
        dt0: null,
        y0: single(1),
        stepsizeController: StepTo({ ts }),
      });
      expect(ys.at(0).item()).toBeCloseTo(Math.exp(-0.1), 5);
    }
  });

  test("what is too large or too small for float32 is said so", () => {
    const run = (options: object) => () =>
      decay({ t0: 0, t1: 1, dt0: 0.1, y0: single(1), ...options });
    expect(run({ t1: 1e39 })).toThrow("t1 must be finite, got 1e+39, which is infinite in float32");
    expect(run({ dt0: 1e-60 })).toThrow("dt0 must not be 0, as 1e-60 is in float32");
  });
});

test("the start that a dense solution keeps is a copy", () => {
  const y0 = Float64Array.of(1);
  const options = { t0: 0, t1: 0, dt0: 0.1, y0, saveat: { dense: true } } as const;
  const field = traced((_t: Scalar, y: Tensor) => y);
  const solution = solveParts(field, Euler(), options);
  y0[0] = 2;
  expect(solution.evaluate(0).toArray()).toEqual([1]);
});
