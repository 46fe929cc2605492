// Derivatives through solves by implicit methods: of each stage by the implicit function theorem, whatever the root finder did.
import {
  BacksolveAdjoint,
  DirectAdjoint,
  Event,
  ForwardMode,
  grad,
  ImplicitEuler,
  jacfwd,
  jit,
  jvp,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  MultiTerm,
  Newton,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  Sil3,
  type Tensor,
  traced,
  VeryChord,
  vmap,
} from "@diffrax-ts/core";
import { BandedLU, GMRES } from "@diffrax-ts/linear-solvers";
import type { RootFinder } from "@diffrax-ts/root-finders";
import type { ImplicitOptions } from "@diffrax-ts/solvers-implicit";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

type Pair = readonly [number, number];
/** Where the derivative is taken: `[x, v]`, and two parameters. */
type Point = readonly [x: number, v: number, mu: number, w: number];

// The oscillator of Van der Pol, driven; as one field, and cut into a stiff and another part.
const whole = (t: number, [x, v]: Pair, [mu, w]: Pair): Pair => [
  v,
  mu * (1 - x * x) * v - w * x + 0.1 * Math.sin(t),
];
const onTensors = traced(
  (t: Scalar, [x, v]: readonly [Scalar, Scalar], [mu, w]: readonly [Scalar, Scalar]) => [
    v,
    np.add(
      np.sub(np.mul(np.mul(mu, np.sub(1, np.mul(x, x))), v), np.mul(w, x)),
      np.mul(0.1, np.sin(t)),
    ),
  ],
);
const stiff = (_t: number, [x, v]: Pair, [mu]: Pair): Pair => [0, mu * (1 - x * x) * v];
const other = (t: number, [x, v]: Pair, [, w]: Pair): Pair => [v, -w * x + 0.1 * Math.sin(t)];

const implicit = { ImplicitEuler, Kvaerno3, Kvaerno4, Kvaerno5 };
const imex = { KenCarp3, KenCarp4, KenCarp5, Sil3 };
const both = { ...implicit, ...imex } as Readonly<
  Record<string, (options: ImplicitOptions) => unknown>
>;
const termsOf = (name: string): unknown =>
  name in implicit ? whole : MultiTerm(ODETerm(other as never), ODETerm(stiff as never));

const tight = { rtol: 1e-13, atol: 1e-13 };
const steps = { t0: 0, t1: 1, dt0: 0.05, saveat: { ts: [0.33, 0.71, 1] } };
const controlled = {
  ...steps,
  dt0: 0.01,
  stepsizeController: PIDController({ rtol: 1e-7, atol: 1e-9 }),
  maxSteps: 20_000,
};
const point: Point = [1.5, 0.3, 20, 1.3];

type Loss = (point: readonly Scalar[]) => Scalar;
/** `Σ sin x + Σ v²` of what was saved. */
const lossOf =
  (terms: unknown, solver: unknown, options: object): Loss =>
  ([x, v, mu, w]) => {
    const { ys } = solveParts<readonly [Tensor, Tensor]>(terms, solver, {
      y0: [x, v],
      args: [mu, w],
      ...options,
    });
    return np.add(np.sum(np.sin(ys[0])), np.sum(np.mul(ys[1], ys[1])));
  };

const backwards = (loss: Loss, at: Point = point): number[] =>
  (grad(loss as never)(at as never) as unknown as number[]).map(Number);
const forwards = (loss: Loss, at: Point = point): number[] =>
  (jacfwd(loss as never)(at as never) as unknown as Scalar[]).map((x) => x.item());

/** With errors of order `h⁴`, and roundings of 1e-16 over `h`. */
function differences(loss: Loss, at: Point = point): number[] {
  const run = jit(loss as never) as unknown as (at: readonly number[]) => Scalar;
  return at.map((x, i) => {
    const h = 2 ** -12 * Math.max(1, Math.abs(x));
    const moved = (d: number): number => run(at.with(i, x + d)).item();
    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  });
}

function expectClose(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, x] of wanted.entries())
    expect(Math.abs(found[i]! - x)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(x)));
}

