// Implicit solvers on stiff problems.
import {
  BacksolveAdjoint,
  Chord,
  diffeqsolve,
  fixed,
  grad,
  HalfSolver,
  ImplicitEuler,
  jit,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  LineSearchNewton,
  MultiTerm,
  Newton,
  np,
  ODETerm,
  PIDController,
  type Scalar,
  Sil3,
  type Tensor,
  traced,
  VeryChord,
  vmap,
  withStepsizeControllerTols,
} from "@diffrax-ts/core";
import { BandedLU, Diagonal, GMRES, LU, Tridiagonal } from "@diffrax-ts/linear-solvers";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const pid = (rtol: number, atol = rtol) => PIDController({ rtol, atol });
const accurate = {
  rootFinder: VeryChord({ rtol: 1e-13, atol: 1e-13 }),
  rootFindMaxSteps: 30,
};
const oneTerm = { ImplicitEuler, Kvaerno3, Kvaerno4, Kvaerno5 } as const;

type Vector = readonly [number, number, number];
const robertson = (_t: number, [a, b, c]: Vector): Vector => [
  -0.04 * a + 1e4 * b * c,
  0.04 * a - 1e4 * b * c - 3e7 * b * b,
  3e7 * b * b,
];
/** On tensors. */
const robertsonTraced = traced((_t: Scalar, y: Tensor) => {
  const [a, b, c] = [y.at(0), y.at(1), y.at(2)];
  const [slow, back, fast] = [a.mul(0.04), b.mul(c).mul(1e4), b.mul(b).mul(3e7)];
  return np.stack([back.sub(slow), slow.sub(back).sub(fast), fast]);
});

describe("at the end of problems whose solution is known", () => {
  // Mazzia & Magherini, Test Set for Initial Value Problem Solvers (2008).
  test("Kvaerno5 has Robertson's reaction at 1e11 to 7 digits", () => {
    const { ys } = diffeqsolve(robertson, Kvaerno5(), {
      t0: 0,
      t1: 1e11,
      dt0: 1e-4,
      y0: [1, 0, 0],
      stepsizeController: pid(1e-9, 1e-16),
    });
    const end = ys.map((y) => y.at(0).item());
    const exact = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.999999979166505];
    for (const [i, y] of end.entries()) expect(Math.abs(y / exact[i]! - 1)).toBeLessThan(1e-6);
  });

  test("Kvaerno5 has van der Pol's oscillator with ε = 1e-6 at 2 to 7 digits", () => {
    const { ys } = diffeqsolve(
      (t, [x, v]: readonly [number, number]) => [v, ((1 - x * x) * v - x) / 1e-6],
      Kvaerno5(),
      { t0: 0, t1: 2, dt0: 1e-6, y0: [2, 0], stepsizeController: pid(1e-9) },
    );
    expect(Math.abs(ys[0].at(0).item() - 1.706167732170483)).toBeLessThan(1e-6);
    expect(Math.abs(ys[1].at(0).item() + 0.8928097010247975)).toBeLessThan(1e-6);
  });
});

test("few steps of any of them are rejected on Robertson's reaction: what a stage is off by is not taken for an error of the step", () => {
  for (const make of Object.values(oneTerm)) {
    for (const rtol of [1e-2, 1e-3, 1e-4]) {
      const { stats, result } = solveParts(robertson, make(), {
        t0: 0,
        t1: 1e5,
        dt0: 1e-4,
        y0: [1, 0, 0],
        stepsizeController: pid(rtol, rtol / 1000),
        throw: false,
      });
      expect(result).toBe("successful");
      expect(stats.numRejectedSteps / stats.numSteps).toBeLessThan(0.2);
    }
  }
});

describe("of a component that decays within a millionth of a step, nothing is left", () => {
  const options = { t0: 0, t1: 1, dt0: 1, y0: 1 };
  test.each(Object.entries(oneTerm))("by one step of %s", (_, make) => {
    const { ys } = diffeqsolve((_t, y) => -1e6 * y, make(accurate), options);
    // |R(-1e6)|, which goes down as 1e6 to the power of -1.
    expect(Math.abs(ys.at(0).item())).toBeLessThan(2e-5);
  });

  test.each(Object.entries({ KenCarp3, KenCarp4, KenCarp5 }))("by one step of %s", (_, make) => {
    const slow = ODETerm((_t: number, y: number) => -y);
    const decay = ODETerm((_t: number, y: number) => -1e6 * y);
    const { ys } = diffeqsolve(MultiTerm(slow, decay), make(accurate), options);
    expect(Math.abs(ys.at(0).item())).toBeLessThan(2e-5);
  });
});

