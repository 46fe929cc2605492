import {
  BacksolveAdjoint,
  ControlTerm,
  DirectAdjoint,
  DirectBrownianPath,
  diffeqsolve,
  Euler,
  grad,
  HalfSolver,
  Heun,
  jit,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  StepTo,
  vmap,
} from "@diffrax-ts/core";
import { initTerm, termOver, traced } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const { mul, tensor } = np;

/** A key, as `@diffrax-ts/random` makes it. */
const key = (seed: number) => tensor([0, seed], { dtype: "uint32" });
const keysFrom = (first: number, n: number) =>
  tensor(
    Array.from({ length: n }, (_, i) => [0, first + i]),
    { dtype: "uint32" },
  );

const drift = ODETerm((t: number, y: number) => -y);
const pathOf = (k: Tensor) => DirectBrownianPath({ shape: [], key: k });
const termsFor = (k: Tensor) =>
  MultiTerm(
    drift,
    ControlTerm((t: number, y: number, factor: number) => factor, pathOf(k)),
  );
const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1, args: 1 } as const;
const walk = (t0: number, t1: number, dt0 = 0.01, k = key(0)): number[] =>
  diffeqsolve(
    ControlTerm(() => 1, pathOf(k)),
    Euler(),
    { t0, t1, dt0, y0: 0, saveat: { steps: true } },
  )
    .ys.toArray()
    .slice();
const incrementsOf = (ys: readonly number[]): number[] =>
  ys.map((y, i) => y - (i === 0 ? 0 : ys[i - 1]!));

describe("DirectBrownianPath(options), within a solve,", () => {
  test("gives the same numbers at every call, inside jit, for each key of a batch, and when only a part is saved", () => {
    const end = (k: Tensor): Tensor => diffeqsolve(termsFor(k), Euler(), options).ys.at(0);
    const wanted = end(key(3)).item();
    expect(end(key(3)).item()).toBe(wanted);
    expect(jit(end)(key(3)).item()).toBe(wanted);
    const keys = keysFrom(1, 3);
    const batch = vmap(end)(keys);
    for (let i = 0; i < 3; i++) expect(batch.at(i).item()).toBe(end(keys.at(i)).item());
    const saveat = { ts: [0.5, 1] };
    const { ys } = diffeqsolve(termsFor(key(3)), Euler(), { ...options, saveat });
    expect(ys.at(1).item()).toBe(wanted);
  });

  test("gives the same numbers where the times are arguments: of jit, of vmap, and of what is differentiated", () => {
    const end = (t0: Scalar, t1: Scalar, factor: Scalar): Tensor =>
      diffeqsolve(termsFor(key(3)), Euler(), { ...options, t0, t1, args: factor }).ys.at(0);
    const wanted = diffeqsolve(termsFor(key(3)), Euler(), options)
      .ys.at(0)
      .item();
    expect(jit(end)(0, 1, 1).item()).toBe(wanted);
    const batch = vmap((t1: Scalar) => end(tensor(0), t1, tensor(1)))(tensor([1, 1]));
    expect(batch.toArray()).toEqual([wanted, wanted]);
    const still = diffeqsolve(termsFor(key(3)), Euler(), { ...options, args: 0 })
      .ys.at(0)
      .item();
    // Linear in the factor of the noise
    const slope = grad(end, { argnums: 2 })(0, 1, 1);
    expect(slope).toBeCloseTo(wanted - still, 12);
  });

  test("gives each step the numbers of its place, so that steps of other lengths have the same ones", () => {
    const fine = incrementsOf(walk(0, 1)).map((dw) => dw / 0.1);
    const coarse = incrementsOf(walk(0, 25, 0.25)).map((dw) => dw / 0.5);
    expect(coarse).toEqual(fine.map((x) => expect.closeTo(x, 10) as number));
    expect(new Set(fine).size).toBe(100);
  });

  test("does not repeat its noise in a solve that goes on where another one ended", () => {
    const whole = incrementsOf(walk(0, 2));
    const next = incrementsOf(walk(1, 2));
    const close = next.filter((x) => whole.some((w) => Math.abs(w - x) < 1e-9));
    expect(close).toEqual([]);
  });

  test("takes steps at given times, a Runge-Kutta method, and trees of shapes and dtypes", () => {
    const dtype = "float32";
    const shape = { a: { shape: [2], dtype }, b: { shape: [], dtype } } as const;
    const noise = DirectBrownianPath({ shape, key: key(0) });
    const one = tensor(1, { dtype });
    const field = traced(() => ({ a: mul(one, np.eye(2, { dtype })), b: one }));
    const { ys } = diffeqsolve(ControlTerm(field, noise), Heun(), {
      t0: 0,
      t1: 1,
      dt0: null,
      y0: { a: np.zeros([2], { dtype }), b: np.zeros([], { dtype }) },
      saveat: { steps: true },
      stepsizeController: StepTo({ ts: [0, 0.1, 0.7, 1] }),
    });
    expect([ys.a.shape, ys.b.shape, ys.b.dtype]).toEqual([[3, 2], [3], "float32"]);
    const all = [...ys.a.toArray().flat(), ...ys.b.toArray()];
    expect(new Set(all).size).toBe(9);
  });

  test("is differentiated by adjoints that make steps again, with the same numbers", () => {
    // From 0 the solution is linear in the factor of the noise.
    const end = (factor: Scalar, adjoint: unknown): Tensor =>
      diffeqsolve(termsFor(key(5)), Euler(), {
        ...options,
        args: factor,
        y0: 0,
        adjoint: adjoint as never,
      }).ys.at(0);
    const value = diffeqsolve(termsFor(key(5)), Euler(), { ...options, y0: 0 })
      .ys.at(0)
      .item();
    for (const adjoint of [
      DirectAdjoint(),
      RecursiveCheckpointAdjoint({ checkpoints: 3 }),
      RecursiveCheckpointAdjoint(),
    ])
      expect(grad((a: Scalar) => end(a, adjoint))(1)).toBeCloseTo(value, 12);
  });
});

