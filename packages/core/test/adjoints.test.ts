import {
  adjointRmsSeminorm,
  BacksolveAdjoint,
  DirectAdjoint,
  diffeqsolve,
  Dopri5,
  Euler,
  ForwardMode,
  ImplicitAdjoint,
  grad,
  jacfwd,
  jit,
  jvp,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Adjoint } from "@diffrax-ts/protocol";
import { leaves } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const tight = PIDController({ rtol: 1e-10, atol: 1e-10 });
const lotkaVolterra = (
  _t: number,
  [x, y]: readonly [number, number],
  { a, b, c, d }: { a: number; b: number; c: number; d: number },
) => [a * x - b * x * y, d * x * y - c * y] as const;
const place = { y0: [8, 3], args: { a: 1.1, b: 0.4, c: 0.4, d: 0.1 } } as const;
type Place = { y0: readonly [Scalar, Scalar]; args: Record<"a" | "b" | "c" | "d", Scalar> };

/** A loss of a solve that passes through several saved times. */
const lossWith =
  (adjoint?: Adjoint, options: object = {}) =>
  ({ y0, args }: Place): Scalar => {
    const { ys } = solveParts<readonly [Tensor, Tensor]>(lotkaVolterra, Dopri5(), {
      t0: 0,
      t1: 2,
      dt0: 0.05,
      y0,
      args,
      saveat: { ts: [0.5, 1.1, 2] },
      stepsizeController: tight,
      ...(adjoint === undefined ? {} : { adjoint }),
      ...options,
    });
    return np.sum(np.mul(ys[0], ys[1]));
  };

const numbersOf = (tree: unknown): number[] =>
  leaves(tree).map((leaf) => (typeof leaf === "number" ? leaf : (leaf as Tensor).item()));
const gradientWith = (adjoint?: Adjoint, options?: object): number[] =>
  numbersOf(grad(lossWith(adjoint, options) as never)(place as never));

describe("every adjoint gives the gradient of the default", () => {
  const expected = gradientWith();
  // The steps are the same ones, remembered in other ways: equal but for the order of sums.
  test.each([
    [
      "RecursiveCheckpointAdjoint({ checkpoints: 1 })",
      RecursiveCheckpointAdjoint({ checkpoints: 1 }),
    ],
    [
      "RecursiveCheckpointAdjoint({ checkpoints: 7 })",
      RecursiveCheckpointAdjoint({ checkpoints: 7 }),
    ],
    ["DirectAdjoint()", DirectAdjoint()],
  ])("%s", (_, adjoint) => {
    expect(gradientWith(adjoint)).toEqual(expected);
  });

  test("ForwardMode(), in forward mode", () => {
    const gradient = numbersOf(jacfwd(lossWith(ForwardMode()) as never)(place as never));
    expect(gradient.length).toBe(expected.length);
    for (const [i, x] of gradient.entries())
      expect(Math.abs(x / expected[i]! - 1)).toBeLessThan(1e-12);
  });

  // Two solves at tolerances of 1e-10, through which errors grow a few hundred times.
  test.each([
    ["BacksolveAdjoint()", BacksolveAdjoint()],
    ["BacksolveAdjoint({ solver })", BacksolveAdjoint({ solver: Tsit5() })],
    [
      "BacksolveAdjoint() with a seminorm",
      BacksolveAdjoint({
        stepsizeController: PIDController({ rtol: 1e-10, atol: 1e-10, norm: adjointRmsSeminorm }),
      }),
    ],
  ])("%s", (_, adjoint) => {
    const gradient = gradientWith(adjoint);
    expect(gradient.length).toBe(expected.length);
    for (const [i, x] of gradient.entries())
      expect(Math.abs(x / expected[i]! - 1)).toBeLessThan(1e-7);
  });

  test.each([
    ["without a limit on steps", { maxSteps: null }],
    ["saving the start too", { saveat: { t0: true, ts: [0.5, 2] } }],
    ["saving the end alone", { saveat: { t1: true } }],
    ["saving the start alone", { saveat: { t0: true } }],
    ["backward in time", { t0: 2, t1: 0, dt0: -0.05, saveat: { ts: [1.5, 0.5] } }],
    ["from a first step that is chosen", { dt0: null }],
  ])("BacksolveAdjoint() %s", (_, options) => {
    const wanted = gradientWith(undefined, options);
    const gradient = gradientWith(BacksolveAdjoint(), options);
    expect(gradient.length).toBe(wanted.length);
    for (const [i, x] of gradient.entries())
      expect(Math.abs(x - wanted[i]!)).toBeLessThanOrEqual(1e-7 * Math.abs(wanted[i]!));
  });
});

test("an adjoint changes no bit of the solution", () => {
  const expected = jit(lossWith())(place).item();
  for (const adjoint of [DirectAdjoint(), ForwardMode(), BacksolveAdjoint()])
    expect(jit(lossWith(adjoint))(place as never).item()).toBe(expected);
});