// y' = λ (y - cos t) - sin t, whose solution is cos t, with λ Δt far from zero (Prothero & Robinson 1974).
describe("the order on Prothero and Robinson's equation", () => {
  const cosine = (t: number, y: number, rate: number): number =>
    rate * (y - Math.cos(t)) - Math.sin(t);
  const slow = ODETerm((t: number, y: number) => Math.cos(t) - y - Math.sin(t));
  const fast = ODETerm((t: number, y: number, rate: number) => rate * (y - Math.cos(t)));
  const orders = (errorAt: (steps: number) => number): number[] => {
    const errors = [8, 16, 32, 64].map(errorAt);
    return errors.slice(1).map((error, i) => Math.log2(errors[i]! / error));
  };
  const end = Math.cos(1);
  const options = { t0: 0, t1: 1, y0: 1 };

  test.each([
    ["ImplicitEuler", ImplicitEuler, 1, 1],
    ["Kvaerno4", Kvaerno4, 4, 2],
    ["Kvaerno5", Kvaerno5, 5, 2],
  ] as const)("of %s is %i without stiffness", (_, make, order, stiff) => {
    const errorAt =
      (rate: number) =>
      (steps: number): number => {
        const { ys } = diffeqsolve(cosine, make(accurate), {
          ...options,
          dt0: 1 / steps,
          args: rate,
        });
        return Math.abs(ys.at(0).item() - end);
      };
    for (const observed of orders(errorAt(-1)))
      expect(Math.abs(observed - order)).toBeLessThan(0.2);
    // What is left of it is the order of the stages.
    for (const observed of orders(errorAt(-1e6)))
      expect(Math.abs(observed - stiff)).toBeLessThan(0.2);
    // And errors are small, in proportion to 1 / λ, as the last stage is the solution.
    expect(errorAt(-1e6)(8)).toBeLessThan(1e-7);
  });

  test.each([
    ["KenCarp3", KenCarp3, 3, 2],
    ["KenCarp4", KenCarp4, 4, 2.3],
    ["KenCarp5", KenCarp5, 5, 2],
    ["Sil3", Sil3, 2, 0.9],
  ] as const)("of %s is %i without stiffness", (_, make, order, least) => {
    const errorAt =
      (rate: number) =>
      (steps: number): number => {
        const { ys } = diffeqsolve(MultiTerm(slow, fast), make(accurate), {
          ...options,
          dt0: 1 / steps,
          args: rate,
        });
        return Math.abs(ys.at(0).item() - end);
      };
    for (const observed of orders(errorAt(-1)))
      expect(Math.abs(observed - order)).toBeLessThan(0.3);
    for (const observed of orders(errorAt(-1e6))) expect(observed).toBeGreaterThan(least - 0.1);
  });
});

describe("solves that are the same have the same bits:", () => {
  const stepsizeController = pid(1e-6);
  const solve = (solver: unknown, y0: unknown = np.tensor([1, 0, 0])) =>
    solveParts(robertsonTraced, solver, { t0: 0, t1: 100, dt0: 1e-4, y0, stepsizeController });
  const bits = (solver: unknown): unknown => solve(solver).ys.toArray();

  test("inside jit", () => {
    const inside = jit((y0: Tensor) => solve(Kvaerno3(), y0).ys);
    expect(inside(np.tensor([1, 0, 0])).toArray()).toEqual(bits(Kvaerno3()));
  });

  test("with a linear solver that is named", () => {
    const rootFinder = VeryChord({ linearSolver: LU() });
    expect(bits(Kvaerno3({ rootFinder }))).toEqual(bits(Kvaerno3()));
  });

  test("with the tolerances of the controller said again", () => {
    const rootFinder = withStepsizeControllerTols(VeryChord)();
    expect(bits(Kvaerno3({ rootFinder }))).toEqual(bits(Kvaerno3()));
  });
});

