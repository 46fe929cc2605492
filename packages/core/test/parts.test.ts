import {
  BacksolveAdjoint,
  ConstantStepSize,
  DirectAdjoint,
  Euler,
  HalfSolver,
  Heun,
  np,
  ODETerm,
  PIDController,
  rmsNorm,
  type Scalar,
  StepTo,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type Term,
  type Tolerances,
  type Tree,
} from "@diffrax-ts/protocol";
import { MultiTerm } from "@diffrax-ts/terms";
import { describe, expect, test } from "vitest";
import { pacedTerm } from "./support/pacedTerm.ts";
import { solveParts } from "./support/solveParts.ts";

const field = traced((_t: Scalar, y: Scalar) => np.neg(y));
const term = ODETerm(field);
const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
const pid = PIDController({ rtol: 1e-3, atol: 1e-6 });

/** A record without one of its members. */
function without(record: object, member: string): object {
  return Object.assign({ ...record }, { [member]: undefined });
}

describe("diffeqsolve names the member that is missing or wrong in the record of", () => {
  const solve = {
    solver: (x: object) => solveParts(field, x, options),
    stepsizeController: (x: object) =>
      solveParts(field, Tsit5(), { ...options, stepsizeController: x }),
    adjoint: (x: object) => solveParts(field, Tsit5(), { ...options, adjoint: x }),
    terms: (x: object) => solveParts(x, Tsit5(), options),
  };
  const members: readonly (readonly [keyof typeof solve, object, readonly string[]])[] = [
    [
      "solver",
      Tsit5(),
      [
        "termStructure",
        "interpolation",
        "order",
        "strongOrder",
        "errorOrder",
        "func",
        "init",
        "step",
      ],
    ],
    [
      "stepsizeController",
      pid,
      ["isAdaptive", "tolerances", "mayJump", "check", "wrap", "init", "adaptStepSize"],
    ],
    ["adjoint", DirectAdjoint(), ["check", "loop"]],
    ["terms", term, ["readFields", "vf", "contr", "prod", "vfProd", "isVfExpensive"]],
  ];

  test.each(members)("a %s", (name, record, names) => {
    for (const member of names) {
      expect(() => solve[name](without(record, member))).toThrow(
        new RegExp(`^diffeqsolve: ${name} must .* has no member ${member}, which is `, "u"),
      );
      expect(() => solve[name]({ ...record, [member]: 3 })).toThrow(
        new RegExp(
          `^diffeqsolve: ${name} must .* the member ${member} of .* must be .*, got 3$`,
          "u",
        ),
      );
    }
    expect(() => solve[name]({ ...record })).not.toThrow();
  });

  test("a solver within another one, or within an adjoint", () => {
    const broken = without(Euler(), "step");
    expect(() => HalfSolver(broken as never)).toThrow("HalfSolver: solver must");
    expect(() => BacksolveAdjoint({ solver: broken as never })).toThrow(
      "BacksolveAdjoint: solver must be one such as Tsit5(); Euler has no member step",
    );
    expect(() => BacksolveAdjoint({ stepsizeController: Euler() as never })).toThrow(
      "BacksolveAdjoint: stepsizeController must",
    );
    expect(() => MultiTerm(term, { ...term, vf: undefined } as never)).toThrow(
      "MultiTerm: term 2 must be one such as ODETerm(f); ODETerm has no member vf",
    );
  });

  test("a solver that is taken for a controller, although it was found to be a solver", () => {
    const euler = Euler();
    solveParts(field, euler, options);
    expect(() => solve.stepsizeController(euler)).toThrow("Euler has no member isAdaptive");
  });

  test("a term with one half of a state", () => {
    const half = without(
      pacedTerm((_t, y: Scalar) => y),
      "over",
    );
    expect(() => solve.terms(half)).toThrow(
      "diffeqsolve: terms: test/pacedTerm has the member init and no member over",
    );
  });

  test("an adaptive controller of one's own, where the solver makes no error estimates", () => {
    const own = {
      ...ConstantStepSize(),
      isAdaptive: true,
      tolerances: { rtol: 1e-3, atol: 1e-3, norm: rmsNorm },
    };
    expect(() => solveParts(field, Euler(), { ...options, stepsizeController: own })).toThrow(
      "the solver makes no error estimates, so its steps cannot be adapted",
    );
  });

  test("a controller that says nothing of jumps, and makes one", () => {
    const jumping = {
      ...ConstantStepSize(),
      adaptStepSize: (step: never) => ({
        ...ConstantStepSize().adaptStepSize(step),
        madeJump: np.tensor(1, { dtype: "bool" }),
      }),
    };
    expect(() => solve.stepsizeController(jumping)).toThrow(
      "ConstantStepSize says that the vector field has jumped, and its mayJump is false",
    );
  });
});