test("a gradient by BacksolveAdjoint() can be differentiated again, and batched", () => {
  const end = (adjoint: Adjoint | undefined) => (rate: Scalar) =>
    diffeqsolve((t, y, k) => -k * y * y, Tsit5(), {
      t0: 0,
      t1: 1,
      dt0: 0.1,
      y0: 1,
      args: rate,
      stepsizeController: tight,
      ...(adjoint === undefined ? {} : { adjoint }),
    }).ys.at(0);
  // y(1) = 1 / (1 + k), whose second derivative is 2 / (1 + k)³
  const second = grad((rate: Scalar) => grad(end(BacksolveAdjoint()))(rate));
  expect(second(1)).toBeCloseTo(0.25, 7);
  const batch = vmap((rate: Scalar) => grad(end(BacksolveAdjoint()))(rate));
  const slopes = [...batch(Float64Array.of(0.5, 1, 2))];
  for (const [i, k] of [0.5, 1, 2].entries()) expect(slopes[i]).toBeCloseTo(-((1 + k) ** -2), 8);
});

test("a number of the term's parameters that is an integer tensor stays as it is", () => {
  const field = traced(
    (_t: Scalar, y: Scalar, _args: unknown, { rate, power }: { rate: Scalar; power: Tensor }) =>
      np.mul(rate, np.mul(y, np.astype(power, "float64"))),
  );
  const power = np.full([], 2, { dtype: "int32" });
  const end = (rate: Scalar) =>
    (
      diffeqsolve(ODETerm(field, { rate, power }), Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 1,
        stepsizeController: tight,
        adjoint: BacksolveAdjoint(),
      }).ys as unknown as Tensor
    ).at(0) as Scalar;
  expect(grad(end)(0.5)).toBeCloseTo(2 * Math.E, 8);
});

describe("a sum of terms", () => {
  const half = ODETerm(traced((_t: Scalar, y: Scalar, k: Scalar) => np.mul(np.mul(y, k), -0.5)));
  const sum = MultiTerm(half, half);
  const end = (options: object) => (k: Scalar) =>
    solveParts(sum, Tsit5(), { t0: 0, t1: 1, dt0: 0.05, y0: 1, args: k, ...options }).ys.at(
      0,
    ) as Scalar;

  test("has the gradient of the term that it is", () => {
    for (const options of [{}, { adjoint: DirectAdjoint() }, { adjoint: BacksolveAdjoint() }])
      expect(grad(end(options))(2)).toBeCloseTo(-Math.exp(-2), 7);
  });

  test("has that of its steady state with ImplicitAdjoint()", () => {
    const pull = ODETerm(traced((_t: Scalar, _y: Scalar, k: Scalar) => k));
    const rest = (k: Scalar): Scalar =>
      solveParts(
        MultiTerm(pull, ODETerm(traced((_t: Scalar, y: Scalar) => np.neg(np.mul(y, y))))),
        Tsit5(),
        {
          t0: 0,
          t1: 40,
          dt0: 0.1,
          y0: 1,
          args: k,
          adjoint: ImplicitAdjoint(),
        },
      ).ys.at(0) as Scalar;
    expect(grad(rest)(4)).toBeCloseTo(1 / 4, 10);
  });

  test("is taken by BacksolveAdjoint(), and lists of terms are refused", () => {
    const adjoint = BacksolveAdjoint();
    const forTwo = { ...Tsit5(), termStructure: ["term", "term"] };
    expect(() =>
      solveParts([half, half], forTwo, { t0: 0, t1: 1, dt0: 0.1, y0: [1, 1], adjoint }),
    ).toThrow("cannot be used with a solver that takes several terms");
    const backward = BacksolveAdjoint({ solver: forTwo as never });
    expect(() => end({ adjoint: backward })(np.tensor(1))).toThrow(
      "cannot be used with a solver that takes several terms",
    );
  });
});