test("a plain field, records, and a field on tensors lead to the same end", () => {
  const options = { t0: 0, t1: 100, dt0: 1e-4, stepsizeController: pid(1e-8, 1e-10) };
  const plain = diffeqsolve(robertson, Kvaerno5(), { ...options, y0: [1, 0, 0] });
  const { ys } = diffeqsolve(
    (t, { a, bc: [b, c] }) => ({
      a: -0.04 * a + 1e4 * b * c,
      bc: [0.04 * a - 1e4 * b * c - 3e7 * b * b, 3e7 * b * b],
    }),
    Kvaerno5(),
    { ...options, y0: { a: 1, bc: [0, 0] } },
  );
  expect(ys.a.at(0).item()).toBeCloseTo(plain.ys[0].at(0).item(), 7);
  expect(ys.bc[1].at(0).item()).toBeCloseTo(plain.ys[2].at(0).item(), 7);
});

const toCosine = (t: number, y: number, k: number): number => -k * (y - Math.cos(t));
/** The solution at 1, from 1 at 0. */
function exactly(k: number): number {
  const scale = k / (k * k + 1);
  return scale * (k * Math.cos(1) + Math.sin(1)) + (1 - scale * k) * Math.exp(-k);
}

describe("derivatives of a stiff solve", () => {
  const slope = (exactly(50 + 1e-4) - exactly(50 - 1e-4)) / 2e-4;
  const solve = (k: Scalar, options: object = {}, solver: unknown = Kvaerno5()): Scalar =>
    solveParts(toCosine, solver, {
      t0: 0,
      t1: 1,
      dt0: 0.01,
      y0: 1,
      args: k,
      stepsizeController: pid(1e-8),
      ...options,
    }).ys.at(0) as Scalar;

  test.each([
    ["the default adjoint", {}, Kvaerno5()],
    ["stages as a loop", {}, Kvaerno5({ scanStages: true })],
    ["Newton's method", {}, Kvaerno5({ rootFinder: withStepsizeControllerTols(Newton)() })],
    ["diffrax072", {}, Kvaerno5({ diffrax072: true })],
    ["BacksolveAdjoint", { adjoint: BacksolveAdjoint() }, Kvaerno5()],
  ])("with %s are those of the exact solution", (_, options, solver) => {
    const derivative = grad((k: Scalar) => solve(k, options, solver))(50);
    expect(Math.abs(derivative - slope)).toBeLessThan(1e-6);
  });

  test("of second order, too", () => {
    const second = grad((k: Scalar) => grad((x: Scalar) => solve(x))(k))(50);
    const h = 1e-2;
    const exact = (exactly(50 + h) - 2 * exactly(50) + exactly(50 - h)) / (h * h);
    expect(Math.abs(second - exact)).toBeLessThan(1e-6);
  });

  test("and a batch are those of each alone", () => {
    const rates = [1, 50, 1e4];
    const all = vmap((k: Scalar) => solve(k))(Float64Array.from(rates));
    for (const [i, y] of [...all].entries())
      expect(Math.abs(y - exactly(rates[i]!))).toBeLessThan(1e-6);
  });
});

// Of an equation that is linear in y, Newton's step from anywhere is the root.
test.each([
  ["Newton", Newton({})],
  ["Newton by rate", Newton({ cauchyTermination: false })],
  ["Chord", Chord({})],
  ["LineSearchNewton", LineSearchNewton({})],
  [
    "LineSearchNewton with tolerances close to roundings",
    LineSearchNewton({ rtol: 1e-14, atol: 1e-14 }),
  ],
])("with %s a linear equation takes as many steps as with VeryChord", (_, rootFinder) => {
  const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1, args: 100, stepsizeController: pid(1e-6) };
  const { stats } = diffeqsolve(toCosine, Kvaerno5(), options);
  expect(diffeqsolve(toCosine, Kvaerno5({ rootFinder }), options).stats).toEqual(stats);
});

test("backward in time, the sign is on the control", () => {
  const { ys } = diffeqsolve((t, y) => 1e4 * (y - Math.cos(t)), Kvaerno3(), {
    t0: 1,
    t1: 0,
    dt0: -0.1,
    y0: Math.cos(1),
    stepsizeController: pid(1e-6),
  });
  expect(Math.abs(ys.at(0).item() - 1)).toBeLessThan(1e-4);
});