describe.each(Object.keys(both))("the gradient through constant steps of %s", (name) => {
  const solver = (rootFinder: RootFinder): unknown =>
    both[name]!({ rootFinder, rootFindMaxSteps: 60 });
  const chord = solver(VeryChord(tight));

  // Roots are exact to 1e-13, so that differences of the steps are right to 1e-9.
  test("is that of differences, backwards and forwards, whatever adjoint differentiates the steps", () => {
    const loss = (options: object): Loss => lossOf(termsOf(name), chord, { ...steps, ...options });
    const gradient = backwards(loss({}));
    expectClose(gradient, differences(loss({})), 1e-9);
    expectClose(forwards(loss({ adjoint: ForwardMode() })), gradient, 1e-13);
    const exactly = [
      { adjoint: DirectAdjoint(), maxSteps: 64 },
      { adjoint: RecursiveCheckpointAdjoint({ checkpoints: 3 }) },
      { maxSteps: null },
    ];
    for (const options of exactly) expect(backwards(loss(options))).toEqual(gradient);
  });

  test("does not depend on the root finder, nor on how the stages are written", () => {
    const gradient = (made: unknown): number[] => backwards(lossOf(termsOf(name), made, steps));
    expectClose(gradient(solver(Newton(tight))), gradient(chord), 1e-11);
    const scanned = both[name]!({
      rootFinder: VeryChord(tight),
      rootFindMaxSteps: 60,
      scanStages: true,
    });
    expectClose(gradient(scanned), gradient(chord), 1e-11);
  });
});

