import {
  AutoLinearSolver,
  BandedLU,
  BiCGStab,
  CG,
  GMRES,
  linearSolve,
  type LinearTags,
  type LinearSolver,
  LU,
  QR,
  SVD,
  Triangular,
} from "@diffrax-ts/linear-solvers";
import {
  diffeqsolve,
  Event,
  grad,
  hessian,
  ImplicitAdjoint,
  jacfwd,
  jit,
  jvp,
  Kvaerno3,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  type Scalar,
  steadyStateEvent,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

/** The toggle switch of Gardner et al. 2000, with a steady state at which each protein holds the other down. */
const toggle = (
  _t: number,
  [u, v]: readonly [number, number],
  { a1, a2, d1, d2 }: Record<"a1" | "a2" | "d1" | "d2", number>,
) => [a1 / (1 + v ** 2) - d1 * u, a2 / (1 + u ** 2) - d2 * v] as const;
const args = { a1: 5, a2: 1.5, d1: 1, d2: 0.8 };
type Rates = Record<keyof typeof args, Scalar>;
const controller = PIDController({ rtol: 1e-11, atol: 1e-11 });

const restWith =
  (options: object) =>
  (given: Rates): readonly [Scalar, Scalar] => {
    const { ys } = solveParts<readonly [Tensor, Tensor]>(toggle, Tsit5(), {
      t0: 0,
      t1: 60,
      dt0: 0.1,
      y0: [1, 0.5],
      args: given,
      stepsizeController: controller,
      ...options,
    });
    return [ys[0].at(0) as Scalar, ys[1].at(0) as Scalar];
  };
const sumSquares = (options: object) => (given: Rates) => {
  const [u, v] = restWith(options)(given);
  return np.add(np.mul(u, u), np.mul(v, v)) as Scalar;
};
const implicit = { adjoint: ImplicitAdjoint() };

describe("ImplicitAdjoint() of a steady state", () => {
  // By t = 60 what is left of the start is below 1e-11, and so is the error of the state. Each derivative makes that up to
  // some hundreds of times larger: so curved is the place where this switch rests.
  test("has the gradient of the steps, backwards and forwards", () => {
    const expected = grad(sumSquares({}) as never)(args as never) as unknown as typeof args;
    const backwards = grad(sumSquares(implicit) as never)(args as never) as unknown as typeof args;
    const forwards = jacfwd(sumSquares(implicit) as never)(args as never) as unknown as Rates;
    for (const key of Object.keys(args) as (keyof typeof args)[]) {
      expect(backwards[key] / expected[key]).toBeCloseTo(1, 8);
      expect(forwards[key].item()).toBeCloseTo(backwards[key], 12);
    }
  });

  test("has their second derivatives too", () => {
    const read = (options: object): number[] => {
      const rows = hessian(sumSquares(options) as never)(args as never) as unknown as Record<
        string,
        typeof args
      >;
      return Object.values(rows).flatMap((row) => Object.values(row));
    };
    const expected = read({});
    const found = read(implicit);
    expect(found.length).toBe(expected.length);
    for (const [i, x] of expected.entries()) expect(found[i]! / x).toBeCloseTo(1, 7);
  });

  test("has no derivative with respect to the start", () => {
    const fromStart = (y0: Tensor) =>
      np.sum(
        solveParts(
          traced((_t: Scalar, y: Tensor) => np.sub(1, y)),
          Tsit5(),
          {
            t0: 0,
            t1: 60,
            dt0: 0.1,
            y0,
            stepsizeController: controller,
            ...implicit,
          },
        ).ys,
      );
    expect(grad(fromStart)(Float64Array.of(3, 4) as never)).toEqual(Float64Array.of(0, 0));
  });

  test("has a gradient with respect to the parameters in a term, for a state of several arrays", () => {
    // x' = A (b - x), s' = |b|² - s: at rest x = b and s = |b|².
    const field = traced(
      (
        _t: Scalar,
        { x, s }: { x: Tensor; s: Scalar },
        _args: unknown,
        { a, b }: { a: Tensor; b: Tensor },
      ) => ({ x: np.matmul(a, np.sub(b, x)), s: np.sub(np.dot(b, b), s) }),
    );
    const total = (b: Tensor) => {
      const a = np.tensor([
        [1, 0.5],
        [-0.5, 2],
      ]);
      const { ys } = solveParts<{ x: Tensor; s: Tensor }>(ODETerm(field, { a, b }), Tsit5(), {
        t0: 0,
        t1: 60,
        dt0: 0.1,
        y0: { x: np.zeros([2]), s: 0 },
        stepsizeController: controller,
        ...implicit,
      });
      return np.add(np.sum(ys.x), ys.s.at(0)) as Scalar;
    };
    const gradient = [...(grad(total)(Float64Array.of(2, -3) as never) as unknown as Float64Array)];
    for (const [i, x] of [1 + 2 * 2, 1 - 2 * 3].entries()) expect(gradient[i]).toBeCloseTo(x, 10);
  });

  test("goes with vmap", () => {
    const slope = vmap((a: Scalar) =>
      grad((x: Scalar) =>
        diffeqsolve((t, y, k) => k - y * y, Tsit5(), {
          t0: 0,
          t1: 40,
          dt0: 0.1,
          y0: 1,
          args: x,
          stepsizeController: controller,
          ...implicit,
        }).ys.at(0),
      )(a),
    );
    const slopes = [...slope(Float64Array.of(1, 4, 9))];
    for (const [i, x] of [1 / 2, 1 / 4, 1 / 6].entries()) expect(slopes[i]).toBeCloseTo(x, 10);
  });

  test("has that of a sum of terms, with what each of them takes from args and has for itself", () => {
    // x' = (a - x) + p x, at rest at a / (1 - p).
    const rest = ({ a, p }: Record<"a" | "p", Scalar>) => {
      const drift = ODETerm((_t: number, x: number, k: number) => k - x);
      const growth = ODETerm(
        (_t: number, x: number, _k: number, rate: number) => rate * x,
        p as never,
      );
      return solveParts(MultiTerm(drift, growth), Tsit5(), {
        t0: 0,
        t1: 60,
        dt0: 0.1,
        y0: 1,
        args: a,
        stepsizeController: controller,
        ...implicit,
      }).ys.at(0) as Scalar;
    };
    const gradient = grad(rest as never)({ a: 3, p: 0.5 } as never) as unknown as typeof args;
    for (const [key, x] of Object.entries({ a: 2, p: 12 }))
      expect(gradient[key as never]).toBeCloseTo(x, 9);
  });

  test("is, in a field that goes on in time, that of the state at the end", () => {
    // x' = a + sin(t / 1000) - x follows a + sin(t / 1000) with a lag of 0.001.
    const end = (a: Scalar) =>
      diffeqsolve((t, y, k) => k * k + Math.sin(t / 1000) - y, Tsit5(), {
        t0: 0,
        t1: -60,
        dt0: -0.1,
        y0: 1,
        args: a,
        stepsizeController: controller,
        maxSteps: 10,
        throw: false,
        ...implicit,
      }).ys.at(0);
    expect(grad(end)(2)).toBeCloseTo(4, 12);
  });

  test("is the same inside jit, and forwards over backwards", () => {
    const slope = grad(sumSquares(implicit) as never) as unknown as (given: Rates) => Rates;
    const inside = jit(slope)(args);
    const outside = slope(args as never) as unknown as typeof args;
    const ones = { a1: 1, a2: 0, d1: 0, d2: 0 };
    const row = jvp(slope, [args] as never, [ones] as never).tangent;
    const second = hessian(sumSquares(implicit) as never)(args as never) as unknown as {
      readonly a1: typeof args;
    };
    for (const key of Object.keys(args) as (keyof typeof args)[]) {
      expect(inside[key].item()).toBe(outside[key]);
      expect(row[key].item()).toBeCloseTo(second.a1[key], 8);
    }
  });
});

/** Heat that flows along a rod of `n` cells, held at 0 on the left and lost on the right, with a source in each: `A x + b = 0` at rest. */
const n = 12;
const rod = traced((_t: Scalar, x: Tensor, source: Tensor) => {
  const left = np.concatenate([np.zeros([1], { dtype: x.dtype }), np.slice(x, [0, n - 1])]);
  const right = np.concatenate([np.slice(x, [1, n]), np.mul(0.5, np.slice(x, [n - 1, n]))]);
  return np.add(np.sub(np.add(left, right), np.mul(2, x)), source);
});
const rodAtRest =
  (adjoint: ReturnType<typeof ImplicitAdjoint>, field: unknown = rod) =>
  (source: Tensor) => {
    const weights = np.arange(1, n + 1);
    const { ys } = solveParts(field, Tsit5(), {
      t0: 0,
      t1: 4000,
      dt0: 0.1,
      y0: np.zeros([n], { dtype: source.dtype as "float64" }),
      args: source,
      stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-8 }),
      maxSteps: 100_000,
      adjoint,
    });
    return np.sum(np.mul(ys, np.astype(weights, source.dtype)));
  };
