import {
  diffeqsolve,
  grad,
  hessian,
  ImplicitAdjoint,
  jacfwd,
  np,
  ODETerm,
  PIDController,
  type Scalar,
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

  test("is an error where the Jacobian has no inverse", () => {
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
    expect(() => grad(rest)(0)).toThrow("linearSolve: the solution is infinite or not a number");
  });
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