describe("the gradient through a stiff solve", () => {
  test("is the same of a field on tensors", () => {
    const gradient = (field: unknown): number[] => backwards(lossOf(field, Kvaerno5(), controlled));
    expectClose(gradient(onTensors), gradient(whole), 1e-12);
  });

  // Steps are controlled at 1e-7, and two of the methods differ by some hundred times that in their derivatives.
  test.each([{}, { diffrax072: true }, { rootFinder: Newton() }])(
    "with a step size controller is close to those of other methods: %o",
    (options) => {
      const exact = backwards(
        lossOf(whole, Kvaerno5({ rootFinder: VeryChord(tight) }), {
          ...controlled,
          stepsizeController: PIDController({ rtol: 1e-11, atol: 1e-12 }),
        }),
      );
      for (const make of [Kvaerno3, Kvaerno4, Kvaerno5])
        expectClose(backwards(lossOf(whole, make(options), controlled)), exact, 1e-5);
    },
  );

  test("of the adjoint equations, solved backward by the same implicit method, is close to that of the steps", () => {
    const at: Point = [1.5, 0.3, 5, 1.3];
    const gradient = (options: object): number[] =>
      backwards(lossOf(whole, Kvaerno5(), { ...controlled, ...options }), at);
    expectClose(gradient({ adjoint: BacksolveAdjoint() }), gradient({}), 1e-4);
    expectClose(
      gradient({ adjoint: BacksolveAdjoint({ solver: Kvaerno3() }) }),
      gradient({}),
      1e-4,
    );
  });

  test("goes backward in time", () => {
    const solver = Kvaerno4({ rootFinder: VeryChord(tight), rootFindMaxSteps: 60 });
    const loss = lossOf(whole, solver, { t0: 1, t1: 0.5, dt0: -0.02 });
    const at: Point = [1.5, 0.3, 2, 1.3];
    expectClose(backwards(loss, at), differences(loss, at), 1e-9);
  });

  test("has second derivatives, in every order of modes", () => {
    const loss = lossOf(
      whole,
      Kvaerno3({ rootFinder: VeryChord(tight), rootFindMaxSteps: 60 }),
      steps,
    );
    const ofW = (w: Scalar): Scalar => loss([1.5, 0.3, 20, w] as never);
    const slope = (w: number): number => grad(ofW)(w);
    const h = 1e-4;
    const wanted = (slope(1.3 + h) - slope(1.3 - h)) / (2 * h);
    expect(grad(grad(ofW) as never)(1.3 as never)).toBeCloseTo(wanted, 8);
    expect((jvp(grad(ofW) as never, [1.3], [1]).tangent as Scalar).item()).toBeCloseTo(wanted, 8);
    expect((jacfwd(jacfwd(ofW as never) as never)(1.3 as never) as Scalar).item()).toBeCloseTo(
      wanted,
      8,
    );
  });

  // a' = k (Σ b - a), b' = a - s b with rates s up to 1e4.
  const field = traced(
    (
      _t: Scalar,
      { a, b }: { a: Scalar; b: Tensor },
      _args: unknown,
      { k, s }: { k: Scalar; s: Tensor },
    ) => ({
      a: np.mul(k, np.sub(np.sum(b), a)),
      b: np.sub(a, np.mul(s, b)),
    }),
  );
  const record = (k: Scalar): Scalar => {
    const like = (x: readonly number[] | number): Tensor =>
      np.astype(np.tensor(x as number[]), k.dtype);
    const term = ODETerm(field, { k, s: like([1, 100, 1e4]) } as never);
    const { ys } = solveParts<{ a: Tensor; b: Tensor }>(term, Kvaerno3(), {
      t0: 0,
      t1: 2,
      dt0: 0.01,
      y0: { a: like(1), b: like([1, 0, 2]) },
      stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-5 }),
    });
    return np.add(np.sum(ys.a), np.sum(ys.b));
  };

  test("of a record, with respect to a parameter in the term, is that of each element of a batch", () => {
    const ks = [1, 2, 3];
    const slopes = ks.map((k) => grad(record)(k));
    expect([...vmap(grad(record))(Float64Array.from(ks))]).toEqual(slopes);
    const h = 1e-3;
    const moved = (k: number): number => jit(record)(k).item();
    // Steps are controlled at 1e-4, and change with k.
    expect(slopes[1]).toBeCloseTo((moved(2 + h) - moved(2 - h)) / (2 * h), 3);
  });

  test("works in float32", () => {
    const slopes: Tensor = vmap(grad(record))(Float32Array.of(1, 2, 3));
    expect(slopes.dtype).toBe("float32");
    const wanted = [1, 2, 3].map((k) => grad(record)(k));
    expectClose([...slopes.data].map(Number), wanted, 1e-4);
  });

  test("comes to nothing of what the solver keeps from step to step, but the vector field", () => {
    const kept = (mu: Scalar) =>
      (
        solveParts(whole, Kvaerno5(), {
          ...controlled,
          y0: [1.5, 0.3],
          args: [mu, 1.3],
          saveat: { t1: true, solverState: true },
        }) as unknown as { solverState: { jacobian: { factors: readonly Tensor[] } } }
      ).solverState.jacobian.factors;
    const { value, tangent } = jvp(kept as never, [20], [1]) as unknown as Record<
      "value" | "tangent",
      readonly Tensor[]
    >;
    expect(value.some((x) => x.data.some((element) => Number(element) !== 0))).toBe(true);
    for (const x of tangent)
      expect([...x.data].every((element) => Number(element) === 0)).toBe(true);
  });
});