describe("over many keys, within four standard errors,", () => {
  const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
  test("the Ornstein-Uhlenbeck process has its variance", () => {
    // Euler with steps of h: the variance of y' = (1 - h) y + σ √h n after N steps
    const end = (k: Tensor): Tensor =>
      diffeqsolve(termsFor(k), Euler(), { ...options, y0: 0 }).ys.at(0);
    const ys = vmap(end)(keysFrom(100, 4000)).toArray() as unknown as number[];
    const wanted = (0.01 * (1 - 0.99 ** 200)) / (1 - 0.99 ** 2);
    const squares = ys.map((y) => y * y);
    expect(Math.abs(mean(squares) - wanted)).toBeLessThan(
      (4 * wanted * Math.SQRT2) / Math.sqrt(4000),
    );
  });
});

describe("refused, with the way out, are", () => {
  const solve = (solver: unknown, more: object = {}): unknown =>
    diffeqsolve(termsFor(key(0)), solver as never, { ...options, ...more } as never);
  const wholeSteps =
    /^DirectBrownianPath: gives the increments of whole steps, each once, in a solve forward in time; take VirtualBrownianTree\(…\) for/u;
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "adaptive steps",
      call: () =>
        solve(HalfSolver(Euler()), {
          stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3 }),
        }),
      message:
        /^diffeqsolve: stepsizeController: adaptive steps cannot be taken with a DirectBrownianPath, .* take VirtualBrownianTree\(…\), or constant steps$/u,
    },
    { name: "half steps", call: () => solve(HalfSolver(Euler())), message: wholeSteps },
    {
      name: "a solve backward in time",
      call: () => solve(Euler(), { t1: -1, dt0: -0.01 }),
      message: wholeSteps,
    },
    {
      name: "a solve backward in time, inside jit",
      call: () =>
        jit((t1: Scalar) => solve(Euler(), { t1, dt0: -0.01 }) as never as { ys: Tensor })(-1),
      message: wholeSteps,
    },
    {
      name: "adjoint equations",
      call: () =>
        grad((y0: Scalar) => {
          const term = ControlTerm((t: number, y: number) => y, pathOf(key(0)));
          const adjoint = BacksolveAdjoint();
          return diffeqsolve(term, Heun(), { ...options, y0, adjoint }).ys.at(0);
        })(1),
      message:
        /^diffeqsolve: adjoint: BacksolveAdjoint\(\) cannot be used with DirectBrownianPath, .*; take VirtualBrownianTree\(…\), or leave the adjoint out$/u,
    },
    { name: "a value at a time", call: () => pathOf(key(0)).evaluate(0.5), message: wholeSteps },
    {
      name: "an increment outside of a solve",
      call: () => pathOf(key(0)).evaluate(0, 0.5),
      message: wholeSteps,
    },
    {
      name: "a part of a step",
      call: () => {
        const term = ControlTerm(() => 1, pathOf(key(0)));
        const t0 = tensor(0);
        const over = termOver(term, initTerm(term, t0), t0, tensor(0.5));
        return over.term.contr(t0, tensor(0.25));
      },
      message: wholeSteps,
    },
    {
      name: "a derivative with respect to time",
      call: () =>
        grad((t1: Scalar) => diffeqsolve(termsFor(key(0)), Euler(), { ...options, t1 }).ys.at(0))(
          1,
        ),
      message: /^DirectBrownianPath: a Brownian motion has no derivative with respect to time$/u,
    },
    {
      name: "a key that is a number",
      call: () => DirectBrownianPath({ shape: [], key: 3 as never }),
      message: /^DirectBrownianPath: key must be uint32\[2\], got 3; make one with key\(seed\)$/u,
    },
    {
      name: "an option of another name",
      call: () => DirectBrownianPath({ shape: [], key: key(0), tol: 1 } as never),
      message: /^DirectBrownianPath: .*tol/u,
    },
  ];

  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});
