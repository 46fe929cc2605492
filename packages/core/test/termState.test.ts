import {
  BacksolveAdjoint,
  diffeqsolve,
  Euler,
  grad,
  HalfSolver,
  Heun,
  jit,
  np,
  PIDController,
  type Scalar,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { MultiTerm, ODETerm } from "@diffrax-ts/terms";
import { describe, expect, test } from "vitest";
import { pacedTerm } from "./support/pacedTerm.ts";

const one = pacedTerm((_t, y: Scalar) => np.onesLike(y));
const options = { t0: 0, t1: 1, dt0: 0.25, y0: 0 };
/** `∑ n Δtₙ` over steps of a quarter. */
const paced = (1 + 2 + 3 + 4) / 4;

describe("a term whose control carries a state from step to step", () => {
  test("gets it in every step", () => {
    expect(diffeqsolve(one, Euler(), options).ys.toArray()).toEqual([paced]);
    expect(diffeqsolve(one, Tsit5(), options).ys.at(0).item()).toBeCloseTo(paced, 14);
  });

  test("backward too, with the times that are its own", () => {
    const back = diffeqsolve(one, Euler(), { ...options, t0: 1, t1: 0, dt0: -0.25 });
    expect(back.ys.toArray()).toEqual([-paced]);
  });

  test("gets it within HalfSolver(solver), which asks three times in a step", () => {
    expect(diffeqsolve(one, HalfSolver(Euler()), options).ys.toArray()).toEqual([paced]);
  });

  // The second component decides the steps; it is stiff enough for some of them to be rejected.
  const stiff = ODETerm(
    traced((t: Scalar, [x, y]: readonly [Scalar, Scalar]) => [
      np.zerosLike(x),
      np.mul(np.sub(np.cos(np.mul(t, 20)), y), 30),
    ]),
  );
  const counting = pacedTerm((_t, [x, y]: readonly [Scalar, Scalar]) => [
    np.onesLike(x),
    np.zerosLike(y),
  ]);
  const adaptive = {
    t0: 0,
    t1: 1,
    dt0: 0.5,
    y0: [0, 0],
    saveat: { steps: true },
    stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-5, norm: secondAlone }),
  } as const;

  function secondAlone(error: unknown): Scalar {
    return np.abs((error as readonly Scalar[])[1]!);
  }

  test.each([
    [1, MultiTerm(stiff, counting)],
    [-1, MultiTerm(counting, stiff)],
  ] as const)(
    "loses what a rejected step made of it, in a sum of terms, in the direction %i",
    (direction, terms) => {
      const { ts, ys, stats } = diffeqsolve(terms, Heun(), {
        ...adaptive,
        t1: direction,
        dt0: direction / 2,
      });
      expect(stats.numRejectedSteps).toBeGreaterThan(0);
      const ends = [0, ...ts];
      const wanted = ends.slice(1).reduce((sum, t, n) => sum + (n + 1) * (t - ends[n]!), 0);
      expect(ys[0].at(-1).item()).toBeCloseTo(wanted, 10);
    },
  );

  test("carries it in dense output, in derivatives and in batches", () => {
    const grows = pacedTerm((_t, y: Scalar, rate: Scalar) => np.mul(y, rate));
    const end = (rate: Scalar): Scalar =>
      diffeqsolve(grows, Euler(), { ...options, y0: 1, args: rate }).ys.at(0);
    const product = (rate: number): number =>
      [1, 2, 3, 4].reduce((y, n) => y * (1 + (rate * n) / 4), 1);
    const slope = [1, 2, 3, 4].reduce((sum, n) => sum + n / 4 / (1 + (0.5 * n) / 4), 0);
    expect(jit(end)(0.5)).toBeCloseTo(product(0.5), 14);
    expect(grad(end)(0.5)).toBeCloseTo(product(0.5) * slope, 13);
    const rates = Float64Array.of(0.25, 0.5, 1);
    const batch = [...vmap(end)(rates)];
    for (const [i, y] of batch.entries()) expect(y).toBeCloseTo(product(rates[i]!), 14);
    const dense = diffeqsolve(one, Euler(), { ...options, saveat: { dense: true } });
    expect(dense.evaluate(0.5).item()).toBeCloseTo(0.75, 14);
  });

  test("begins anew in each solve backward of BacksolveAdjoint", () => {
    const grows = pacedTerm((_t, y: Scalar, rate: Scalar) => np.mul(y, rate));
    // One step each way: the state is that of the start, and the control is time.
    const end = (rate: Scalar): Scalar =>
      diffeqsolve(grows, Tsit5(), {
        ...options,
        dt0: 1,
        y0: 1,
        args: rate,
        adjoint: BacksolveAdjoint(),
      }).ys.at(0);
    expect(grad(end)(0.5)).toBeCloseTo(Math.exp(0.5), 4);
  });
});