describe("the state that a part of one's own carries", () => {
  /** Euler's method with a state, and a controller of equal steps with one. */
  const carrying = (first: Tree, next: Tree): Solver<Tree, "term"> =>
    solver(
      "test/Carrying",
      { order: 1 },
      {
        interpolation: localLinearInterpolation,
        init: () => first,
        step: (one: Term, { t0, t1, y0, args }: SolverStep<Tree>) => {
          const y1 = np.add(y0 as Scalar, one.vfProd(t0, y0, args, one.contr(t0, t1)) as Scalar);
          return { y1, yError: null, denseInfo: { y0, y1 }, solverState: next, result: null };
        },
      },
    );
  const deciding = (first: unknown, next: unknown): object => ({
    ...ConstantStepSize(),
    init: ({ t0, dt0 }: { t0: Scalar; dt0: Scalar }) => ({
      t1: np.add(t0, dt0),
      controllerState: first,
    }),
    adaptStepSize: ({ t0, t1 }: { t0: Scalar; t1: Scalar }) => ({
      keepStep: np.greater(t1, t0),
      t0: t1,
      t1: np.add(t1, np.sub(t1, t0)),
      madeJump: false,
      controllerState: next,
      result: null,
    }),
  });
  const f32 = { ...options, y0: np.tensor(1, { dtype: "float32" }) };

  test("may hold numbers, which take the dtype of the solve", () => {
    const one = (solved: unknown): number =>
      (solved as { ys: { at(i: number): Scalar } }).ys.at(0).item();
    for (const how of [options, f32]) {
      const wanted = one(solveParts(field, Euler(), how));
      expect(one(solveParts(field, carrying({ n: 0 } as never, { n: 1 } as never), how))).toBe(
        wanted,
      );
      const own = { ...how, stepsizeController: deciding({ n: 0 }, { n: 1 }) };
      expect(one(solveParts(field, Euler(), own))).toBeCloseTo(wanted, 6);
    }
  });

  test.each([
    [{ n: np.tensor(0) }, null, "expected an object with the keys n, got null"],
    [null, { n: np.tensor(0) }, "expected null, got an object with the keys n"],
    [{ n: np.tensor(0) }, { m: np.tensor(0) }, "expected an object with the keys n"],
    [{ n: np.tensor(0) }, { n: np.tensor([1, 2]) }, ".n: expected float64 as in the state before"],
    [
      { n: np.tensor(0) },
      { n: np.tensor(0, { dtype: "float32" }) },
      ".n: expected float64 as in the state before, got float32",
    ],
  ])("stays of one form: %j, then %j", (first, next, message) => {
    expect(() => solveParts(field, carrying(first as Tree, next as Tree), options)).toThrow(
      new RegExp(`test/Carrying.step: solverState.*${message}`),
    );
    const own = { ...options, stepsizeController: deciding(first, next) };
    expect(() => solveParts(field, Euler(), own)).toThrow(
      new RegExp(`ConstantStepSize.adaptStepSize: controllerState.*${message}`),
    );
  });
});

describe("diffeqsolve names the member that is missing or wrong in what is returned by", () => {
  const y0 = [1, 2];
  const pair = traced((_t: Scalar, y: readonly Scalar[]) => y.map((x) => np.neg(x)));
  const heun = Heun();
  /** A part, a function of which returns something else than it did. */
  const altered =
    <Part extends object>(original: Part, name: keyof Part, change: (result: object) => unknown) =>
    (): unknown => {
      const f = original[name] as (...all: readonly unknown[]) => object;
      return {
        ...original,
        [name]: (...all: readonly unknown[]) => change(f.apply(original, [...all])),
      };
    };
  const solveWith = (parts: object): unknown =>
    solveParts(pair, heun, { ...options, y0, stepsizeController: pid, ...parts });

  test.each(["y1", "yError", "denseInfo", "solverState", "result"])("a step: %s", (member) => {
    for (const [value, words] of [
      [undefined, `what it returned has no member ${member}, which is `],
      ["fine", `the member ${member} of what it returned must be `],
    ]) {
      const broken = altered(heun, "step", (made) => ({ ...made, [member]: value }))();
      expect(() => solveParts(pair, broken, { ...options, y0 })).toThrow(
        `diffeqsolve: solver: Heun.step: ${words}`,
      );
    }
  });

  test("a step: an error unlike the state, or nothing at all", () => {
    const shorter = altered(heun, "step", (made) => ({ ...made, yError: [np.tensor(0)] }))();
    expect(() => solveParts(pair, shorter, { ...options, y0 })).toThrow(
      "Heun.step: the member yError of what it returned must be a tree of tensors like y1, or null, got ",
    );
    const nothing = altered(heun, "step", () => undefined)();
    expect(() => solveParts(pair, nothing, { ...options, y0 })).toThrow(
      "diffeqsolve: solver: Heun.step must return a record, got undefined",
    );
  });

  test.each(["keepStep", "t0", "t1", "madeJump", "controllerState", "result"])(
    "a controller: %s",
    (member) => {
      const broken = altered(pid, "adaptStepSize", (decision) => ({
        ...decision,
        [member]: undefined,
      }))();
      expect(() => solveWith({ stepsizeController: broken })).toThrow(
        `diffeqsolve: stepsizeController: PIDController.adaptStepSize: what it returned has no member ${member}, which is `,
      );
    },
  );
});

