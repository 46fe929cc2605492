// Roots and fits of what is solved, and roots within what is solved.
import {
  diffeqsolve,
  grad,
  jit,
  Kvaerno3,
  leastSquares,
  LevenbergMarquardt,
  Newton,
  np,
  PIDController,
  rootFind,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

const tolerances = { rtol: 1e-8, atol: 1e-8 };
const stepsizeController = PIDController({ rtol: 1e-9, atol: 1e-9 });
const options = { t0: 0, t1: 1, dt0: null, stepsizeController } as const;

/** By central differences: off by `h²` times third derivatives, and by 1e-8 of a root over `h`. */
const h = 1e-3;
const difference = (f: (x: number) => number, x: number): number => (f(x + h) - f(x - h)) / (2 * h);

describe.each([
  ["Tsit5", Tsit5()],
  ["Kvaerno3", Kvaerno3()],
] as const)("shooting with %s", (_, solver) => {
  /** `x'' = -x³` with `x(0) = 0`: the slope at 0 with which it comes to `x(1) = end`. */
  const slopeTo = (end: Scalar): Scalar =>
    rootFind(
      (slope, wanted: Scalar) => {
        const field = (_t: number, [x, v]: readonly [number, number]) => [v, -(x ** 3)] as const;
        const { ys } = diffeqsolve(field, solver as never, { ...options, y0: [0, slope] });
        return np.sub((ys as unknown as readonly Tensor[])[0]!.at(0), wanted);
      },
      Newton(tolerances),
      1,
      { args: end },
    ).value;

  test("finds the slope, whose derivatives are those of differences", () => {
    const at = (end: number): number => slopeTo(np.tensor(end)).item();
    expect(grad(slopeTo)(0.8)).toBeCloseTo(difference(at, 0.8), 4);
    const curvature = grad((end: Scalar) => grad(slopeTo)(end))(0.8);
    expect(curvature).toBeCloseTo(
      difference((end) => grad(slopeTo)(end), 0.8),
      4,
    );
  });

  test("gives the same inside jit and in a batch", () => {
    const batch = vmap(slopeTo)(np.tensor([0.5, 0.8])).toArray();
    expect(batch[1]).toBeCloseTo(slopeTo(np.tensor(0.8)).item(), 12);
    expect(jit(slopeTo)(0.8).item()).toBeCloseTo(batch[1]!, 12);
  });
});

test("the rate that is fitted to counts has derivatives with respect to all of them", () => {
  const counts = [2, 1.1, 0.8, 0.55, 0.45];
  const rateOf = (data: Tensor): Scalar =>
    leastSquares(
      (rate, seen: Tensor) => {
        const { ys } = diffeqsolve((_t, y, k) => -k * y ** 2, Tsit5(), {
          ...options,
          t1: 2,
          y0: 2,
          args: rate,
          saveat: { ts: [0, 0.5, 1, 1.5, 2] },
        });
        return np.sub(ys, seen);
      },
      LevenbergMarquardt(tolerances),
      0.5,
      { args: data },
    ).value;
  const gradient = grad(rateOf)(np.tensor(counts));
  for (const [i] of counts.entries()) {
    const moved = (x: number): number =>
      rateOf(np.tensor(counts.map((count, j) => (j === i ? count + x : count)))).item();
    expect(gradient.at(i).item()).toBeCloseTo(difference(moved, 0), 4);
  }
});

test("a vector field may find a root at each evaluation, and has derivatives", () => {
  // y' = -z, where z + z³ = y; so z' = -z / (1 + 3 z²), and log z + 3 z² / 2 falls by t.
  const field = traced((_t: Scalar, y: Scalar) =>
    np.neg(
      rootFind((z, u: Scalar) => np.sub(np.add(z, z.pow(3)), u), Newton(tolerances), y, {
        args: y,
        throw: false,
      }).value,
    ),
  );
  for (const solver of [Tsit5(), Kvaerno3()]) {
    const end = (y0: Scalar): Tensor => diffeqsolve(field, solver, { ...options, y0 }).ys.at(0);
    const z = (y: number): number =>
      rootFind((x) => np.sub(np.add(x, x.pow(3)), y), Newton(tolerances), y).value.item();
    const first = (y: number): number => Math.log(z(y)) + 1.5 * z(y) ** 2;
    const y1 = end(np.tensor(1)).item();
    expect(first(1) - first(y1)).toBeCloseTo(1, 7);
    expect(grad(end)(1)).toBeCloseTo(
      difference((y0) => end(np.tensor(y0)).item(), 1),
      5,
    );
  }
});