/** The gradient of the sum of the cells times 1, 2, …: by the transposed matrix, which is -Aᵀ. */
const expectedGradient = (): number[] => {
  const matrix = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_x, j) => {
      if (i === j) return i === n - 1 ? 1.5 : 2;
      return Math.abs(i - j) === 1 ? -1 : 0;
    }),
  );
  return linearSolve(np.tensor(matrix), np.arange(1, n + 1)).value.toArray();
};

const ways: readonly (readonly [string, LinearSolver, LinearTags])[] = [
  ["LU()", LU(), []],
  ["QR()", QR(), []],
  ["SVD()", SVD(), []],
  ["BandedLU({ lower: 1, upper: 1 })", BandedLU({ lower: 1, upper: 1 }), []],
  ["GMRES()", GMRES({ rtol: 1e-10, atol: 1e-10 }), []],
  ["BiCGStab()", BiCGStab({ rtol: 1e-10, atol: 1e-10 }), []],
  ["CG(), negative semidefinite", CG({ rtol: 1e-10, atol: 1e-10 }), "negativeSemidefinite"],
  ["the default, tridiagonal", AutoLinearSolver(), "tridiagonal"],
  ["the default, symmetric and tridiagonal", AutoLinearSolver(), ["symmetric", "tridiagonal"]],
  ["the default, negative semidefinite", AutoLinearSolver(), "negativeSemidefinite"],
  ["AutoLinearSolver({ wellPosed: false })", AutoLinearSolver({ wellPosed: false }), []],
];

