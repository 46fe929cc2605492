import {
  ControlTerm,
  Euler,
  EulerHeun,
  HalfSolver,
  Heun,
  ImplicitEuler,
  ItoMilstein,
  KenCarp3,
  Kvaerno3,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  SPaRK,
  traced,
  Tsit5,
  UnsafeBrownianPath,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { solver, type Solver, type Term, type Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { key, splitList } from "@diffrax-ts/random";
import { wrapTerms } from "@diffrax-ts/terms";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import { afterEach, describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => warn.mockClear());

const said = (): readonly string[] => warn.mock.calls.map(([message]) => String(message));

const tree = { t0: 0, t1: 1, tol: 0.01, shape: [], key: key(5) } as const;
const drift = ODETerm((_t: number, y: number) => -y);
const noise = (path: unknown = VirtualBrownianTree(tree)): Term =>
  ControlTerm((_t: number, _y: number) => 0.2, path as never);
const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
const solve = (terms: unknown, method: unknown, more: object = {}): Tree =>
  solveParts<Tree>(terms, method, { ...options, ...more }).ys;
const pid = { stepsizeController: PIDController({ rtol: 1e-2, atol: 1e-2 }) };

describe("a term that is asked for Lévy areas", () => {
  const path = VirtualBrownianTree({ ...tree, levyArea: "SpaceTimeLevyArea" });
  const [t0, t1] = [np.tensor(0.25), np.tensor(0.5)];

  test("gives those of its Brownian motion, and its increment without being asked", () => {
    const { dt, W, H } = path.evaluate(0.25, 0.5, true, true);
    const term = noise(path);
    expect(term.contr(t0, t1, { levy: true })).toEqual({ dt, W, H });
    expect(term.contr(t0, t1)).toEqual(W);
  });

  test("turns them round with the time: how far the path lies above the straight line stays", () => {
    const back = wrapTerms(noise(path), -1) as Term;
    const { W, H } = path.evaluate(0.25, 0.5, true, true);
    const turned = back.contr(np.neg(t1), np.neg(t0), { levy: true });
    expect(turned).toMatchObject({ W: np.neg(W as Scalar), H });
  });

  test("ignores it where the control is none", () => {
    const sine = traced((from: Scalar, to: Scalar) => np.sub(np.sin(to), np.sin(from)));
    const term = ControlTerm(traced(() => np.tensor(1)) as never, sine as never);
    expect(term.contr(t0, t1, { levy: true })).toEqual(term.contr(t0, t1));
  });
});

/** Adds the space-time Lévy area to a step of Euler: no method of use. */
function areaStep(term: Term, { t0, t1, y0 }: { t0: Scalar; t1: Scalar; y0: Tree }) {
  const sum = term as Term & { readonly terms: readonly [Term, Term] };
  const increment = sum.terms[1].contr(t0, t1, { levy: true }) as { readonly H: Scalar };
  const y1 = np.add(y0 as Scalar, increment.H);
  return { y1, yError: null, denseInfo: { y0, y1 }, solverState: null, result: null };
}

function Areas(more: Partial<Solver> = {}): Solver {
  const fields = {
    interpolation: localLinearInterpolation,
    interpretation: "stratonovich",
    minimalLevyArea: "SpaceTimeLevyArea",
    termStructure: { sum: ["term", "term"] },
    step: areaStep,
    func: () => null,
    ...more,
  } as const;
  return solver("test/Areas", { order: 1, strongOrder: 0.5 }, fields) as unknown as Solver;
}

describe("a solver that names the least Lévy area that it needs", () => {
  test.each(["SpaceTimeLevyArea", "SpaceTimeTimeLevyArea"] as const)("takes %s", (levyArea) => {
    const path = VirtualBrownianTree({ ...tree, levyArea });
    const sum = Array.from({ length: 10 }, (_, i) => {
      const { H } = path.evaluate(i / 10, (i + 1) / 10, true, true);
      return (H as Scalar).item();
    }).reduce((a, b) => a + b, 1);
    const ys = solve(MultiTerm(drift, noise(path)), Areas()) as Scalar;
    expect(ys.at(0).item()).toBeCloseTo(sum, 12);
  });

  test.each([
    { name: "by itself", method: Areas() },
    { name: "within HalfSolver", method: HalfSolver(Areas()) },
  ])("refuses a motion that knows less, and another control, $name", ({ method }) => {
    expect(() => solve(MultiTerm(drift, noise()), method)).toThrow(
      /needs a Brownian motion with levyArea: "SpaceTimeLevyArea" at least, got VirtualBrownianTree with "BrownianIncrement"; write VirtualBrownianTree\(\{ …, levyArea: "SpaceTimeLevyArea" \}\)/u,
    );
    expect(() => solve(MultiTerm(drift, drift), method)).toThrow(
      /needs the SpaceTimeLevyArea of a Brownian motion, and no term has one as its control/u,
    );
  });

  test("has to name one that there is", () => {
    const wrong = { ...Areas(), minimalLevyArea: "H" };
    expect(() => solve(MultiTerm(drift, noise()), wrong)).toThrow(
      /the member minimalLevyArea of test\/Areas must be "BrownianIncrement", .* got "H"/u,
    );
  });
});

describe("on a stochastic equation", () => {
  test("a solver that does not say what it converges to is warned of, once", () => {
    for (let i = 0; i < 2; i++) solve(MultiTerm(drift, noise()), Tsit5());
    expect(said()).toEqual([
      expect.stringMatching(
        /^diffeqsolve: solver: Tsit5 does not say whether .* Itô .* Stratonovich/u,
      ),
    ]);
  });

  test.each([Kvaerno3(), ImplicitEuler(), KenCarp3()])("$kind is one of these", (method) => {
    const stepsizeController = PIDController({
      rtol: 1e-2,
      atol: 1e-2,
      errorOrder: 1,
      dtmin: 0.01,
    });
    solve(MultiTerm(drift, noise()), method, { stepsizeController });
    expect(said()).toEqual([expect.stringMatching(`${method.kind} does not say whether`)]);
  });

  test("one that does is not, within HalfSolver neither", () => {
    for (const method of [Euler(), Heun(), HalfSolver(Heun())])
      solve(MultiTerm(drift, noise()), method);
    expect(said()).toEqual([]);
  });

  test("Euler is refused with adaptive steps, within HalfSolver too", () => {
    for (const method of [Euler(), HalfSolver(Euler())]) {
      expect(() => solve(MultiTerm(drift, noise()), method, pid)).toThrow(
        /^diffeqsolve: stepsizeController: adaptive steps with .*Euler\(\).* may converge to something else .*HalfSolver\(ItoMilstein\(\)\) for Itô/u,
      );
    }
    const ode = solve(drift, HalfSolver(Euler()), pid) as Scalar;
    expect(ode.at(0).item()).toBeCloseTo(Math.exp(-1), 1);
  });

  test("a drift that is noise is refused, where it would be solved for something else", () => {
    const levyArea = "SpaceTimeLevyArea";
    const swapped = MultiTerm(noise(VirtualBrownianTree({ ...tree, levyArea })), drift);
    for (const method of [EulerHeun(), HalfSolver(EulerHeun()), ItoMilstein(), SPaRK()]) {
      expect(() => solve(swapped, method)).toThrow(
        /^diffeqsolve: terms: .* takes MultiTerm\(drift, diffusion\) in this order, and the drift has a VirtualBrownianTree as its control/u,
      );
    }
    expect(() => solve(swapped, Heun())).not.toThrow();
  });

  test("adaptive steps are refused with a path whose steps are taken once", () => {
    const path = UnsafeBrownianPath({ shape: [], key: key(1) });
    expect(() => solve(MultiTerm(drift, noise(path)), Heun(), pid)).toThrow(
      /^diffeqsolve: stepsizeController: adaptive steps cannot be taken with an UnsafeBrownianPath/u,
    );
  });

  test("two terms with one key are warned of, once", () => {
    const [a, b] = splitList(key(1));
    const other = (of: typeof a): Term => noise(VirtualBrownianTree({ ...tree, key: of }));
    solve(MultiTerm(drift, other(a), other(b)), Heun());
    expect(said()).toEqual([]);
    for (let i = 0; i < 2; i++) solve(MultiTerm(drift, other(a), other(a)), Heun());
    expect(said()).toEqual([
      expect.stringMatching(
        /two terms have a VirtualBrownianTree of the same key.*splitList\(key\)/u,
      ),
    ]);
  });
});

describe("noise that is claimed to be of a kind is held against that at the start of the first solve:", () => {
  const path = VirtualBrownianTree({ ...tree, shape: [2] });
  type Pair = readonly [number, number];
  const diffusions = {
    additive: (t: number, _y: Pair) => [
      [1 + t, 0.3],
      [0.1, 1],
    ],
    diagonal: (_t: number, [x, v]: Pair) => [Math.sin(x), 0.2 * v],
    commutative: (_t: number, [x, v]: Pair) => [
      [0.1 * x, 0.2 * x],
      [0.3 * v, 0.1 * v],
    ],
    general: (_t: number, [x, v]: Pair) => [
      [v, 0.2],
      [0.3, x * v],
    ],
  } as const;
  const onTensors: Partial<Record<keyof typeof diffusions, unknown>> = {
    additive: traced((t: Scalar) => [
      np.stack([np.add(t, 1), np.tensor(0.3)]),
      np.tensor([0.1, 1]),
    ]),
    general: traced((_t: Scalar, [x, v]: readonly [Scalar, Scalar]) => [
      np.stack([v, np.tensor(0.2)]),
      np.stack([np.tensor(0.3), np.mul(x, v)]),
    ]),
  };
  const ofPair = ODETerm((_t: number, [x, v]: Pair) => [-x, -v]);
  const kinds = ["additive", "diagonal", "commutative", "general"] as const;
  const claims = kinds.flatMap((noise) => kinds.map((noiseType) => ({ noise, noiseType })));
  const isTrue = (noise: (typeof kinds)[number], claim: (typeof kinds)[number]): boolean =>
    claim === noise || claim === "general" || (claim === "commutative" && noise !== "general");

  test.each(claims)(
    "noise that is $noise, claimed to be $noiseType",
    ({ noise: of, noiseType }) => {
      const forms = [diffusions[of], onTensors[of]].filter((form) => form !== undefined);
      for (const form of [...forms, ...forms]) {
        const term = ControlTerm(form as never, path, { noiseType });
        solve(MultiTerm(ofPair, term), Heun(), { y0: [0.7, 1.2] });
      }
      const wanted = new RegExp(
        `the noiseType of a ControlTerm is "${noiseType}", and .* it is not`,
        "u",
      );
      const each = expect.stringMatching(wanted) as string;
      expect(said()).toEqual(isTrue(of, noiseType) ? [] : forms.map(() => each));
    },
  );
});

describe("a solver that is made for a kind of noise", () => {
  const path = VirtualBrownianTree(tree);
  const made = (noiseType: "additive" | "commutative"): Solver => ({ ...Heun(), noiseType });
  const linear = (more?: object): Term =>
    ControlTerm((_t: number, y: number) => 0.3 * y, path, more);

  test("takes it, claimed or found out", () => {
    solve(MultiTerm(drift, noise()), made("additive"));
    solve(MultiTerm(drift, linear()), made("commutative"));
    solve(MultiTerm(drift, linear({ noiseType: "diagonal" })), made("commutative"));
    expect(said()).toEqual([]);
  });

  test("refuses what is claimed to be of another kind", () => {
    expect(() =>
      solve(MultiTerm(drift, linear({ noiseType: "diagonal" })), made("additive")),
    ).toThrow(
      /Heun is made for additive noise, and the noiseType of a ControlTerm is "diagonal"; take a solver for diagonal noise/u,
    );
  });

  test("refuses a diffusion that depends on the state, if it is made for additive noise", () => {
    for (let i = 0; i < 2; i++) {
      expect(() => solve(MultiTerm(drift, linear()), made("additive"))).toThrow(
        /Heun is made for additive noise, and the diffusion changes with y/u,
      );
    }
  });

  test("warns of noise that is not commutative, once, if it is made for that", () => {
    const wide = VirtualBrownianTree({ ...tree, shape: [2] });
    const general = ControlTerm(
      (_t: number, [x, v]: readonly [number, number]) => [
        [v, 0.2],
        [0.3, x],
      ],
      wide,
    );
    for (let i = 0; i < 2; i++) solve(general, made("commutative"), { y0: [0.7, 1.2] });
    expect(said()).toEqual([
      expect.stringMatching(
        /Heun is made for commutative noise, and at t0 and y0 the noise is not/u,
      ),
    ]);
  });
});

test("what a kind of noise means does not depend on the size of the state and of the noise", () => {
  for (const size of [1e-9, 1e9]) {
    for (const strength of [1e-6, 1e6]) {
      const term = ControlTerm(
        traced((_t: Scalar, y: Tensor) => np.mul(np.sin(np.div(y, size)), size * strength)),
        VirtualBrownianTree({ ...tree, shape: [] }),
        { noiseType: "commutative" },
      );
      const y0 = Float64Array.of(0.3 * size, size);
      solve(term, Euler(), { y0, throw: false });
    }
  }
  expect(said()).toEqual([]);
});

test("a diffusion that is called from compiled code, and cannot be differentiated, is held against its claim too", () => {
  const table = [0.1, 0.2];
  const claims = { noiseType: "additive" } as const;
  const term = ControlTerm(
    (_t: number, y: number) => table[Math.floor(y)]! * y,
    VirtualBrownianTree(tree),
    claims,
  );
  solve(MultiTerm(drift, term), Euler());
  expect(said().toSorted()).toEqual([
    expect.stringMatching(/is "additive", and at t0 and y0 it is not/u),
    expect.stringMatching(/table/u),
  ]);
});

test("a motion of one's own is believed to have the noise that is claimed, and held against the solver", () => {
  const own = { ...VirtualBrownianTree(tree), checkNoise: undefined };
  const growing = (_t: number, y: number): number => 0.25 * y;
  const claims = { noiseType: "additive" } as const;
  const sum = MultiTerm(drift, ControlTerm(growing, own as never, claims));
  expect((solve(sum, Euler()) as Scalar).at(0).item()).toBeGreaterThan(0);
  expect(said()).toEqual([]);
  const general = ControlTerm(growing, own as never, { noiseType: "general" });
  expect(() => solve(MultiTerm(drift, general), { ...Heun(), noiseType: "additive" })).toThrow(
    /is made for additive noise, and the noiseType of a ControlTerm is "general"/u,
  );
});

test("ControlTerm: a noiseType that there is not is refused", () => {
  expect(() =>
    ControlTerm(() => 1, VirtualBrownianTree(tree), { noiseType: "scalar" as never }),
  ).toThrow(
    /^ControlTerm: noiseType must be "additive", "diagonal", "commutative", "general" or left out, got "scalar"$/u,
  );
});
