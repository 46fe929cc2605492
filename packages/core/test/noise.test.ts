import {
  ControlTerm,
  Euler,
  HalfSolver,
  Heun,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  traced,
  Tsit5,
  UnsafeBrownianPath,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { solver, type Solver, type Term, type Tree } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
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

  test("turns them round with the time", () => {
    const back = wrapTerms(noise(path), -1) as Term;
    const { W, H } = path.evaluate(0.25, 0.5, true, true);
    const turned = back.contr(np.neg(t1), np.neg(t0), { levy: true });
    expect(turned).toMatchObject({ W: np.neg(W as Scalar), H: np.neg(H as Scalar) });
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

test("ControlTerm: a noiseType that there is not is refused", () => {
  expect(() =>
    ControlTerm(() => 1, VirtualBrownianTree(tree), { noiseType: "scalar" as never }),
  ).toThrow(
    /^ControlTerm: noiseType must be "additive", "diagonal", "commutative", "general" or left out, got "scalar"$/u,
  );
});
