import {
  BacksolveAdjoint,
  ControlTerm,
  CubicInterpolation,
  backwardHermiteCoefficients,
  DirectAdjoint,
  Euler,
  ForwardMode,
  grad,
  Heun,
  jvp,
  MultiTerm,
  np,
  ODETerm,
  RecursiveCheckpointAdjoint,
  ReversibleHeun,
  type Scalar,
  type Tensor,
  UnsafeBrownianPath,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

type Pair = readonly [number, number];
interface State {
  readonly x: number;
  readonly v: number;
}
const motion = (shape: readonly number[]) =>
  VirtualBrownianTree({ t0: 0, t1: 1, tol: 1e-3, shape, key: key(17) });
const knots = [0, 0.3, 0.55, 1].map((t) => [Math.sin(3 * t), t * t, Math.cos(2 * t)]);
const data = CubicInterpolation(
  [0, 0.3, 0.55, 1],
  backwardHermiteCoefficients([0, 0.3, 0.55, 1], knots),
);
const drift = ODETerm((_t: number, [x, v]: Pair, k: number) => [v, -k * Math.sin(x)]);
const recordDrift = ODETerm((_t: number, { x, v }: State, k: number) => ({
  x: v,
  v: -k * Math.sin(x),
}));

/** Equations in `y0` of two numbers and a parameter `k`. */
const equations = {
  "additive noise": [
    MultiTerm(
      drift,
      ControlTerm(
        (t: number, _y: Pair, k: number) => [
          [k, t],
          [0.2, 0.3 * k],
        ],
        motion([2]),
      ),
    ),
    false,
  ],
  "diagonal noise": [
    MultiTerm(
      drift,
      ControlTerm(
        (_t: number, [x, v]: Pair, k: number) => [0.3 * k * x, 0.2 * Math.cos(v)],
        motion([2]),
      ),
    ),
    false,
  ],
  "noise of matrices, with a control longer than the state": [
    MultiTerm(
      drift,
      ControlTerm(
        (t: number, [x, v]: Pair, k: number) =>
          [
            [Math.sin(k * v), x, 1],
            [0.4, Math.cos(x), v * k * t],
          ].map((row) => row.map((one) => 0.3 * one)),
        motion([3]),
      ),
    ),
    false,
  ],
  "a state that is a record": [
    MultiTerm(
      recordDrift,
      ControlTerm(
        (_t: number, { x, v }: State, k: number) => ({
          x: [0.3 * k * x, 0.1, v],
          v: [0.2, 0.3 * v, 0.1 * k],
        }),
        motion([3]),
      ),
    ),
    true,
  ],
  "a controlled equation, with a control longer than the state": [
    ControlTerm(
      (t: number, [x, v]: Pair, k: number) => [
        [Math.sin(k * v), x, 1],
        [1, Math.cos(x), v * k * t],
      ],
      data,
    ),
    false,
  ],
  "a controlled equation with a drift, of a record": [
    MultiTerm(
      recordDrift,
      ControlTerm(
        (_t: number, { x, v }: State, k: number) => ({ x: [k * x, 1, v], v: [0.2, v, k] }),
        data,
      ),
    ),
    true,
  ],
} as const;

const directions = [
  ["forward", { t0: 0, t1: 1 }],
  ["backward", { t0: 1, t1: 0 }],
] as const;

/** A loss of the end of a solve with `n` steps. */
const lossOf =
  (name: keyof typeof equations, solver: unknown, adjoint: unknown, times: object, n: number) =>
  (x: Scalar, v: Scalar, k: Scalar): Scalar => {
    const [terms, isRecord] = equations[name];
    const { t0, t1 } = times as { readonly t0: number; readonly t1: number };
    const { ys } = solveParts<readonly Tensor[] | { readonly x: Tensor; readonly v: Tensor }>(
      terms,
      solver,
      {
        t0,
        t1,
        dt0: (t1 - t0) / n,
        y0: isRecord ? { x, v } : [x, v],
        args: k,
        adjoint,
      },
    );
    const [a, b] = (
      isRecord ? [(ys as { x: Tensor }).x, (ys as { v: Tensor }).v] : (ys as Tensor[])
    ) as [Tensor, Tensor];
    return np.add(np.sin(a.at(0)), np.mul(b.at(0), b.at(0))) as Scalar;
  };
const at = [0.7, -0.4, 0.8] as const;
const gradients = (...given: Parameters<typeof lossOf>): number[] => {
  const f = lossOf(...given);
  return grad((all: readonly Scalar[]) => f(all[0]!, all[1]!, all[2]!))([...at]);
};
const close = (numbers: readonly number[], digits: number): unknown =>
  numbers.map((x) => expect.closeTo(x, digits) as number);
const names = Object.keys(equations) as (keyof typeof equations)[];
const cases = names.flatMap((name) => directions.map(([way, times]) => ({ name, way, times })));

describe("gradients agree:", () => {
  test.each(cases)(
    "of $name, $way: default, DirectAdjoint, ForwardMode and differences",
    ({ name, times }) => {
      for (const solver of [Euler(), Heun()]) {
        const wanted = gradients(name, solver, RecursiveCheckpointAdjoint(), times, 64);
        expect(gradients(name, solver, DirectAdjoint(), times, 64)).toEqual(close(wanted, 12));
        const forward = lossOf(name, solver, ForwardMode(), times, 64);
        const along = at.map((_, i) => {
          const tangents = at.map((_one, j) => (i === j ? 1 : 0)) as never;
          return jvp(forward as never, [...at] as never, tangents).tangent as Scalar;
        });
        expect(along.map((x) => x.item())).toEqual(close(wanted, 12));
        const h = 1e-5;
        const differences = at.map((_, i) => {
          const moved = (by: number): number => {
            const [x, v, k] = at.map((one, j) => np.tensor(i === j ? one + by : one)) as [
              Scalar,
              Scalar,
              Scalar,
            ];
            return lossOf(name, solver, undefined, times, 64)(x, v, k).item();
          };
          return (moved(h) - moved(-h)) / (2 * h);
        });
        expect(differences).toEqual(close(wanted, 7));
      }
    },
  );

  test.each(cases)(
    "of $name, $way: ReversibleHeun with BacksolveAdjoint is the default, to rounding",
    ({ name, times }) => {
      for (const n of [16, 64]) {
        const wanted = gradients(name, ReversibleHeun(), RecursiveCheckpointAdjoint(), times, n);
        expect(gradients(name, ReversibleHeun(), BacksolveAdjoint(), times, n)).toEqual(
          close(wanted, 11),
        );
      }
    },
  );

  test.each(cases)(
    "of $name, $way: finely stepped BacksolveAdjoint with Heun comes to the default",
    ({ name, times }) => {
      const off = [64, 512].map((n) => {
        const wanted = gradients(name, Heun(), RecursiveCheckpointAdjoint(), times, n);
        const got = gradients(name, Heun(), BacksolveAdjoint(), times, n);
        return Math.max(...got.map((x, i) => Math.abs(x - wanted[i]!)));
      });
      // Of order 1/2 at least: of 8 times as many steps a factor of √8, of which half is left to chance
      expect(off[1]!).toBeLessThan(off[0]! / 2);
      expect(off[1]!).toBeLessThan(2e-5);
    },
  );
});

describe("ReversibleHeun with BacksolveAdjoint is the default, to rounding,", () => {
  const [terms] = equations["noise of matrices, with a control longer than the state"];
  const loss =
    (adjoint: unknown, saveat: object) =>
    (k: Scalar): Scalar => {
      const given = { t0: 0, t1: 1, dt0: 1 / 64, y0: [0.7, -0.4], args: k, saveat, adjoint };
      const { ys } = solveParts<readonly Tensor[]>(terms, ReversibleHeun(), given);
      return np.sum(np.mul(np.sin(ys[0]!), ys[1]!));
    };
  const pairOf = (saveat: object): readonly number[] =>
    [BacksolveAdjoint(), RecursiveCheckpointAdjoint()].map((adjoint) =>
      grad(loss(adjoint, saveat))(0.8),
    );

  test.each([
    ["saved where steps end", { ts: [0.25, 0.5, 1] }],
    ["the start and the end saved", { t0: true, ts: [0.75], t1: true }],
  ])("%s", (_name, saveat) => {
    const [back, wanted] = pairOf(saveat);
    expect(back! / wanted!).toBeCloseTo(1, 11);
  });

  test("and close to it where the end of the solve, which it would go back from, is not saved", () => {
    const [back, wanted] = pairOf({ ts: [0.25, 0.5] });
    expect(Math.abs(back! / wanted! - 1)).toBeGreaterThan(1e-9);
    expect(back! / wanted!).toBeCloseTo(1, 3);
  });

  test("of a solve that fails nothing comes that is not a number", () => {
    const blowUp = (k: Scalar): Scalar => {
      const given = { t0: 0, t1: 2, dt0: 1 / 64, y0: 1, args: k, throw: false };
      const field = (_t: number, y: number, rate: number) => rate * y * y;
      const { ys } = solveParts(field, ReversibleHeun(), {
        ...given,
        saveat: { ts: [0.5, 1.9] },
        adjoint: BacksolveAdjoint(),
      });
      return ys.at(0) as Scalar;
    };
    // 1 / (1 - k t) at t = 1/2, by k: t / (1 - k t)²
    expect(grad(blowUp)(1)).toBeCloseTo(2, 2);
  });
});

describe("BacksolveAdjoint is refused", () => {
  const [terms] = equations["additive noise"];
  const given = { t0: 0, t1: 1, dt0: 1 / 64, y0: [0.7, -0.4], args: 0.8 };
  test("with a solver of Itô, also for the way back", () => {
    for (const [solver, adjoint] of [
      [Euler(), BacksolveAdjoint()],
      [Heun(), BacksolveAdjoint({ solver: Euler() })],
    ] as const) {
      expect(() => solveParts(terms, solver, { ...given, adjoint })).toThrow(
        /BacksolveAdjoint\(\) cannot be used with Euler\(\) on a stochastic equation, as its solution is that of Itô, .* take a solver such as Heun\(\)/u,
      );
    }
    const ode = { ...given, adjoint: BacksolveAdjoint() };
    expect(solveParts(drift, Euler(), ode).result).toBe("successful");
  });

  test("with a path whose steps are taken once", () => {
    const path = UnsafeBrownianPath({ shape: [2], key: key(1) });
    const noise = ControlTerm((_t: number, _y: Pair) => [0.1, 0.2], path);
    expect(() =>
      solveParts(MultiTerm(drift, noise), Heun(), { ...given, adjoint: BacksolveAdjoint() }),
    ).toThrow(/BacksolveAdjoint\(\) cannot be used with UnsafeBrownianPath, which cannot go back/u);
  });
});