test("a state of float32 stays one", () => {
  const y0 = np.tensor([1, 2], { dtype: "float32" });
  const field = traced((_t: Scalar, y: Tensor) => np.mul(y, -1e4));
  const options = { t0: 0, t1: 1, dt0: 0.1, y0, stepsizeController: pid(1e-3) };
  const ys = solveParts(field, Kvaerno3(), options).ys;
  expect(ys.dtype).toBe("float32");
  expect(Math.abs(ys.at(0, 0).item())).toBeLessThan(1e-3);
});

test.each([
  ["null", null],
  ["a list of nothing", []],
  ["an array without elements", new Float64Array(0)],
])("a state without numbers, %s, is solved", (_, y0) => {
  const field = traced((_t: Scalar, y: Tensor) => y);
  const options = { t0: 0, t1: 1, dt0: 0.1, y0, stepsizeController: pid(1e-3) };
  for (const scanStages of [false, true])
    expect(solveParts(field, Kvaerno3({ scanStages }), options).result).toBe("successful");
});

test("what is fixed in args stays so for the vector field", () => {
  const seen = new Set<string>();
  const field = traced((_t: Scalar, y: Tensor, { k, n }: { k: Scalar; n: number }) => {
    seen.add(typeof n);
    return Array.from({ length: n }, () => np.mul(y, k)).reduce((sum, x) => np.sub(sum, x), y);
  });
  const args = { k: 500, n: fixed(3) };
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1, args, stepsizeController: pid(1e-6) };
  for (const scanStages of [false, true]) {
    const { ys } = solveParts(field, Kvaerno3({ scanStages }), options);
    expect(Math.abs(ys.at(0).item())).toBeLessThan(1e-5);
  }
  expect([...seen]).toEqual(["number"]);
});

test("HalfSolver gives any of them another estimate of the error", () => {
  const { ys } = diffeqsolve((t, y) => -1e4 * (y - Math.cos(t)), HalfSolver(ImplicitEuler()), {
    t0: 0,
    t1: 1,
    dt0: 0.01,
    y0: 1,
    stepsizeController: pid(1e-4),
  });
  expect(Math.abs(ys.at(0).item() - Math.cos(1))).toBeLessThan(1e-3);
});

describe("the structure of a Jacobian", () => {
  // Heat on a line of 40 cells.
  const n = 40;
  const heat = traced((_t: Scalar, y: Tensor) => {
    const zero = np.zeros([1]);
    const left = np.concatenate([zero, np.slice(y, [0, -1])]);
    const right = np.concatenate([np.slice(y, [1, null]), zero]);
    return left.add(right).sub(y.mul(2)).mul(400).sub(y.mul(y).mul(y));
  });
  const options = {
    t0: 0,
    t1: 0.1,
    dt0: 1e-4,
    y0: np.tensor(Float64Array.from({ length: n }, (_, i) => Math.sin(i))),
    stepsizeController: pid(1e-6),
  };
  const solve = (linearSolver: ReturnType<typeof LU>, more: object = {}) =>
    solveParts(heat, Kvaerno3({ rootFinder: VeryChord({ linearSolver }) }), {
      ...options,
      ...more,
    });
  const dense = solve(LU());

  test.each([
    ["BandedLU({ lower: 1, upper: 1 })", BandedLU({ lower: 1, upper: 1 })],
    ["Tridiagonal()", Tridiagonal()],
    ["GMRES()", GMRES({ rtol: 1e-10, atol: 1e-12 })],
  ])("is said by the linear solver: %s leads to the same end", (_, solver) => {
    const { ys } = solve(solver as never);
    const apart = np.max(np.abs(np.sub(ys, dense.ys))).item();
    // Both are within the tolerance of 1e-6, by other Jacobians.
    expect(apart).toBeLessThan(1e-5);
  });

  test("is diagonal if equations have nothing to do with one another", () => {
    const rootFinder = VeryChord({ linearSolver: Diagonal() });
    const field = traced((_t: Scalar, y: Tensor) => np.mul(np.tensor([-1, -1e3, -1e6]), y));
    const y0 = np.tensor([1, 1, 1]);
    const { ys } = solveParts(field, Kvaerno5({ rootFinder }), { ...options, t1: 1, y0 });
    expect(ys.at(0, 0).item()).toBeCloseTo(Math.exp(-1), 5);
  });

  test.each([
    ["BandedLU({ lower: 0, upper: 1 })", BandedLU({ lower: 0, upper: 1 }), "lower 0 and upper 1"],
    ["Diagonal()", Diagonal(), "lower 0 and upper 0"],
  ])("is checked where the solve starts: %s", (_, solver, band) => {
    expect(() => solve(solver as never)).toThrow(
      `holds numbers outside of a band with ${band}; declare more diagonals`,
    );
  });

  test("is that of derivatives, too", () => {
    const end = (linearSolver: ReturnType<typeof LU>) =>
      grad((scale: Scalar) => {
        const y0 = np.mul(options.y0, scale);
        return np.sum(solve(linearSolver, { y0, maxSteps: 256 }).ys);
      })(1);
    expect(end(Tridiagonal() as never)).toBeCloseTo(end(LU()), 6);
  });
});

