import {
  DirectAdjoint,
  ForwardMode,
  grad,
  HalfSolver,
  ItoMilstein,
  jvp,
  np,
  SEA,
  ShARK,
  SPaRK,
  StratonovichMilstein,
  traced,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { DiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
import type { Solver } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";
import { sdeSolvers } from "./support/sdeSolvers.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const tree = { t0: 0, t1: 1, tol: 2 ** -7, key: key(3) } as const;
const motion = (shape: readonly number[]) =>
  VirtualBrownianTree({ ...tree, shape, levyArea: "SpaceTimeLevyArea" });
type Saved = Tensor | readonly Tensor[];
const solve = (terms: unknown, solver: Solver, options: object): Saved =>
  solveParts<Saved>(terms, solver, { t0: 0, t1: 1, dt0: 2 ** -5, ...options }).ys;
const isGeneral = sdeSolvers.filter(({ strong }) => strong.general !== null);

describe("derivatives through", () => {
  const drift = (_t: number, y: number, { a }: { a: number }) => -a * y;

  test.each(sdeSolvers)(
    "$name are those of differences, with the default, DirectAdjoint and ForwardMode",
    ({ solver, strong }) => {
      const diffusion =
        strong.general === null
          ? (t: number, _y: number, { b }: { b: number }) => b * (1 + t)
          : (_t: number, y: number, { b }: { b: number }) => b * Math.cos(y);
      const terms = { drift, diffusion, control: motion([]) };
      const end = (args: unknown, y0: unknown, adjoint?: unknown) =>
        (solve(terms, solver, { args, y0, adjoint }) as Tensor).at(0) as Scalar;
      const at = { a: 0.7, b: 0.4 };
      const gradient = (adjoint?: unknown) =>
        grad((args: { a: Scalar; b: Scalar }, y0: Scalar) => end(args, y0, adjoint), {
          argnums: [0, 1],
        } as never)(at as never, 0.9 as never) as unknown as readonly [
          { a: number; b: number },
          number,
        ];
      const [dArgs, dy0] = gradient();
      // Central differences of steps of 1e-5 are right to about 1e-10.
      const difference = (of: (x: number) => Scalar) => (of(1e-5).item() - of(-1e-5).item()) / 2e-5;
      expect(dArgs.a).toBeCloseTo(
        difference((x) => end({ ...at, a: 0.7 + x }, 0.9)),
        8,
      );
      expect(dArgs.b).toBeCloseTo(
        difference((x) => end({ ...at, b: 0.4 + x }, 0.9)),
        8,
      );
      expect(dy0).toBeCloseTo(
        difference((x) => end(at, 0.9 + x)),
        8,
      );
      expect(gradient(DirectAdjoint())[0].b).toBeCloseTo(dArgs.b, 12);
      const { tangent } = jvp((b: Scalar) => end({ a: 0.7, b }, 0.9, ForwardMode()), [0.4], [1]);
      expect(Number(tangent)).toBeCloseTo(dArgs.b, 12);
    },
  );
});

describe("the same equation has the same solution with", () => {
  const drift = (_t: number, y: readonly number[]) => y.map((x) => -x * x);
  const [y0, control] = [[0.4, 0.7], motion([2])];

  test.each(isGeneral)(
    "$name, of a diagonal in plain arithmetic, a matrix, and an operator",
    ({ solver }) => {
      const ys = [
        (_t: number, y: readonly number[]) => y.map((x) => 0.3 * Math.sin(x)),
        (_t: number, [a, b]: readonly [number, number]) => [
          [0.3 * Math.sin(a), 0],
          [0, 0.3 * Math.sin(b)],
        ],
        traced((_t: Scalar, y: Tensor) => DiagonalLinearOperator(np.mul(0.3, np.sin(y)))),
      ].map(
        (diffusion) =>
          solve({ drift, diffusion, control }, solver, { y0: Float64Array.from(y0) }) as Tensor,
      );
      const plain = ys[0]!.toArray() as number[][];
      for (const other of ys.slice(1))
        for (const [i, x] of (other.toArray() as number[][])[0]!.entries())
          expect(x).toBeCloseTo(plain[0]![i]!, 13);
    },
  );

  test.each(isGeneral)("$name, of a list, a record and a vector", ({ solver }) => {
    const list = solve(
      {
        drift: (_t: number, [p, q]: readonly [number, number]) => [-q, p],
        diffusion: (_t: number, [p, q]: readonly [number, number]) => [
          [0.2 * q, 0.1, 0.3 * p],
          [0.1, 0.2 * p, 0],
        ],
        control: motion([3]),
      },
      solver,
      { y0 },
    ) as readonly Tensor[];
    const record = solve(
      {
        drift: (_t: number, { p, q }: { p: number; q: number }) => ({ p: -q, q: p }),
        diffusion: (_t: number, { p, q }: { p: number; q: number }) => ({
          p: [0.2 * q, 0.1, 0.3 * p],
          q: [0.1, 0.2 * p, 0],
        }),
        control: motion([3]),
      },
      solver,
      { y0: { p: 0.4, q: 0.7 } },
    ) as unknown as { p: Tensor; q: Tensor };
    expect(record.p.at(0).item()).toBeCloseTo(list[0]!.at(0).item(), 14);
    expect(record.q.at(0).item()).toBeCloseTo(list[1]!.at(0).item(), 14);
  });
});

/** A smooth curve in the place of a Brownian motion: the same in both dtypes. */
const smooth = part("test/Smooth", {
  t0: 0,
  t1: 1,
  levyArea: "SpaceTimeLevyArea",
  evaluate: alongSine,
});

function alongSine(t0: Scalar, t1: Scalar, _left: boolean, levy: boolean): unknown {
  const [dt, W] = [np.sub(t1, t0), np.sub(np.sin(t1), np.sin(t0))];
  return levy ? { dt, W, H: np.mul(dt, W) } : W;
}

test.each(sdeSolvers)("$name solves in float32 what it solves in float64", ({ solver, strong }) => {
  const diffusion =
    strong.general === null
      ? (t: number, _y: number) => 0.3 + t
      : (_t: number, y: number) => 0.3 * y;
  const terms = { drift: (_t: number, y: number) => -y, diffusion, control: smooth };
  const [single, double] = (["float32", "float64"] as const).map((dtype) => {
    const ys = solve(terms, solver, { y0: np.tensor(0.5, { dtype }) }) as Tensor;
    expect(ys.dtype).toBe(dtype);
    return ys.at(0).item();
  });
  // 32 steps of a few roundings of 6e-8 each
  expect(Math.abs(single! - double!)).toBeLessThan(1e-5);
});

describe("backward in time, from where it ended,", () => {
  // Euler solves another equation there: its integral takes the other end of each step.
  const reversible = sdeSolvers.filter(({ name }) => name !== "Euler");

  // Both ways err by about as much as the strong order says: less than 0.02 with 128 steps, and by more than 0.5 with the wrong drift.
  test.each(reversible)("$name comes back to the start", ({ solver, strong }) => {
    const noise =
      strong.general === null
        ? (t: number) => 0.3 + t
        : (_t: number, y: number) => 0.3 * Math.cos(y);
    const control = VirtualBrownianTree({
      ...tree,
      tol: 2 ** -12,
      shape: [],
      levyArea: "SpaceTimeLevyArea",
    });
    const terms = { drift: (_t: number, y: number) => -y, diffusion: noise, control };
    const end = (t0: number, t1: number, y0: number) =>
      (solve(terms, solver, { t0, t1, dt0: (t1 - t0) / 128, y0 }) as Tensor).at(0).item();
    const there = end(0, 1, 0.8);
    expect(Math.abs(there - 0.8)).toBeGreaterThan(0.2);
    expect(Math.abs(end(1, 0, there) - 0.8)).toBeLessThan(0.02);
  });

  test("ShARK is of the order 1.5 there too, and with the signs of Diffrax 0.7.2 it is another equation", () => {
    const control = VirtualBrownianTree({
      ...tree,
      tol: 2 ** -12,
      shape: [],
      levyArea: "SpaceTimeLevyArea",
    });
    const terms = {
      drift: (_t: number, y: number) => -Math.sin(2 * y),
      diffusion: (t: number) => 0.3 + t,
      control,
    };
    const end = (steps: number, solver = ShARK()) =>
      (solve(terms, solver, { t0: 1, t1: 0, dt0: -1 / steps, y0: 0.4 }) as Tensor).at(0).item();
    // Errors of the order 1 would be about 0.01 here.
    expect(Math.abs(end(32) - end(1024))).toBeLessThan(1e-3);
    expect(Math.abs(end(1024, ShARK({ diffrax072: true })) - end(1024))).toBeGreaterThan(0.5);
  });
});

describe("ItoMilstein", () => {
  const drift = (_t: number, y: readonly number[]) => y.map((x) => -x);
  const y0 = Float64Array.from({ length: 6 }, (_, i) => 0.2 + 0.1 * i);
  const diffusion = (_t: number, y: readonly number[]) => y.map((x) => 0.3 * x + 0.1 * x * x);
  const end = (noiseType?: string) =>
    solve({ drift, diffusion, control: motion([6]), noiseType }, ItoMilstein(), { y0 }) as Tensor;

  test("takes one derivative where noise is claimed to be diagonal, with the same result", () => {
    const [all, one] = [end(), end("diagonal")].map((ys) => (ys.toArray() as number[][])[0]!);
    for (const [i, x] of one!.entries()) expect(x).toBeCloseTo(all![i]!, 14);
  });

  test("is differentiated with more components than are written out one by one", () => {
    const of = (b: unknown): Scalar => {
      const g = (_t: number, y: readonly number[], c: number) => y.map((x) => c * x * x);
      const terms = { drift, diffusion: g, control: motion([6]) };
      return np.sum(solve(terms, ItoMilstein(), { y0, args: b }) as Tensor);
    };
    const slope = grad((b: Scalar) => of(b))(0.3);
    const difference = (of(0.3 + 1e-5).item() - of(0.3 - 1e-5).item()) / 2e-5;
    expect(slope).toBeCloseTo(difference, 8);
  });

  test("solves an equation without components", () => {
    const terms = { drift, diffusion, control: motion([0]) };
    const ys = solve(terms, ItoMilstein(), { y0: new Float64Array(0) }) as Tensor;
    expect(ys.shape).toEqual([1, 0]);
  });

  test("differs from StratonovichMilstein by half of the derivative of the diffusion along itself", () => {
    const terms = {
      drift: (_t: number, y: number) => -y,
      diffusion: (_t: number, y: number) => 0.3 * y,
      control: motion([]),
    };
    const ito = { ...terms, drift: (_t: number, y: number) => -y + 0.045 * y };
    const [a, b] = [
      solve(ito, ItoMilstein(), { y0: 1 }),
      solve(terms, StratonovichMilstein(), { y0: 1 }),
    ];
    expect((a as Tensor).at(0).item() - (b as Tensor).at(0).item()).toBeCloseTo(0, 2);
  });
});

describe("what cannot be solved is refused:", () => {
  const unread = new Map([[0, 0.3]]);
  const readNot = (_t: number, y: number) => unread.get(0)! * y;

  test.each([ItoMilstein(), StratonovichMilstein()])(
    "$kind of a diffusion that has no derivative",
    (solver) => {
      const terms = {
        drift: (_t: number, y: number) => -y,
        diffusion: readNot,
        control: motion([]),
      };
      expect(() => solve(terms, solver, { y0: 1 })).toThrow(/cannot be differentiated|derivative/u);
    },
  );

  test.each([SEA(), ShARK()])(
    "$kind of noise that depends on the state, where its derivative is zero",
    (solver) => {
      const terms = {
        drift: (_t: number, y: number) => -y,
        diffusion: (_t: number, y: number) => (y > 0 ? 1 : 2),
        control: motion([]),
      };
      expect(() => solve(terms, solver, { y0: 1 })).toThrow(/additive/u);
    },
  );

  test("SEA of noise that cannot be read, unless it is claimed to be additive", () => {
    const called = (_t: number, _y: number) => unread.get(0)!;
    const terms = { drift: (_t: number, y: number) => -y, diffusion: called, control: motion([]) };
    expect(() => solve(terms, SEA(), { y0: 1 })).toThrow('noiseType: "additive"');
    const plain = { ...terms, diffusion: () => 0.3 };
    expect(solve({ ...terms, noiseType: "additive" }, SEA(), { y0: 1 })).toEqual(
      solve(plain, SEA(), { y0: 1 }),
    );
  });

  test("HalfSolver(SPaRK()) of a motion without Lévy areas", () => {
    const control = VirtualBrownianTree({ ...tree, shape: [] });
    const terms = {
      drift: (_t: number, y: number) => -y,
      diffusion: (_t: number, y: number) => y,
      control,
    };
    expect(() => solve(terms, HalfSolver(SPaRK()) as never, { y0: 1 })).toThrow(
      '"SpaceTimeLevyArea"',
    );
  });
});
