import {
  ALIGN,
  ControlTerm,
  DirectAdjoint,
  Euler,
  ForwardMode,
  grad,
  Heun,
  jit,
  jvp,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  QUICSORT,
  ReversibleHeun,
  type Scalar,
  ShOULD,
  type Tensor,
  traced,
  Tsit5,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  UnsafeBrownianPath,
  VirtualBrownianTree,
  vmap,
} from "@diffrax-ts/core";
import { checkTraces } from "@diffrax-ts/autodiff";
import type { LevyArea } from "@diffrax-ts/protocol";
import { isTensor } from "@diffrax-ts/pytree";
import { key, normal, split } from "@diffrax-ts/random";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const makers = { ALIGN, ShOULD, QUICSORT } as const;
const each = Object.entries(makers);

const doubleWell = traced((x: Tensor) => np.sub(np.mul(np.mul(x, x), x), x));

/** A Brownian motion that all three methods can be driven by. */
const motion = (
  shape: unknown,
  more: Readonly<Record<string, unknown>> = {},
  levyArea: LevyArea = "SpaceTimeTimeLevyArea",
) =>
  VirtualBrownianTree({
    t0: 0,
    t1: 2,
    tol: 2 ** -10,
    shape: shape as number[],
    key: key(5),
    levyArea,
    ...more,
  });

const dynamics = (
  options: { readonly gamma: unknown; readonly u: unknown; readonly gradF: unknown },
  bm: unknown,
) =>
  MultiTerm(
    UnderdampedLangevinDriftTerm(options as never),
    UnderdampedLangevinDiffusionTerm({ gamma: options.gamma, u: options.u, bm: bm as never }),
  );

/** Position and velocity at the end, of whatever form they are. */
const ends = (
  terms: unknown,
  solver: unknown,
  y0: unknown,
  more: Readonly<Record<string, unknown>> = {},
): readonly [Tensor, Tensor] => {
  const options = { t0: 0, t1: 2, dt0: 0.125, maxSteps: 1e5, y0, ...more };
  return atEnd(solveParts(terms, solver, options).ys) as readonly [Tensor, Tensor];
};

const atEnd = (rows: unknown): unknown => {
  if (Array.isArray(rows)) return rows.map(atEnd);
  if (isTensor(rows)) return rows.at(-1);
  return Object.fromEntries(Object.entries(rows as object).map(([name, of]) => [name, atEnd(of)]));
};

/** All numbers of a tree, leaf by leaf. */
const numbers = (tree: unknown): number[] =>
  (JSON.stringify(tree).match(/-?\d[\d.e+-]*/gu) ?? []).map(Number);

describe("strong convergence, over 256 paths in a double well:", () => {
  const n = 256;
  const y0 = [normal(key(1), [n]), normal(key(2), [n])];
  const terms = dynamics({ gamma: 1.3, u: 0.7, gradF: doubleWell }, motion([n]));
  const exact = ends(terms, QUICSORT({ taylorThreshold: 0.01 }), y0, { dt0: 2 ** -9 }).map(numbers);

  const errorWith = (solver: unknown, dt0: number): number => {
    const made = ends(terms, solver, y0, { dt0 }).map(numbers);
    const squares = made.flatMap((part, i) => part.map((x, j) => (x - exact[i]![j]!) ** 2));
    return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
  };

  test.each([
    ["ALIGN", 2],
    ["ShOULD", 3],
    ["QUICSORT", 3],
  ] as const)("%s has the order %d", (name, order) => {
    const solver = makers[name]({ taylorThreshold: 0.01 });
    expect(solver.claims.strongOrder).toBe(order);
    // The slope over four halvings
    const slope = Math.log2(errorWith(solver, 2 ** -3) / errorWith(solver, 2 ** -7)) / 4;
    expect(Math.abs(slope - order)).toBeLessThan(0.2);
  });
});