describe("the gradient through a solve for many unknowns", () => {
  const n = 12;
  // Heat in a rod that is cold at both ends, and radiates.
  const rod = traced((_t: Scalar, y: Tensor, k: Scalar) => {
    const cells = np.pad(y, 1);
    const neighbours = np.add(np.slice(cells, [0, n]), np.slice(cells, [2, n + 2]));
    const flow = np.mul(np.mul(k, 100), np.sub(neighbours, np.mul(2, y)));
    return np.sub(flow, np.mul(y, np.mul(y, y)));
  });
  const energy =
    (solver: unknown, options: object = {}, read = (ys: Tensor): Tensor => np.mul(ys, ys)) =>
    (k: Scalar): Scalar =>
      np.sum(
        read(
          solveParts(rod, solver, {
            t0: 0,
            t1: 0.3,
            dt0: 1e-3,
            y0: np.tensor(Array.from({ length: n }, (_, i) => Math.sin((i + 1) / 4))),
            args: k,
            stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-10 }),
            ...options,
          }).ys,
        ),
      );
  const exact = grad(energy(Kvaerno5()))(1);

  test.each<[string, unknown]>([
    ["a band", VeryChord({ linearSolver: BandedLU({ lower: 1, upper: 1 }) })],
    ["an iterative linear solver", VeryChord({ linearSolver: GMRES({ rtol: 1e-9, atol: 1e-12 }) })],
    ["Newton's method", Newton()],
  ])("is the same with %s", (_name, rootFinder) => {
    // Steps are controlled at 1e-8, and change a little with the iteration.
    expect(grad(energy(Kvaerno3({ rootFinder: rootFinder as RootFinder })))(1)).toBeCloseTo(
      exact,
      6,
    );
  });

  test("is that of what a dense solution says", () => {
    const dense = (k: Scalar): Scalar => {
      const solution = solveParts(rod, Kvaerno5(), {
        t0: 0,
        t1: 0.3,
        dt0: 1e-3,
        y0: np.ones([n]),
        args: k,
        saveat: { dense: true },
        maxSteps: 300,
        stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-10 }),
      });
      return np.sum(solution.evaluate(0.123));
    };
    const [h, run] = [1e-3, jit(dense)];
    // The steps change with k, and what lies between them has an error of order 3.
    expect(grad(dense)(1)).toBeCloseTo((run(1 + h).item() - run(1 - h).item()) / (2 * h), 3);
    expect((jacfwd(dense as never)(1 as never) as Scalar).item()).toBeCloseTo(grad(dense)(1), 11);
  });

  test("is that of the time of an event", () => {
    const warm = traced((_t: Scalar, y: Tensor) => np.sub(np.sum(y), 3));
    const time = (k: Scalar): Scalar =>
      solveParts(rod, Kvaerno5(), {
        t0: 0,
        t1: 5,
        dt0: 1e-3,
        y0: np.ones([n]),
        args: k,
        stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-10 }),
        event: Event({ condFn: warm, rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }) }),
      }).ts.at(0);
    const [h, run] = [1e-3, jit(time)];
    expect(grad(time)(1)).toBeCloseTo((run(1 + h).item() - run(1 - h).item()) / (2 * h), 4);
  });
});

describe("a band that is true where the solve starts, and not where it comes to", () => {
  // The rate of `a` depends on `c`, two places away, as soon as `b` is not zero.
  const coupled = traced((_t: Scalar, [a, b, c]: readonly Scalar[], k: Scalar) => [
    np.sub(np.sin(np.mul(b!, c!)), a!),
    np.sub(1, b!),
    np.sub(k, c!),
  ]);
  const end =
    (solver: unknown) =>
    (k: Scalar): Scalar =>
      (
        solveParts(coupled, solver, {
          t0: 0,
          t1: 2,
          dt0: 0.01,
          y0: [1, 0, 0],
          args: k,
          maxSteps: 300,
          stepsizeController: PIDController({ rtol: 1e-7, atol: 1e-9 }),
        }).ys as unknown as readonly Tensor[]
      )[0]!.at(0) as Scalar;
  const narrow = BandedLU({ lower: 0, upper: 1 });
  const wide = BandedLU({ lower: 0, upper: 2 });
  const outside = /holds numbers outside of a band with lower 0 and upper 1/u;

  test("leaves the iteration its end, and is refused where that is differentiated", () => {
    const by = (linearSolver: BandedLU) =>
      end(Kvaerno5({ rootFinder: VeryChord({ linearSolver }) }));
    const exact = end(Kvaerno5());
    expect(jit(by(narrow))(2).item()).toBeCloseTo(jit(exact)(2).item(), 5);
    expect(() => grad(by(narrow))(2)).toThrow(outside);
    expect(() => jit(grad(by(narrow)))(2)).toThrow(outside);
    expect(() => jvp(by(narrow), [2], [1])).toThrow(outside);
    expect(grad(by(wide))(2)).toBeCloseTo(grad(exact)(2), 5);
  });
});
