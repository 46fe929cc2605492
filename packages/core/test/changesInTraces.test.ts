// Derivatives and batches of solves whose events change the state.
import {
  DirectAdjoint,
  Dopri5,
  Dopri8,
  Event,
  ForwardMode,
  grad,
  jacfwd,
  jit,
  jvp,
  Kvaerno5,
  Newton,
  np,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Scalar,
  type Solution,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const rootFinder = Newton({ rtol: 1e-13, atol: 1e-13 });
type List = Tensor<readonly [number]>;
type Pair = readonly [number, number];
type Numbers = { readonly g: unknown; readonly e: unknown; readonly h: unknown };

const fall = (_t: number, [, v]: Pair, { g }: { g: number }): Pair => [v, -g];
const height = (_t: number, [h]: Pair): number => h;
const bounce = (_t: number, [h, v]: Pair, { e }: { e: number }): Pair => [h, -e * v];

function drop(
  { g, e, h }: Numbers,
  event: object = {},
  options: object = {},
): Solution<List, readonly [List, List]> {
  return solveParts<readonly [List, List], unknown>(fall, Tsit5(), {
    t0: 0,
    t1: 3,
    dt0: 0.1,
    y0: [h, 0],
    args: { g, e },
    event: Event({ condFn: height, rootFinder, change: bounce, maxEvents: 16, ...event }),
    ...options,
  });
}

const at = { g: 9.81, e: 0.8, h: 1 };
/** `√(2 h / g) (1 + 2 e + 2 e² + 2 e³)` */
const fourth = (x: typeof at): number =>
  Math.sqrt((2 * x.h) / x.g) * (1 + 2 * x.e + 2 * x.e ** 2 + 2 * x.e ** 3);
const slopesOfFourth: Readonly<Record<keyof typeof at, number>> = {
  g: -fourth(at) / (2 * at.g),
  e: Math.sqrt((2 * at.h) / at.g) * (2 + 4 * at.e + 6 * at.e ** 2),
  h: fourth(at) / (2 * at.h),
};

describe("the time of the fourth impact", () => {
  const names = ["g", "e", "h"] as const;
  const impact =
    (name: keyof typeof at, options: object = {}) =>
    (x: Scalar): Scalar =>
      drop({ ...at, [name]: x }, {}, options).events!.ts.at(3);

  test.each(names)("has the derivative of the closed form with respect to %s", (name) => {
    const f = impact(name);
    expect(grad(f)(at[name])).toBeCloseTo(slopesOfFourth[name], 11);
    expect(jvp(f, [at[name]], [1]).tangent.item()).toBeCloseTo(slopesOfFourth[name], 11);
  });

  test.each<[string, object]>([
    ["DirectAdjoint()", { adjoint: DirectAdjoint() }],
    [
      "RecursiveCheckpointAdjoint({ checkpoints: 3 })",
      { adjoint: RecursiveCheckpointAdjoint({ checkpoints: 3 }) },
    ],
    ["adaptive steps", { stepsizeController: PIDController({ rtol: 1e-9, atol: 1e-9 }) }],
    ["an implicit solver", { solver: Kvaerno5() }],
  ])("with %s too", (_, { solver = Tsit5(), ...options }: { solver?: unknown }) => {
    const f = (e: Scalar): Scalar =>
      solveParts(fall, solver, {
        t0: 0,
        t1: 3,
        dt0: 0.1,
        y0: [1, 0],
        args: { g: 9.81, e },
        event: Event({ condFn: height, rootFinder, change: bounce, maxEvents: 16 }),
        stepsizeController: PIDController({ rtol: 1e-9, atol: 1e-9 }),
        ...options,
      }).events!.ts.at(3);
    expect(grad(f)(0.8)).toBeCloseTo(slopesOfFourth.e, 9);
  });

  test("forward, with ForwardMode()", () => {
    const f = impact("e", { adjoint: ForwardMode() });
    expect(jacfwd(f)(0.8).item()).toBeCloseTo(slopesOfFourth.e, 11);
  });

  test("has second derivatives, forward over backward and twice backward", () => {
    const root = Math.sqrt(2 / 9.81);
    const f = impact("e");
    const second = root * (4 + 12 * 0.8);
    expect(grad(grad(f))(0.8)).toBeCloseTo(second, 9);
    expect(jvp(grad(f), [0.8], [1]).tangent.item()).toBeCloseTo(second, 9);
    expect(grad(grad(impact("h")))(1)).toBeCloseTo(-fourth(at) / 4, 9);
  });

  test("and so has the state at a time, dense output, and what is saved between impacts", () => {
    const t = 2; // between the third and the fourth
    const third = (e: number): number => Math.sqrt(2 / 9.81) * (1 + 2 * e + 2 * e ** 2);
    const place = (e: number): number => {
      const since = t - third(e);
      return Math.sqrt(2 * 9.81) * e ** 3 * since - (9.81 / 2) * since ** 2;
    };
    const difference = (place(0.8 + 1e-5) - place(0.8 - 1e-5)) / 2e-5;
    const saved = (e: Scalar): Scalar =>
      drop({ ...at, e }, {}, { saveat: { ts: [1, t] } }).ys[0].at(1);
    expect(jit(saved)(0.8).item()).toBeCloseTo(place(0.8), 11);
    expect(grad(saved)(0.8)).toBeCloseTo(difference, 7);
    const dense = (e: Scalar): Scalar =>
      (
        drop({ ...at, e }, {}, { saveat: { dense: true }, maxSteps: 64 }).evaluate(t) as Scalar[]
      )[0]!;
    expect(grad(dense)(0.8)).toBeCloseTo(difference, 7);
    const end = (e: Scalar): Scalar => drop({ ...at, e }, {}, { t1: t }).ys[0].at(0);
    expect(grad(end)(0.8)).toBeCloseTo(difference, 7);
  });
});

describe("what is jumped by has its derivative:", () => {
  // y' = -y from 1; where y = c it becomes y + d, once more and so on.
  const decayed = (c: unknown, d: unknown, change: unknown): Solution<List, List> =>
    solveParts((_t: number, y: number) => -y, Dopri8(), {
      t0: 0,
      t1: 2,
      dt0: 0.05,
      y0: 1,
      args: { c, d },
      stepsizeController: PIDController({ rtol: 1e-12, atol: 1e-14 }),
      event: Event({
        condFn: (_t: number, y: number, p: { c: number }) => y - p.c,
        rootFinder,
        direction: false,
        maxEvents: 8,
        change: change as never,
      }),
    }) as never;
  const closed = (c: number, d: number): number => {
    let [y, t] = [1, 0];
    while (t + Math.log(y / c) < 2) [t, y] = [t + Math.log(y / c), c + d];
    return y * Math.exp(t - 2);
  };

  test("the threshold, the size of the jump, through a change that is plain or traced", () => {
    const plain = (_t: number, y: number, p: { d: number }): number => y + p.d;
    const tensors = traced((_t: Scalar, y: Scalar, p: { d: Scalar }) => np.add(y, p.d));
    for (const change of [plain, tensors]) {
      const f = (c: Scalar, d: Scalar): Scalar => decayed(c, d, change).ys.at(0);
      expect(jit(f)(0.5, 0.3).item()).toBeCloseTo(closed(0.5, 0.3), 10);
      const [ofC, ofD] = [0, 1].map((argnums) => grad(f, { argnums })(0.5, 0.3));
      const h = 1e-5;
      expect(ofC).toBeCloseTo((closed(0.5 + h, 0.3) - closed(0.5 - h, 0.3)) / (2 * h), 7);
      expect(ofD).toBeCloseTo((closed(0.5, 0.3 + h) - closed(0.5, 0.3 - h)) / (2 * h), 7);
    }
  });

  test("a change that depends on time", () => {
    const f = (c: Scalar): Scalar => decayed(c, 0, (t: number, y: number) => y + t).ys.at(0);
    // It jumps at -ln c, to c - ln c: y(2) = (c - ln c) e^(-ln c - 2) = (1 - ln(c) / c) e⁻², before it is at c again.
    const c = 0.3;
    const first = -Math.log(c);
    expect(first + Math.log((c + first) / c)).toBeGreaterThan(2);
    expect(jit(f)(c).item()).toBeCloseTo((1 - Math.log(c) / c) * Math.exp(-2), 9);
    expect(grad(f)(c)).toBeCloseTo(((Math.log(c) - 1) / c ** 2) * Math.exp(-2), 8);
  });
});

describe("a batch", () => {
  test("has solves with different numbers of impacts, and the derivative of each", () => {
    const restitutions = Float64Array.of(0.45, 0.6, 0.9);
    const impacts = vmap(
      (e: Scalar) => drop({ ...at, e }, { maxEvents: 64 }, { t1: 1.1 }).events!.ts as Tensor,
    );
    const times = impacts(restitutions);
    for (const [i, e] of [...restitutions].entries()) {
      const alone = drop({ ...at, e }, { maxEvents: null }, { t1: 1.1 }).events!.ts;
      const row = [...times.at(i)].filter((t) => t < Infinity);
      expect(row).toEqual([...alone]);
    }
    const counts = [...restitutions.keys()].map(
      (i) => [...times.at(i)].filter((t) => t < Infinity).length,
    );
    expect(counts).toEqual([3, 2, 1]);
    const second = (e: Scalar): Scalar => drop({ ...at, e }).events!.ts.at(1);
    const slopes = vmap(grad(second))(Float64Array.of(0.75, 0.8, 0.85));
    for (const slope of slopes) expect(slope).toBeCloseTo(2 * Math.sqrt(2 / 9.81), 11);
  });

  test("in float32", () => {
    const f = (e: Scalar): Scalar =>
      drop(
        { ...at, h: np.tensor(1, { dtype: "float32" }), e },
        { rootFinder: Newton({ rtol: 1e-6, atol: 1e-6 }) },
      ).events!.ts.at(3);
    const e = np.tensor(0.8, { dtype: "float32" });
    expect(jit(f)(e).dtype).toBe("float32");
    expect(jit(f)(e).item()).toBeCloseTo(fourth(at), 4);
  });
});

test("an equation backward in time goes through the same impacts", () => {
  const { events, ys } = solveParts<[Tensor, Tensor]>(fall, Dopri5(), {
    t0: 2,
    t1: 0,
    dt0: -0.1,
    y0: drop(at, {}, { t1: 2 }).ys.map((y) => y.at(0).item()),
    args: { g: 9.81, e: 0.8 },
    event: Event({
      condFn: height,
      rootFinder,
      change: (_t: number, [h, v]: Pair, { e }: { e: number }) => [h, -v / e],
    }),
  });
  const forward = [...drop(at, {}, { t1: 2 }).events!.ts];
  for (const [i, t] of [...events!.ts].entries()) expect(t).toBeCloseTo(forward.at(-1 - i)!, 10);
  expect(events!.ts).toHaveLength(forward.length);
  expect(ys[0].at(0).item()).toBeCloseTo(1, 10);
});

test("many thresholds: each cell fires for itself, and most steps are not looked at closely", () => {
  const n = 40;
  const drives = Float64Array.from({ length: n }, (_, i) => 1.05 + i / n);
  const cells = (options: object = {}): Solution<List, Tensor> =>
    solveParts(
      traced((_t: Scalar, v: Tensor, drive: Tensor) => np.sub(drive, v)),
      Dopri8(),
      {
        t0: 0,
        t1: 4,
        dt0: 0.05,
        y0: new Float64Array(n),
        args: drives,
        event: Event({
          condFn: traced((_t: Scalar, v: Tensor) => np.sub(v, 1)) as never,
          count: n,
          direction: true,
          rootFinder,
          maxEvents: 400,
          change: traced((_t: Scalar, v: Tensor, _args: Tensor, i: Scalar) =>
            np.where(np.equal(np.arange(n, { dtype: "int32" }), i), 0, v),
          ) as never,
        }),
        ...options,
      },
    ) as never;
  const { events } = cells();
  const times = [...events!.ts];
  const index = [...events!.index];
  expect(times.every((t, i) => i === 0 || t >= times[i - 1]!)).toBe(true);
  for (const [cell, drive] of drives.entries()) {
    const period = Math.log(drive / (drive - 1));
    const own = times.filter((_, i) => index[i] === cell);
    expect(own).toHaveLength(Math.floor(4 / period));
    for (const [k, t] of own.entries()) expect(t).toBeCloseTo((k + 1) * period, 9);
  }
  const first = (drive: Tensor): Scalar => cells({ args: drive }).events!.ts.at(0);
  const slopes = grad(first)(np.tensor(drives));
  const fastest = drives[n - 1]!;
  expect(slopes.at(n - 1).item()).toBeCloseTo(1 / fastest - 1 / (fastest - 1), 9);
});