describe("in the long run", () => {
  // 4096 chains that know nothing of one another. Of a right mean of so many numbers |z| > 4.4 has the probability 1e-5, and there are
  // 12 means: a false alarm comes with probability 1.3e-4, were the keys not fixed.
  const n = 4096;
  const scores = (values: readonly number[], mean: number): number => {
    const own = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((sum, x) => sum + (x - own) ** 2, 0) / (n - 1);
    return Math.abs(own - mean) / Math.sqrt(variance / n);
  };
  /** The mean of `g(x)` under the density `exp(-f)`, by the trapezoidal rule. */
  const meanOf = (g: (x: number) => number, f: (x: number) => number): number => {
    const xs = Array.from({ length: 4001 }, (_, i) => -10 + i / 200);
    const weights = xs.map((x) => Math.exp(-f(x)));
    const total = weights.reduce((a, b) => a + b, 0);
    return xs.reduce((sum, x, i) => sum + g(x) * weights[i]!, 0) / total;
  };
  const potential = (x: number): number => x ** 4 / 4 - x ** 2 / 2;

  test.each(each)(
    "%s has positions with the density exp(-f) and velocities with the variance u",
    (_, make) => {
      const bm = UnsafeBrownianPath({ shape: [n], key: key(7), levyArea: "SpaceTimeTimeLevyArea" });
      const u = 0.5;
      const terms = dynamics({ gamma: 1, u, gradF: doubleWell }, bm);
      const y0 = [np.zeros([n]), np.zeros([n])];
      const [x, v] = ends(terms, make(), y0, { t1: 40, dt0: 0.1 }).map(numbers);
      const squared = (values: readonly number[]) => values.map((one) => one ** 2);
      expect(
        scores(
          squared(x!),
          meanOf((one) => one ** 2, potential),
        ),
      ).toBeLessThan(4.4);
      expect(
        scores(
          x!.map((one) => one ** 4),
          meanOf((one) => one ** 4, potential),
        ),
      ).toBeLessThan(4.4);
      expect(scores(squared(v!), u)).toBeLessThan(4.4);
      const product = x!.map((one, i) => one * v![i]!);
      expect(scores(product, 0)).toBeLessThan(4.4);
    },
  );
});

describe("backward in time", () => {
  const y0 = [
    [1, -0.5],
    [0, 0.3],
  ];
  const gradF = ([a, b]: readonly number[]) => [a!, 4 * b!];
  const terms = dynamics({ gamma: 1.5, u: 0.5, gradF }, motion([2]));

  test.each(each)("%s comes back along the same path", (_, make) => {
    const back = (dt0: number): number => {
      const there = ends(terms, make(), y0, { dt0 });
      const pairs = there.map(numbers);
      const home = ends(terms, make(), pairs, { t0: 2, t1: 0, dt0: -dt0 });
      return Math.max(...numbers(home).map((x, i) => Math.abs(x - y0.flat()[i]!)));
    };
    const [coarse, fine] = [back(2 ** -4), back(2 ** -6)];
    // Of order 2 at least, and far from the distance of paths with other noise
    expect(fine).toBeLessThan(1e-3);
    expect(coarse / fine).toBeGreaterThan(12);
  });
});