describe("ImplicitAdjoint({ linearSolver, tags })", () => {
  test.each(ways)("solves with %s", (_name, linearSolver, tags) => {
    const gradient = grad(rodAtRest(ImplicitAdjoint({ linearSolver, tags })))(
      new Float64Array(n).fill(1) as never,
    ) as unknown as Float64Array;
    // The matrix has a condition number of 200, and iterative solvers stop at 1e-10.
    for (const [i, x] of expectedGradient().entries()) expect(gradient[i]! / x).toBeCloseTo(1, 7);
  });

  test("works in float32", () => {
    const gradient = grad(rodAtRest(ImplicitAdjoint({ tags: "tridiagonal" })))(
      new Float32Array(n).fill(1) as never,
    ) as unknown as Float32Array;
    expect(gradient).toBeInstanceOf(Float32Array);
    for (const [i, x] of expectedGradient().entries()) expect(gradient[i]! / x).toBeCloseTo(1, 4);
  });

  const noInverse = "ImplicitAdjoint(): where the solve ended, the Jacobian of the vector field";
  const ones = new Float64Array(n).fill(1) as never;

  test.each([
    ["a tag that is not true", { tags: "diagonal" }],
    ["a triangle that is none", { linearSolver: Triangular(), tags: "lowerTriangular" }],
    ["a band that is too narrow", { linearSolver: BandedLU({ lower: 1, upper: 0 }) }],
  ] as const)("refuses %s when it is differentiated", (_name, options) => {
    expect(() => grad(rodAtRest(ImplicitAdjoint(options)))(ones)).toThrow(noInverse);
  });

  test("refuses a Jacobian without inverse", () => {
    // x' = -θ x with θ = 0: every point is at rest.
    const rest = (theta: Scalar) =>
      diffeqsolve((t, y, k) => -k * y, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 1,
        args: theta,
        ...implicit,
      }).ys.at(0);
    expect(() => grad(rest)(0)).toThrow(noInverse);
  });

  test("refuses unknowns of which a sum is conserved, whose Jacobian has tiny pivots", () => {
    // A + B ⇌ C: both A + C and B + C stay what they were.
    const reaction = (_t: number, y: readonly number[], [on, off]: readonly number[]) => {
      const rate = on! * y[0]! * y[1]! - off! * y[2]!;
      return [-rate, -rate, rate];
    };
    const rest = (rates: Tensor) =>
      solveParts(reaction, Tsit5(), {
        t0: 0,
        t1: 400,
        dt0: 0.01,
        y0: np.tensor([1, 0.7, 0.1]),
        args: rates,
        stepsizeController: controller,
        ...implicit,
      })
        .ys.at(0)
        .at(2) as Scalar;
    expect(() => grad(rest as never)(Float64Array.of(1.3, 0.37) as never)).toThrow(noInverse);
  });

  test("goes with steadyStateEvent, and refuses one that ended a slow solve too early", () => {
    const slow = (tolerance: number) => (a: Scalar) =>
      solveParts((_t: number, y: number, k: number) => 1e-3 * (k * k - y), Kvaerno3(), {
        t0: 0,
        t1: Infinity,
        dt0: 1,
        y0: 0,
        args: a,
        event: Event({ condFn: steadyStateEvent({ rtol: tolerance, atol: tolerance }) }),
        stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }),
        ...implicit,
      }).ys.at(0) as Scalar;
    expect(grad(slow(1e-7))(4)).toBeCloseTo(8, 12);
    // |f| below 1e-3 |y| is no rest where the rate is 1e-3.
    expect(() => grad(slow(1e-3))(4)).toThrow("smaller tolerances of steadyStateEvent");
  });

  test("refuses a solve that did not come to rest, and takes its place for one with throw: false", () => {
    const early = (options: object) => (a: Scalar) =>
      diffeqsolve((t, y, k) => k - y, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0: 0,
        args: a,
        ...implicit,
        ...options,
      }).ys.at(0);
    expect(() => grad(early({}))(1)).toThrow("the solve did not come to rest");
    expect(early({})(1 as never).item()).toBeCloseTo(1 - Math.exp(-1), 5);
    expect(grad(early({ throw: false }))(1)).toBe(1);
  });
});

test.each([
  [
    { linearSolver: LU },
    "ImplicitAdjoint: linearSolver must be a linear solver, such as LU(), got ",
  ],
  [{ linearSolver: Tsit5() }, "ImplicitAdjoint: linearSolver must be a linear solver"],
  [{ tags: "posdef" }, 'ImplicitAdjoint: there is no tag "posdef", only symmetric, '],
  [{ tags: 1 }, "ImplicitAdjoint: tags must be "],
] as const)("ImplicitAdjoint(%o) is refused by name", (options, message) => {
  expect(() => ImplicitAdjoint(options as never)).toThrow(message);
});

test.each([{ ts: [0.5, 1] }, { t0: true, t1: true }, { steps: true }, { t1: true, dense: true }])(
  "ImplicitAdjoint() refuses saveat: %o",
  (saveat) => {
    expect(() =>
      diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, saveat, ...implicit }),
    ).toThrow(
      "diffeqsolve: adjoint: ImplicitAdjoint() differentiates a steady state at the end of a solve, and needs saveat: { t1: true }",
    );
  },
);