describe("a field that has to be called back", () => {
  const rate = { k: 1e3 };
  // Not to be read: it uses a variable from outside.
  const called = (t: number, y: number): number => -rate.k * (y - Math.cos(t));
  const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1, stepsizeController: pid(1e-6) };

  test("has a Jacobian of differences, of which a warning speaks once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const one = diffeqsolve(called, Kvaerno3(), options);
    const two = diffeqsolve(called, Kvaerno5(), options);
    const read = diffeqsolve(toCosine, Kvaerno5(), { ...options, args: 1e3 });
    expect(warn.mock.calls).toHaveLength(1);
    expect(warn.mock.calls[0]![0]).toMatch(/called.*"rate" comes from outside.*differences/u);
    warn.mockRestore();
    expect(Math.abs(one.ys.at(0).item() - exactly(1e3))).toBeLessThan(1e-5);
    expect(Math.abs(two.ys.at(0).item() - read.ys.at(0).item())).toBeLessThan(1e-6);
    expect(two.stats.numSteps).toBeLessThan(1.2 * read.stats.numSteps);
  });

  test("has no other derivatives", () => {
    const end = (y0: Scalar) =>
      solveParts(called, Kvaerno3(), { ...options, y0 }).ys.at(0) as Scalar;
    expect(() => grad(end)(1)).toThrow(
      "called: a derivative cannot pass through a JavaScript function that is called back",
    );
  });
});

