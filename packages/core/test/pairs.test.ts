import {
  BacksolveAdjoint,
  ClipStepSizeController,
  DirectAdjoint,
  diffeqsolve,
  Event,
  ForwardMode,
  grad,
  HalfSolver,
  Heun,
  jit,
  jvp,
  MultiTerm,
  Newton,
  noinline,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  SemiImplicitEuler,
  StormerVerlet,
  type Tensor,
  traced,
  Tsit5,
  vmap,
  Yoshida4,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const velocity = (_t: number, p: number): number => p;
const force = (_t: number, q: number): number => -Math.sin(q);
const energy = (q: number, p: number): number => p ** 2 / 2 - Math.cos(q);

const solvers = [
  ["SemiImplicitEuler()", SemiImplicitEuler],
  ["StormerVerlet()", StormerVerlet],
  ["Yoshida4()", Yoshida4],
] as const;

const times = { t0: 0, t1: 1, dt0: 0.1 };

describe("over a million steps of a pendulum", () => {
  const [t1, dt0] = [1e5, 0.1];
  const ts = np.linspace(0, t1, 2001);
  const long = { t0: 0, t1, dt0, y0: [1, 0], maxSteps: null, saveat: { ts } } as const;

  test.each([
    // The error of the energy goes with the power of the step that is the order: 10⁻¹, 10⁻², 10⁻⁴ times a number below one.
    ["SemiImplicitEuler()", SemiImplicitEuler, 0.1],
    ["StormerVerlet()", StormerVerlet, 0.01],
    ["Yoshida4()", Yoshida4, 1e-4],
  ] as const)("the energy stays where it was, and does not drift: %s", (_, make, bound) => {
    const { ys, stats } = diffeqsolve([velocity, force], make(), long);
    expect(stats.numSteps).toBe(1e6);
    const [q, p] = [[...ys[0]], [...ys[1]]];
    const errors = q.map((x, i) => Math.abs(energy(x, p[i]!) - energy(1, 0)));
    expect(Math.max(...errors)).toBeLessThan(bound);
    const [early, late] = [errors.slice(0, 1000), errors.slice(-1000)].map((e) => Math.max(...e));
    expect(late! / early!).toBeLessThan(1.01);
  });

  test("the energy of a method that is not symplectic does drift", () => {
    const { ys } = diffeqsolve((_t, [q, p]) => [p, -Math.sin(q)], Heun(), long);
    const last = energy(ys[0].at(-1).item(), ys[1].at(-1).item());
    expect(Math.abs(last - energy(1, 0))).toBeGreaterThan(0.1);
  });

  test.each([
    ["StormerVerlet()", StormerVerlet],
    ["Yoshida4()", Yoshida4],
  ])("a solve back from the end comes to the start: %s", (_, make) => {
    const there = diffeqsolve([velocity, force], make(), { ...long, saveat: { t1: true } }).ys;
    const { ys } = diffeqsolve([velocity, force], make(), {
      ...long,
      t0: t1,
      t1: 0,
      dt0: -dt0,
      y0: [there[0].at(0), there[1].at(0)],
      saveat: { t1: true },
    });
    // Roundings of 1e-16 a step add up to 1e-10, and move along the orbit, which makes them larger by the number of turns.
    expect(Math.abs(ys[0].at(0).item() - 1)).toBeLessThan(1e-7);
    expect(Math.abs(ys[1].at(0).item())).toBeLessThan(1e-7);
  });
});

describe.each(solvers)("a pair is solved by %s", (_, make) => {
  const ends = (ys: readonly Tensor[]): number[] => ys.map((row) => row.at(-1).item());
  const known = ends(diffeqsolve([velocity, force], make(), { ...times, y0: [1, 0.5] }).ys);

  test("with functions on tensors, with terms, inside jit, and in a batch: the same bits", () => {
    const v = traced((_t: Scalar, p: Tensor) => p);
    const f = traced((_t: Scalar, q: Tensor) => np.neg(np.sin(q)));
    const options = { ...times, y0: [1, 0.5] } as const;
    expect(ends(diffeqsolve([v, f], make(), options).ys)).toEqual(known);
    expect(ends(diffeqsolve([ODETerm(v), force], make(), options).ys)).toEqual(known);
    const end = (q: Scalar, p: Scalar): Tensor => {
      const { ys } = diffeqsolve([velocity, force], make(), { ...times, y0: [q, p] });
      return np.stack([ys[0].at(0), ys[1].at(0)]);
    };
    expect([...jit(end)(1, 0.5)]).toEqual(known);
    const batch = vmap(end)(Float64Array.of(1, 2), Float64Array.of(0.5, 0));
    expect([...batch.at(0)]).toEqual(known);
  });

  test("of records whose parts have names of their own", () => {
    const { ys } = diffeqsolve(
      [
        (_t, { px, py }) => ({ x: px, y: py }),
        (_t, { x, y }) => ({ px: -Math.sin(x), py: -Math.sin(y) }),
      ],
      make(),
      {
        ...times,
        y0: [
          { x: 1, y: 1 },
          { px: 0.5, py: 0.5 },
        ],
      },
    );
    expect(ends([ys[0].x, ys[1].px])).toEqual(known);
    expect(ends([ys[0].y, ys[1].py])).toEqual(known);
  });

  test("of vectors, tuples, and arrays that are not as long as each other", () => {
    const { ys } = diffeqsolve([(_t, p) => p, (_t, q) => q.map((x) => -Math.sin(x))], make(), {
      ...times,
      y0: [Float64Array.of(1, 1), Float64Array.of(0.5, 0.5)],
    });
    expect(ys.map((rows) => rows.at(-1, 1).item())).toEqual(known);

    // A wave on a staggered grid: pressures in 4 cells, and speeds at the 3 walls between them.
    const wave = diffeqsolve(
      [(_t, [a, b, c]) => [-a, a - b, b - c, c], (_t, [a, b, c, d]) => [a - b, b - c, c - d]],
      make(),
      {
        ...times,
        y0: [
          [1, 0, 0, 0],
          [0, 0, 0],
        ],
      },
    );
    const total = wave.ys[0].reduce((sum, row) => sum + row.at(0).item(), 0);
    expect(total).toBeCloseTo(1, 14);
    expect(wave.ys[1][0].at(0).item()).toBeGreaterThan(0.3);
  });

  test("in single precision", () => {
    const single = (x: number): Tensor => np.tensor(x, { dtype: "float32" });
    const { ys } = solveParts<readonly Tensor[]>([velocity, force], make(), {
      ...times,
      y0: [single(1), single(0.5)],
    });
    expect(ys.map((row) => row.dtype)).toEqual(["float32", "float32"]);
    for (const [i, x] of ends(ys).entries()) expect(Math.abs(x - known[i]!)).toBeLessThan(1e-5);
  });

  test("of no numbers at all", () => {
    const none = new Float64Array(0);
    const { ys } = solveParts<readonly Tensor[]>(
      [(_t: number, p: unknown) => p, (_t: number, q: unknown) => q],
      make(),
      { ...times, y0: [none, none] },
    );
    expect(ys.map((row) => row.shape)).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  test("with functions that stay functions of their own, and with forces that are added up", () => {
    const options = { ...times, y0: [1, 0.5] };
    const alone = solveParts<readonly Tensor[]>(
      [velocity, noinline(force as never)],
      make(),
      options,
    );
    expect(ends(alone.ys)).toEqual(known);
    const half = ODETerm((_t: number, q: number) => -Math.sin(q) / 2);
    const sum = solveParts<readonly Tensor[]>([velocity, MultiTerm(half, half)], make(), options);
    for (const [i, x] of ends(sum.ys).entries()) expect(x).toBeCloseTo(known[i]!, 14);
  });

  test("with adapted steps in HalfSolver, from a first step that is chosen", () => {
    const { ys, stats } = diffeqsolve([velocity, force], HalfSolver(make()), {
      ...times,
      dt0: null,
      y0: [1, 0.5],
      stepsizeController: PIDController({ rtol: 1e-5, atol: 1e-7 }),
    });
    const exact = ends(
      diffeqsolve((_t, [q, p]) => [p, -Math.sin(q)], Tsit5(), { ...times, dt0: 1e-3, y0: [1, 0.5] })
        .ys,
    );
    // Each step adds an error of the tolerance at most, and the pendulum makes them no larger.
    const bound = 2e-5 * stats.numAcceptedSteps;
    for (const [i, x] of ends(ys).entries()) expect(Math.abs(x - exact[i]!)).toBeLessThan(bound);
  });

  test("with a force that jumps", () => {
    const jumping = (_t: number, q: number): number => (_t < 0.5 ? -q : 4 - q);
    const at = (tc: readonly number[]): number[] =>
      ends(
        diffeqsolve([velocity, jumping], HalfSolver(make()), {
          ...times,
          y0: [1, 0],
          maxSteps: null,
          stepsizeController: ClipStepSizeController({
            controller: PIDController({ rtol: 1e-6, atol: 1e-8 }),
            jumpTs: tc,
          }),
        }).ys,
      );
    // q = cos t, and after the jump also 4 (1 - cos(t - ½))
    const exact = Math.cos(1) + 4 * (1 - Math.cos(0.5));
    expect(Math.abs(at([0.5])[0]! - exact)).toBeLessThan(1e-3);
  });

  test("to an event, forward and backward", () => {
    const event = Event({
      condFn: (_t: number, [q]: readonly [number, number]) => q,
      rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }),
    });
    const at = (sign: 1 | -1): number =>
      diffeqsolve([velocity, (_t, q) => -q], make(), {
        t0: 0,
        t1: 10 * sign,
        dt0: 0.01 * sign,
        y0: [1, 0],
        event,
      })
        .ts.at(0)
        .item();
    expect(at(1)).toBeCloseTo(Math.PI / 2, 1);
    expect(at(-1)).toBe(-at(1));
  });

  test("with derivatives: by the start, by arguments, and by parameters of a term", () => {
    type Variables = { readonly q: Scalar; readonly k: Scalar; readonly m: Scalar };
    const end =
      (adjoint: object) =>
      ({ q, k, m }: Variables): Scalar => {
        const pull = ODETerm<number, number, number>(
          (_t: number, x: number, g: number, mass: number) => (-g * Math.sin(x)) / mass,
          m,
        );
        const { ys } = solveParts<readonly Tensor[]>([velocity, pull], make(), {
          ...times,
          y0: [q, 0.5],
          args: k,
          adjoint,
        });
        return ys[0]!.at(0).add(ys[1]!.at(0)) as Scalar;
      };
    const at = { q: 1, k: 2, m: 3 };
    const slopes = (name: keyof typeof at): number => {
      const [h, f] = [1e-6, jit(end(RecursiveCheckpointAdjoint()))];
      const [more, less] = [at[name] + h, at[name] - h];
      return (f({ ...at, [name]: more }).item() - f({ ...at, [name]: less }).item()) / (2 * h);
    };
    for (const adjoint of [RecursiveCheckpointAdjoint(), DirectAdjoint()]) {
      const found = grad(end(adjoint))(at);
      for (const name of ["q", "k", "m"] as const)
        expect(Math.abs(found[name] - slopes(name))).toBeLessThan(1e-8);
    }
    const forward = jvp(end(ForwardMode()), [at], [{ q: 1, k: 0, m: 0 }]).tangent;
    expect(Math.abs(forward.item() - slopes("q"))).toBeLessThan(1e-8);
  });
});

describe("between the steps", () => {
  const harmonic = (_t: number, q: number): number => -q;

  test.each([
    ["SemiImplicitEuler()", SemiImplicitEuler, 1],
    ["StormerVerlet()", StormerVerlet, 2],
    ["Yoshida4()", Yoshida4, 4],
  ] as const)("%s is as good as at their ends, backward too", (_, make, order) => {
    const worst = (dt: number, sign: 1 | -1): number => {
      const { evaluate, derivative } = diffeqsolve([velocity, harmonic], make(), {
        t0: 0,
        t1: sign,
        dt0: sign * dt,
        y0: [1, 0],
        saveat: { dense: true },
      });
      const at = Array.from({ length: 37 }, (_, i) => (sign * i) / 36);
      const errors = at.map((t) => Math.abs(evaluate(t)[0].item() - Math.cos(t)));
      const slopes = at.map((t) => Math.abs(derivative(t)[0].item() + Math.sin(t)));
      expect(Math.max(...slopes)).toBeLessThan(order === 1 ? 2 * dt : 2 * dt ** Math.min(order, 3));
      return Math.max(...errors);
    };
    for (const sign of [1, -1] as const)
      expect(Math.abs(Math.log2(worst(0.05, sign) / worst(0.025, sign)) - order)).toBeLessThan(0.3);
  });
});

describe("what is wrong with a pair is said by name:", () => {
  const options = { ...times, y0: [1, 0] };
  const solve = (terms: unknown, given: object = {}): unknown =>
    solveParts(terms, StormerVerlet(), { ...options, ...given });
  const takes = "StormerVerlet takes 2 terms (velocity, force)";
  const write =
    "write [ODETerm(velocity), ODETerm(force)], with velocity(t, y[1], args) for the derivative of y[0] and " +
    "force(t, y[0], args) for the derivative of y[1]";

  test.each([
    ["one function", velocity, "one of the kind ODETerm"],
    ["one term", ODETerm(velocity), "one of the kind ODETerm"],
    ["a list of one", [velocity], "[ODETerm]"],
    ["three", [velocity, force, force], "[ODETerm, ODETerm, ODETerm]"],
    ["none", [], "[]"],
    ["a sum", MultiTerm(ODETerm(velocity), ODETerm(force)), "MultiTerm(ODETerm, ODETerm)"],
  ])("%s for the terms", (_, terms, got) => {
    expect(() => solve(terms)).toThrow(TypeError);
    expect(() => solve(terms)).toThrow(`diffeqsolve: terms: ${takes}, got ${got}; ${write}`);
  });

  test.each([
    ["a number", 1, "1"],
    ["a vector", Float64Array.of(1, 0), "a Float64Array of 2"],
    ["a tensor", np.tensor([1, 0]), "float64[2]"],
    ["a record", { q: 1, p: 0 }, "an object with the keys q, p"],
    ["three parts", [1, 0, 0], "an array of 3"],
  ])("%s for the state", (_, y0, got) => {
    expect(() => solve([velocity, force], { y0 })).toThrow(TypeError);
    expect(() => solve([velocity, force], { y0 })).toThrow(
      `diffeqsolve: y0: ${takes}, each for a part of the state, so that y0 must be an array of 2 parts, got ${got}; write y0: [q, p]`,
    );
  });

  test("a term of the list that is none", () => {
    expect(() => solve([velocity, null])).toThrow(
      "diffeqsolve: terms[1] must be a vector field (t, y, args) => dy/dt, a term such as ODETerm(f), or { drift, diffusion, control }, got null",
    );
    expect(() => solve([{ ...ODETerm(velocity), vf: undefined }, force])).toThrow(
      "diffeqsolve: terms[0] must be one such as ODETerm(f); ODETerm has no member vf",
    );
    expect(() => solve({ velocity, force })).toThrow(
      "or for a solver of several terms a list of these, got an object with the keys velocity, force",
    );
  });

  test("a result unlike the part that the term changes", () => {
    expect(() => solve([velocity, (_t: number, q: number) => [q, q]])).toThrow(
      "vector field of y0[1]: result: expected a number or an array of numbers, got an array of 2",
    );
    expect(() =>
      solve([(_t: number, { px }: { px: number }) => ({ px }), () => ({ px: 0 })], {
        y0: [{ x: 1 }, { px: 0 }],
      }),
    ).toThrow("vector field of y0[0]: result: ");
    const long = traced((_t: Scalar, q: Tensor) => np.concatenate([q, q]));
    const vectors = { y0: [Float64Array.of(1, 0), Float64Array.of(0, 1)] };
    expect(() => solve([velocity, long], vectors)).toThrow(
      "vector field of y0[1]: result: expected float64[2] as in y0[1], got float64[4]",
    );
    expect(() => solve([velocity, () => undefined])).toThrow("vector field of y0[1]");
  });

  test("steps that are to be adapted without an error estimate, and BacksolveAdjoint", () => {
    const stepsizeController = PIDController({ rtol: 1e-3, atol: 1e-6 });
    expect(() => solve([velocity, force], { stepsizeController })).toThrow("HalfSolver");
    expect(() => solve([velocity, force], { adjoint: BacksolveAdjoint() })).toThrow(
      "BacksolveAdjoint() cannot be used with a solver that takes several terms",
    );
  });

  test("a pair for a solver of one term", () => {
    expect(() => solveParts([velocity, force], Tsit5(), options)).toThrow(
      "diffeqsolve: terms: Tsit5 takes one term, got [ODETerm, ODETerm]; add terms up with MultiTerm(…), " +
        "or take a solver for several terms, such as StormerVerlet()",
    );
  });
});