describe("derivatives with respect to friction, damping, the potential and the start agree:", () => {
  const loss =
    (make: () => unknown, more: Readonly<Record<string, unknown>> = {}) =>
    (p: {
      readonly gamma: Tensor;
      readonly u: Scalar;
      readonly k: Scalar;
      readonly x: Tensor;
    }): Scalar => {
      const gradF = traced((x: Tensor, { k }: { readonly k: Scalar }) =>
        np.mul(k, np.sub(np.mul(np.mul(x, x), x), x)),
      );
      const terms = dynamics({ gamma: p.gamma, u: p.u, gradF }, motion([2]));
      const y0 = [p.x, np.mul(p.x, 0.5)];
      const [x, v] = ends(terms, make(), y0, { dt0: 0.1, args: { k: p.k }, maxSteps: 64, ...more });
      return np.sum(np.add(np.mul(x, x), np.mul(v, p.k)));
    };
  const at = {
    gamma: np.tensor([0.4, 1.7]),
    u: np.tensor(0.8),
    k: np.tensor(1.2),
    x: np.tensor([0.7, -1.1]),
  };

  test.each(each)("%s", (_, make) => {
    const wanted = numbers(grad(loss(make))(at as never));
    const direct = numbers(grad(loss(make, { adjoint: DirectAdjoint() }))(at as never));
    const forward = loss(make, { adjoint: ForwardMode() });
    const names = ["gamma", "u", "k", "x"] as const;
    const flat = names.flatMap((name) => numbers(at[name]).map((_, i) => [name, i] as const));
    const unit = (name: string, i: number) =>
      Object.fromEntries(
        names.map((one) => {
          const zeros = numbers(at[one]).map((_, j) => (one === name && i === j ? 1 : 0));
          return [one, at[one].shape.length === 0 ? np.tensor(zeros[0]!) : np.tensor(zeros)];
        }),
      );
    const byForward = flat.map(
      ([name, i]) => jvp(forward as never, [at], [unit(name, i)] as never).tangent as Scalar,
    );
    const plain = jit(loss(make) as never) as unknown as (p: unknown) => Scalar;
    const byDifferences = flat.map(([name, i]) => {
      const moved = (h: number) =>
        plain({ ...at, [name]: np.add(at[name], np.mul(unit(name, i)[name]!, h)) }).item();
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    const close = (digits: number) => wanted.map((x) => expect.closeTo(x, digits) as number);
    expect(direct).toEqual(close(10));
    expect(numbers(byForward)).toEqual(close(10));
    // Differences are right to 1e-10 by their step and to 1e-16 / 1e-5 by rounding.
    expect(byDifferences).toEqual(close(7));
  });
});

describe("states of every form", () => {
  const y0 = [
    { a: [0.3, -0.2], b: 0.5 },
    { a: [0, 1], b: -0.4 },
  ];
  const gradF = ({ a, b }: { readonly a: readonly number[]; readonly b: number }, k: number) => ({
    a: a.map((x) => k * x ** 3 + x),
    b: 2 * b + Math.sin(b),
  });
  const shape = { a: [[], []], b: [] };

  test.each(each)("%s: leaf by leaf, with a friction for each or one for all", (_, make) => {
    const run = (gamma: unknown, u: unknown) =>
      numbers(ends(dynamics({ gamma, u, gradF }, motion(shape)), make(), y0, { args: 1.5 }));
    const wanted = run(2, 0.7);
    expect(run({ a: [2, 2], b: 2 }, { a: 0.7, b: 0.7 })).toEqual(wanted);
    expect(run({ a: Float64Array.of(2, 2), b: 2 }, 0.7)).toEqual(wanted);
    expect(run({ a: [2, 2.5], b: 2 }, 0.7)).not.toEqual(wanted);
  });

  test.each(each)("%s: one number, an empty vector, and arrays of float32", (_, make) => {
    const cube = (x: number): number => x ** 3;
    const one = dynamics({ gamma: 1, u: 1, gradF: cube }, motion([]));
    expect(numbers(ends(one, make(), [0.5, 0])).every(Number.isFinite)).toBe(true);
    const same = traced((x: Tensor) => x);
    const empty = dynamics({ gamma: 1, u: 1, gradF: same }, motion([0]));
    expect(numbers(ends(empty, make(), [new Float64Array(0), new Float64Array(0)]))).toEqual([]);
    const single = motion({ shape: [2], dtype: "float32" });
    const small = dynamics({ gamma: [1, 2], u: 1, gradF: same }, single);
    const [x, v] = ends(small, make(), [Float32Array.of(1, 2), new Float32Array(2)]);
    expect([x.dtype, v.dtype]).toEqual(["float32", "float32"]);
  });

  test.each(each)("%s: without friction, where the energy stays", (_, make) => {
    const terms = dynamics({ gamma: 0, u: 1, gradF: (x: number) => x }, motion([]));
    const [x, v] = numbers(ends(terms, make(), [1, 0], { dt0: 2 ** -8 }));
    expect(x).toBeCloseTo(Math.cos(2), 4);
    expect(v).toBeCloseTo(-Math.sin(2), 4);
  });
});

describe("many solves", () => {
  const n = 5;
  const solve = (gamma: Scalar, seed: Tensor) => {
    const terms = dynamics({ gamma, u: 1, gradF: doubleWell }, motion([2], { key: seed }));
    return ends(terms, QUICSORT(), [np.tensor([1, 0]), np.tensor([0, 1])], { dt0: 0.1 });
  };

  test("batched have the bits of one after the other", () => {
    const [gammas, keys] = [np.linspace(0.01, 9, n), split(key(3), n)];
    const batch = numbers(vmap(solve)(gammas, keys));
    const one = jit(solve as never) as unknown as typeof solve;
    const alone = Array.from({ length: n }, (_, i) => one(gammas.at(i), keys.at(i)).map(numbers));
    expect(batch).toEqual([0, 1].flatMap((part) => alone.flatMap((made) => made[part]!)));
  });

  test("with terms made anew and other numbers trace once", () => {
    const checks = checkTraces("never"); // each trace is made twice there
    let calls = 0;
    const gradF = traced((x: Tensor, k: Scalar) => {
      calls++;
      return np.mul(x, k);
    });
    const bm = motion([2]);
    const run = (gamma: number) =>
      ends(
        dynamics({ gamma, u: 1, gradF }, bm),
        ALIGN(),
        [Float64Array.of(1, 0), Float64Array.of(0, 1)],
        { args: gamma },
      );
    run(1);
    const first = calls;
    const values = [2, 3, 4].map((gamma) => numbers(run(gamma))[0]);
    expect(calls).toBe(first);
    expect(new Set(values).size).toBe(3);
    checkTraces(checks);
  });

  test("go on from a state that was kept, with the bits of one solve", () => {
    const gradF = ([a, b]: readonly number[]) => [a! ** 3, b! - a!];
    const terms = dynamics({ gamma: 1, u: 1, gradF }, motion([2]));
    const y0 = [
      [1, 0],
      [0, 1],
    ];
    const keep = { t1: true, solverState: true };
    for (const [, make] of each) {
      const options = { t0: 0, t1: 1, dt0: 0.125, y0, saveat: keep };
      const first = solveParts<readonly (readonly Tensor[])[]>(terms, make(), options);
      const middle = first.ys.map((part) => part.map((x) => x.at(-1).item()));
      const { solverState } = first;
      const second = ends(terms, make(), middle, { t0: 1, solverState });
      expect(numbers(second)).toEqual(numbers(ends(terms, make(), y0)));
    }
  });
});

describe("what does not fit is said:", () => {
  const gradF = ([a, b]: readonly number[]) => [a!, b!];
  const y0 = [
    [1, 0],
    [0, 1],
  ];
  const good = { gamma: 1, u: 1, gradF };
  const drift = UnderdampedLangevinDriftTerm(good as never);
  const noise = (bm: unknown, more: object = {}) =>
    UnderdampedLangevinDiffusionTerm({ gamma: 1, u: 1, bm, ...more } as never);
  const both = (bm: unknown, more: object = {}) => MultiTerm(drift, noise(bm, more));
  const wants =
    "takes a sum of 2 terms (a term of the kind UnderdampedLangevinDriftTerm, a term of the kind UnderdampedLangevinDiffusionTerm)";
  const ode = ODETerm((_t: number, y: unknown) => y as never);
  const adaptive = { stepsizeController: PIDController({ rtol: 1e-2, atol: 1e-3 }) };
  const plainMotion = motion([2], {}, "BrownianIncrement");

  test.each<[string, () => unknown, string]>([
    [
      "an ordinary equation for ALIGN",
      () => ends(ode, ALIGN(), y0),
      `ALIGN ${wants}, got one of the kind ODETerm`,
    ],
    [
      "ordinary terms for ShOULD",
      () =>
        ends(
          MultiTerm(
            ode,
            ControlTerm(() => 1, motion([])),
          ),
          ShOULD(),
          y0,
        ),
      `ShOULD ${wants}, got MultiTerm(ODETerm, ControlTerm); write MultiTerm(UnderdampedLangevinDriftTerm(…), UnderdampedLangevinDiffusionTerm(…))`,
    ],
    [
      "the drift alone",
      () => ends(drift, QUICSORT(), y0),
      `QUICSORT ${wants}, got one of the kind UnderdampedLangevinDriftTerm`,
    ],
    [
      "the noise first",
      () => ends(MultiTerm(noise(motion([2])), drift), ALIGN(), y0),
      `ALIGN ${wants}, got MultiTerm(UnderdampedLangevinDiffusionTerm, UnderdampedLangevinDriftTerm)`,
    ],
    [
      "a motion without Lévy areas",
      () => ends(both(plainMotion), ALIGN(), y0),
      'ALIGN needs a Brownian motion with levyArea: "SpaceTimeLevyArea" at least, got VirtualBrownianTree with "BrownianIncrement"',
    ],
    [
      "a motion with too few of them",
      () => ends(both(motion([2], {}, "SpaceTimeLevyArea")), ShOULD(), y0),
      'ShOULD needs a Brownian motion with levyArea: "SpaceTimeTimeLevyArea" at least, got VirtualBrownianTree with "SpaceTimeLevyArea"',
    ],
    [
      "another friction in the noise",
      () => ends(both(motion([2]), { gamma: 2 }), ALIGN(), y0),
      "ALIGN: gamma of UnderdampedLangevinDriftTerm and of UnderdampedLangevinDiffusionTerm differ; give both terms the same values",
    ],
    [
      "another damping in the noise",
      () => ends(both(motion([2]), { u: [1, 2] }), QUICSORT(), y0),
      "QUICSORT: u of UnderdampedLangevinDriftTerm and of UnderdampedLangevinDiffusionTerm differ; give both terms the same values",
    ],
    [
      "a friction of another structure",
      () => ends(dynamics({ ...good, gamma: { a: 1 } }, motion([2])), ALIGN(), y0),
      "UnderdampedLangevinDriftTerm: gamma: expected one number, or what the position y0[0] is like, an array of 2; got an object with the keys a",
    ],
    [
      "a motion of another shape",
      () => ends(both(motion([3])), ALIGN(), y0),
      "ALIGN: W of bm: expected one number, or what the position y0[0] is like, an array of 2; got float64[3]",
    ],
    [
      "a state that is no pair",
      () => ends(both(motion([2])), ALIGN(), [1, 0, 0]),
      "ALIGN: y0 must be [x, v], a position and a velocity, got an array of 3",
    ],
    [
      "adaptive steps without an estimate",
      () => ends(both(motion([2])), ShOULD(), y0, adaptive),
      "diffeqsolve: the solver makes no error estimates, so its steps cannot be adapted",
    ],
    [
      "a first step that is to be chosen",
      () => ends(both(motion([2])), ALIGN(), y0, { ...adaptive, dt0: null }),
      "dt0: null chooses a first step for ordinary differential equations",
    ],
    [
      "a threshold below 0",
      () => ALIGN({ taylorThreshold: -1 }),
      "ALIGN: taylorThreshold must be a number of at least 0, got -1",
    ],
    [
      "a threshold that is none",
      () => QUICSORT({ taylorThreshold: Number.NaN }),
      "QUICSORT: taylorThreshold must be a number of at least 0, got NaN",
    ],
    [
      "an option of Diffrax's name",
      () => ALIGN({ taylor_threshold: 1 } as never),
      "ALIGN: there is no option taylor_threshold, only taylorThreshold",
    ],
  ])("%s", (_, solve, message) => {
    expect(solve).toThrow(message);
  });

  test("a friction below 0, where it is traced", () => {
    const run = jit((gamma: Scalar) =>
      ends(dynamics({ ...good, gamma }, motion([2])), ALIGN(), y0),
    );
    expect(() => run(-1 as never)).toThrow(
      "ALIGN: gamma must be a number of at least 0 everywhere",
    );
  });

  test("Tsit5 on the sum is warned of, as on every stochastic equation", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    ends(both(motion([2])), Tsit5(), y0);
    expect(warn.mock.calls.flat().join()).toContain("Tsit5 does not say whether it converges");
    warn.mockRestore();
  });
});

describe("other solvers take the terms as they are:", () => {
  const gradF = ([a, b]: readonly number[]) => [a! ** 3 - a!, b!];
  const options = { gamma: [1, 0.5], u: 0.3, gradF };
  const y0 = [
    [1, 0],
    [0, 1],
  ];

  test.each([
    ["Euler", Euler(), 0.03],
    ["Heun", Heun(), 2e-3],
    ["ReversibleHeun", ReversibleHeun(), 2e-3],
  ] as const)("%s comes near to QUICSORT", (_, solver, near) => {
    const terms = dynamics(options, motion([2]));
    const wanted = numbers(ends(terms, QUICSORT(), y0, { dt0: 2 ** -6 }));
    const made = numbers(ends(terms, solver, y0, { dt0: 2 ** -9 }));
    expect(Math.max(...made.map((x, i) => Math.abs(x - wanted[i]!)))).toBeLessThan(near);
  });

  test("Tsit5 solves the drift, an ordinary equation", () => {
    const drift = UnderdampedLangevinDriftTerm({ gamma: 0, u: 1, gradF: (x: number) => x });
    const [x] = numbers(ends(drift, Tsit5(), [1, 0], { dt0: 0.01 }));
    expect(x).toBeCloseTo(Math.cos(2), 10);
  });
});