describe("what cannot be differentiated is refused, with the reason and the way out:", () => {
  const solve = (options: object) =>
    solveParts<readonly [Tensor, Tensor]>(lotkaVolterra, Tsit5(), {
      t0: 0,
      t1: 1,
      dt0: 0.1,
      ...place,
      ...options,
    });
  const backsolve = BacksolveAdjoint();

  test.each([
    ["saveat.steps", { saveat: { steps: true } }],
    ["saveat.dense", { saveat: { dense: true } }],
    ["saveat.fn", { saveat: { t1: true, fn: (_t: number, y: readonly number[]) => y[0] } }],
    ["saveat.subs", { saveat: { subs: { a: { t1: true }, b: { t0: true } } } }],
  ])("BacksolveAdjoint() with %s, even where nothing is differentiated", (name, options) => {
    expect(() => solve({ ...options, adjoint: backsolve })).toThrow(
      `diffeqsolve: adjoint: BacksolveAdjoint() cannot be used with ${name}; `,
    );
  });

  test.each(["t0", "t1", "dt0"])("%s with BacksolveAdjoint()", (name) => {
    const end = (x: Scalar) => solve({ [name]: x, adjoint: backsolve }).ys[0].at(0) as Scalar;
    expect(() => grad(end)(0.1)).toThrow(
      `diffeqsolve: adjoint: BacksolveAdjoint() has no derivative with respect to ${name}, only`,
    );
  });

  test("ts with BacksolveAdjoint()", () => {
    const end = (ts: Tensor) => solve({ saveat: { ts }, adjoint: backsolve }).ys[0].at(0) as Scalar;
    expect(() => grad(end)(Float64Array.of(0.5, 1) as never)).toThrow(
      "BacksolveAdjoint() has no derivative with respect to saveat.ts, only",
    );
  });

  test("what the vector field takes from outside, with BacksolveAdjoint(); as params it has a gradient", () => {
    const run = (term: unknown): Scalar =>
      solveParts(term, Euler(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: Float64Array.of(1),
        adjoint: backsolve,
      }).ys.at(0, 0) as Scalar;
    const fromOutside = (weights: Tensor) =>
      run(ODETerm(traced((_t: Scalar, y: Tensor) => np.tanh(np.mul(weights.at(0), y)))));
    expect(() => grad(fromOutside)(Float64Array.of(1, 2) as never)).toThrow(
      "a float64[2] that the vector field takes from outside is being differentiated; BacksolveAdjoint() has gradients with " +
        "respect to y0, args and the parameters in the term only: pass it in args, or as ODETerm(vf, params)",
    );
    const field = traced((_t: Scalar, y: Tensor, _args: unknown, weights: Tensor) =>
      np.tanh(np.mul(weights.at(0), y)),
    );
    const inTerm = (weights: Tensor) => run(ODETerm(field, weights));
    const [slope, other] = grad(inTerm)(Float64Array.of(1, 2) as never) as unknown as Float64Array;
    expect(slope).toBeGreaterThan(0);
    expect(other).toBe(0);
  });

  test("what the vector field takes from outside may be a constant, with BacksolveAdjoint()", () => {
    const end = (rate: Scalar, factor: Scalar) =>
      (
        diffeqsolve(
          traced((_t: Scalar, y: Scalar, k: Scalar) => np.mul(np.mul(k, factor), y)),
          Tsit5(),
          {
            t0: 0,
            t1: 1,
            dt0: 0.1,
            y0: 1,
            args: rate,
            stepsizeController: tight,
            adjoint: backsolve,
          },
        ).ys as unknown as Tensor
      ).at(0) as Scalar;
    expect(grad(end as never)(0.5 as never, 2)).toBeCloseTo(2 * Math.E, 8);
  });

  test("anything of the solution but ys, with BacksolveAdjoint()", () => {
    const times = (y0: readonly Scalar[]) => {
      const { ts, ys } = solve({ y0, adjoint: backsolve });
      return np.add(ts.at(0), ys[0].at(0)) as Scalar;
    };
    // ts does not depend on y0, but how it does is not known of a solve with a rule of its own
    expect(() => grad(times as never)([1, 2] as never)).toThrow(
      "with BacksolveAdjoint() only solution.ys can be differentiated",
    );
  });

  test("reverse mode, with ForwardMode()", () => {
    expect(() => gradientWith(ForwardMode())).toThrow(
      "diffeqsolve: adjoint: ForwardMode() cannot be differentiated backwards (grad, vjp, jacrev); use jvp or jacfwd, or",
    );
  });

  test("an option of another name", () => {
    expect(() => BacksolveAdjoint({ tolerance: 1 } as never)).toThrow(
      "BacksolveAdjoint: there is no option tolerance, only dt0, solver, stepsizeController, adjoint, maxSteps, throw",
    );
    expect(() => RecursiveCheckpointAdjoint({ checkpoint: 1 } as never)).toThrow(
      "RecursiveCheckpointAdjoint: there is no option checkpoint, only checkpoints",
    );
    expect(() => ImplicitAdjoint({ solver: 1 } as never)).toThrow(
      "ImplicitAdjoint: there is no option solver, only linearSolver, tags",
    );
  });

  test.each([0, -1, 1.5, NaN])("%d checkpoints", (checkpoints) => {
    expect(() => RecursiveCheckpointAdjoint({ checkpoints })).toThrow(
      `RecursiveCheckpointAdjoint: checkpoints must be a whole number above 0, or null, got ${checkpoints}`,
    );
  });

  test("an adjoint that was not called, and something else", () => {
    expect(() => solve({ adjoint: BacksolveAdjoint })).toThrow(
      "diffeqsolve: adjoint is the function BacksolveAdjoint; call it: BacksolveAdjoint()",
    );
    expect(() => solve({ adjoint: "backsolve" })).toThrow(
      "diffeqsolve: adjoint must be one such as",
    );
  });
});

test("forward mode goes through BacksolveAdjoint() too, by the transpose of its way back", () => {
  // The leaves come in the order of sorted keys: args.a to args.d, y0[0], y0[1].
  const { tangent } = jvp(
    lossWith(BacksolveAdjoint()) as never,
    [place],
    [{ y0: [1, 0], args: { a: 0, b: 0, c: 0, d: 0 } }],
  );
  expect((tangent as Scalar).item()).toBeCloseTo(gradientWith()[4]!, 6);
});