describe("a solver is given the tolerances of the controller", () => {
  function seen(given: object): Tolerances | null {
    let tolerances: Tolerances | null = null;
    const init = (_terms: unknown, start: SolverStart): null => {
      ({ tolerances } = start);
      return null;
    };
    const spying = solver(
      "test/Spying",
      { order: 1 },
      {
        interpolation: localLinearInterpolation,
        init,
        step: (terms: never, at: never) => Euler().step(terms, at),
      },
    );
    solveParts(field, HalfSolver(spying as never), { ...options, ...given });
    return tolerances;
  }

  test("and null if there are none", () => {
    expect(seen({})).toBe(null);
    expect(seen({ dt0: null, stepsizeController: StepTo({ ts: [0, 1] }) })).toBe(null);
  });

  test("in the dtype of the solve", () => {
    expect(seen({ stepsizeController: pid })).toEqual(pid.tolerances);
    const tensors = PIDController({ rtol: np.tensor(1e-3), atol: 1e-6 });
    const y0 = np.tensor(1, { dtype: "float32" });
    const { rtol, atol } = seen({ y0, stepsizeController: tensors })!;
    expect([(rtol as Scalar).dtype, atol]).toEqual(["float32", 1e-6]);
  });
});

describe("solver(kind, claims, fields)", () => {
  const fields = { interpolation: localLinearInterpolation, step: () => undefined };

  test.each([
    [{ order: 0 }, "order must be a finite number above 0, got 0"],
    [{}, "order must be a finite number above 0, got undefined"],
    [{ order: 2, strongOrder: -1 }, "strongOrder must be a finite number above 0, or null, got -1"],
    [{ order: 2, errorOrder: "3" }, 'errorOrder must be a finite number above 0, or null, got "3"'],
  ])("refuses %j", (claims, message) => {
    expect(() => solver("test/Claims", claims as never, fields)).toThrow(
      `solver: test/Claims: ${message}`,
    );
  });

  test("has the vector field of one term, or the sum of those of a sum, and none of several", () => {
    const func = (structure: object): unknown =>
      Reflect.get(solver("test/Func", { order: 1 }, { ...fields, ...structure }), "func");
    expect(func({})).toBe(func({ termStructure: { sum: ["term", "term"] } }));
    expect(func({ termStructure: ["term", "term"] })).toBe(undefined);
  });
});

describe("the order of the local error", () => {
  const steps = (errorOrder: unknown): unknown =>
    JSON.stringify(
      solveParts(
        field,
        { ...HalfSolver(Euler()), errorOrder: () => errorOrder },
        { ...options, dt0: null, stepsizeController: pid, saveat: { steps: true } },
      ),
    );

  test("may be a fraction: the controller goes by it", () => {
    expect(new Set([1, 1.5, 2].map(steps)).size).toBe(3);
  });

  test.each([0, -1, Number.NaN, Infinity, "2", undefined])("%s is refused", (order) => {
    expect(() => steps(order)).toThrow("the order of its error must be a finite number above 0");
  });
});

describe("what a controller starts with is held against its interface:", () => {
  const start = { t1: np.tensor(0.1), controllerState: null };
  test.each([
    ["nothing", { init: () => undefined }, /\.init must return a record, got undefined/],
    ["no state", { init: () => ({ t1: start.t1 }) }, /\.init: .* no member controllerState/],
    ["no time", { init: () => ({ ...start, t1: "soon" }) }, /\.init: .* t1 .* a tensor/],
    ["no controller", { wrap: () => undefined }, /what PIDController\.wrap returned must be/],
  ])("%s", (_, wrong, message) => {
    const stepsizeController = { ...pid, wrap: (): object => ({ ...pid, ...wrong }), ...wrong };
    expect(() => solveParts(field, Tsit5(), { ...options, stepsizeController })).toThrow(message);
  });

  test("an adaptive one may keep every step", () => {
    const adaptStepSize = ({ t0, t1 }: { t0: Scalar; t1: Scalar }): object => ({
      keepStep: true,
      t0: t1,
      t1: np.add(t1, np.sub(t1, t0)),
      madeJump: false,
      controllerState: null,
      result: null,
    });
    const keepAll = { ...pid, adaptStepSize, init: () => start };
    const stepsizeController = { ...keepAll, wrap: (): object => keepAll };
    const { ys, stats } = solveParts(field, Tsit5(), { ...options, stepsizeController });
    expect(ys.at(0).item()).toBeCloseTo(Math.exp(-1), 6);
    expect(stats.numSteps).toBe(10);
  });
});