describe("a step that cannot be made", () => {
  // There is a solution on y < 0 and one on y > 0, and between them steps of no length have one.
  const jump = (_t: number, y: number): number => (y < 0 ? 1 : -1);
  const options = { t0: 0, t1: 1, dt0: 0.01, y0: 0.1 };

  test("is tried again with a shorter one, and at last the result says why, when, and after how many steps", () => {
    const solve = () =>
      diffeqsolve(jump, Kvaerno3({ diffrax072: true }), {
        ...options,
        stepsizeController: pid(1e-6),
      });
    expect(solve).toThrow(/nonlinear solve diverged.*came to t = 0\.1\d* in \d+ steps/u);
  });

  test("ends a solve of constant steps, with both ways out", () => {
    const solver = ImplicitEuler({ rootFinder: VeryChord({ rtol: 1e-6, atol: 1e-8 }) });
    const solve = (more: object = {}) =>
      solveParts((_t: number, y: number) => y * y, solver, {
        t0: 0,
        t1: 2,
        dt0: 0.5,
        y0: 1,
        ...more,
      });
    expect(solve).toThrow(/nonlinear solve diverged.*take shorter ones.*PIDController\(/u);
    expect(solve({ throw: false }).result).toBe("nonlinearDivergence");
  });

  // As Diffrax 0.7.2 has it.
  test.each([
    [1e-1, 12, 5, "nonlinearDivergence", 1.86114645],
    [1e-2, 26, 6, "nonlinearDivergence", 1.86258379],
    [1e-3, 65, 6, "nonlinearDivergence", 1.94736787],
  ])(
    "ends ImplicitEuler({ diffrax072: true }) if the error would do: rtol %f",
    (rtol, numAccepted, numRejected, result, y) => {
      const rootFinder = VeryChord({ rtol: 1e-8, atol: 1e-10, diffrax072: true });
      const vanDerPol = (_t: number, [x, v]: readonly [number, number]) =>
        [v, 50 * (1 - x * x) * v - x] as const;
      const solution = solveParts(vanDerPol, ImplicitEuler({ rootFinder, diffrax072: true }), {
        t0: 0,
        t1: 20,
        dt0: 0.1,
        y0: [2, 0],
        stepsizeController: PIDController({ rtol, atol: rtol * 1e-3 }),
        throw: false,
      });
      const { numAcceptedSteps, numRejectedSteps } = solution.stats;
      expect([solution.result, numAcceptedSteps, numRejectedSteps]).toEqual([
        result,
        numAccepted,
        numRejected,
      ]);
      expect(solution.ys.at(0, 0).item()).toBeCloseTo(y, 7);
    },
  );

  test("has a singular matrix: 1 - Δt ∂f/∂y is zero", () => {
    const solver = ImplicitEuler({ rootFinder: VeryChord({ rtol: 1e-6, atol: 1e-8 }) });
    const field = (_t: number, y: number): number => 10 * y;
    expect(() => diffeqsolve(field, solver, { ...options, dt0: 0.1 })).toThrow(
      /has no inverse, or hardly one.*shorter/u,
    );
    const { result } = diffeqsolve(field, ImplicitEuler(), {
      ...options,
      dt0: 0.1,
      stepsizeController: pid(1e-3),
    });
    expect(result).toBe("successful");
  });

  test("is none of a field that is not a number", () => {
    const solve = () =>
      diffeqsolve((t, y) => Math.sqrt(0.5 - t) - y, Kvaerno3(), {
        ...options,
        stepsizeController: pid(1e-6),
      });
    expect(solve).toThrow(/became infinite or not a number.*came to t = 0\.5/u);
  });
});

describe("is refused:", () => {
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
  const make = (wrong: object) => () => Kvaerno3(wrong);

  test.each([
    ["constant steps without tolerances", {}, /Kvaerno5 has to know how accurately/u],
    ["half of the tolerances", { rtol: 1e-3 }, /Kvaerno5 has to know how accurately/u],
  ])("%s", (_, own, message) => {
    const solver = Kvaerno5({ rootFinder: VeryChord(own) });
    expect(() => diffeqsolve((_t, y) => -y, solver, options)).toThrow(message);
  });

  test.each([
    ["an option that there is not", { rootfinder: 1 }, "there is no option rootfinder"],
    ["a maker of root finders", { rootFinder: VeryChord }, "call it: VeryChord()"],
    ["what is no root finder", { rootFinder: LU() }, "rootFinder must be one such as VeryChord()"],
    ["no steps", { rootFindMaxSteps: 0 }, "rootFindMaxSteps must be a whole number above 0, got 0"],
    ["half a step", { rootFindMaxSteps: 1.5 }, "rootFindMaxSteps must be a whole number"],
    ["a kind of scan", { scanStages: "lax" }, 'scanStages must be true or false, got "lax"'],
    ["another release", { diffrax072: "0.7.1" }, "diffrax072 must be true or false"],
  ])("%s", (_, wrong, message) => {
    expect(make(wrong)).toThrow(message);
  });

  test("one term for a solver of two", () => {
    const solve = () =>
      diffeqsolve(((_t: number, y: number) => -y) as never, KenCarp4() as never, {
        ...options,
        stepsizeController: pid(1e-3),
      });
    expect(solve).toThrow("write MultiTerm(ODETerm(explicit), ODETerm(implicit))");
  });
});

test("A solver with other options refuses the state of one, and says what to take", () => {
  const options = { t0: 0, dt0: 0.1, y0: 1, stepsizeController: pid(1e-3) };
  const decay = (_t: number, y: number): number => -100 * y;
  const { solverState } = diffeqsolve(decay, Kvaerno5(), {
    ...options,
    t1: 1,
    saveat: { t1: true, solverState: true },
  });
  const goOn = (solver: ReturnType<typeof Kvaerno5>): unknown =>
    diffeqsolve(decay, solver, {
      ...options,
      t1: 1,
      ...(solverState === null ? {} : { solverState }),
    });
  expect(() => goOn(Kvaerno5({ diffrax072: true }))).toThrow(
    /solverState\.jacobian: expected null, .*; it belongs to a solver with the options that it was made with: take the same, or leave solverState out/u,
  );
  expect(() => goOn(Kvaerno5())).not.toThrow();
});
