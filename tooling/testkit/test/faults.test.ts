import { checkTraces } from "@diffrax-ts/autodiff";
import { Heun, np, Tsit5 } from "@diffrax-ts/core";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type DenseInfo,
  type LocalInterpolation,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { solverTests } from "@diffrax-ts/testkit";
import { describe, expect, test } from "vitest";

// Solvers with a fault each, and the tests that find it.

const interpolation = localLinearInterpolation;
const heun = Heun();
const tsit5 = Tsit5();

interface Slopes {
  readonly [key: string]: Tree;
  readonly f: Tree;
  readonly dt: Scalar;
}

/** Adams–Bashforth with `f · (t1 - t0)`. */
function byTheClock(
  term: Term,
  { t0, t1, y0, args, solverState }: SolverStep<Slopes>,
): SolverStepResult<Slopes> {
  const dt = np.sub(t1, t0);
  const f = term.vf(t0, y0, args);
  const w = np.div(dt, np.mul(solverState.dt, 2));
  const y1 = treeMap(
    (y, a, b) => np.add(y, np.mul(dt, np.add(a, np.mul(w, np.sub(a, b))))),
    y0,
    f,
    solverState.f,
  );
  return { y1, yError: null, denseInfo: { y0, y1 }, solverState: { f, dt }, result: null };
}

function firstSlope(term: Term, { t0, t1, y0, args }: SolverStart): Slopes {
  return { f: term.vf(t0, y0, args), dt: np.sub(t1, t0) };
}

const alteredStep =
  (alter: (made: SolverStepResult<Tree>, at: SolverStep<Tree>) => object) =>
  (term: Term, at: SolverStep<Tree>): SolverStepResult<Tree> => {
    const made = heun.step(term, at);
    return { ...made, ...alter(made, at) };
  };
const inDoubles = alteredStep(({ y1 }) => ({ y1: treeMap((y) => np.mul(y, np.tensor(1)), y1) }));
const constant = alteredStep(({ y1 }) => ({ y1: treeMap((y) => np.stopGradient(y), y1) }));
const tooLarge = alteredStep(({ yError }, { y0 }) => ({
  yError: treeMap((e, y) => np.add(np.sqrt(np.abs(e)), np.mul(y, 0)), yError, y0),
}));

function unfit(): never {
  throw new Error("this step is not fit for use");
}
let steps = 0;
const nowAndThen = alteredStep(({ yError }) => ({ yError: steps++ % 3 === 0 ? null : yError }));

function stale(term: Term, at: SolverStep<Tree>): SolverStepResult<Tree> {
  return { ...tsit5.step(term, at), solverState: at.solverState };
}

function turnedRound(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  const line = localLinearInterpolation(t0, t1, info);
  return {
    evaluate: (t) => line.evaluate(t),
    derivative: (t) => treeMap((x) => np.neg(x), line.derivative(t)),
  };
}

function firstLost(t0: Scalar, t1: Scalar, info: DenseInfo): LocalInterpolation {
  const line = localLinearInterpolation(t0, t1, info);
  const lose = (y: Tree, t: Scalar): Tree => {
    const [first, ...others] = y as readonly Scalar[];
    const isEnd = np.logicalOr(np.equal(t, t0), np.equal(t, t1));
    return [np.where(isEnd, first!, Number.NaN), ...others];
  };
  return { evaluate: (t) => lose(line.evaluate(t), t), derivative: (t) => line.derivative(t) };
}

function fromTheEnd(t0: Scalar, t1: Scalar, { y0, y1 }: DenseInfo): LocalInterpolation {
  return localLinearInterpolation(t0, t1, { y0: y1!, y1: y0! });
}

const noOrder = (): null => null;

let made = 0;

const faults: Readonly<Record<string, { make: () => Solver; found: readonly string[] }>> = {
  "multiplies by t1 - t0": {
    make: () =>
      solver("test/AB2", { order: 2 }, { interpolation, init: firstSlope, step: byTheClock }),
    found: [
      "converges as its order says, backward in time",
      "multiplies the vector field by the control",
    ],
  },
  "claims an order too many": {
    make: () => ({ ...heun, claims: { order: 3, errorOrder: 2 } }) as Solver,
    found: [
      "converges as its order says, forward in time",
      "converges as its order says, backward in time",
    ],
  },
  "claims an order of the error that is not": {
    make: () => ({ ...heun, errorOrder: () => 3 }),
    found: [
      "estimates its error as the order of that says",
      "is the same structure each time it is made",
    ],
  },
  "estimates too large an error": {
    make: () => ({ ...heun, step: tooLarge }),
    found: ["estimates its error as the order of that says"],
  },
  "estimates its error, and claims no order of it": {
    make: () => ({ ...heun, errorOrder: noOrder }),
    found: ["estimates its error as the order of that says"],
  },
  "estimates its error now and then": {
    make: () => ({ ...heun, step: nowAndThen }),
    found: ["estimates its error as the order of that says"],
  },
  "makes its functions anew": {
    make: () => ({ ...heun, step: (term: Term, at: SolverStep<Tree>) => heun.step(term, at) }),
    found: ["is the same structure each time it is made"],
  },
  "holds a number that is another each time": {
    make: () => ({ ...heun, made: made++ }) as Solver,
    found: ["is the same structure each time it is made"],
  },
  "is one record": {
    make: () => heun,
    found: ["is the same structure each time it is made"],
  },
  "passes on what it was passed": {
    make: () => ({ ...tsit5, step: stale }),
    found: ["converges as its order says, forward in time"],
  },
  "lacks a member": {
    make: () => ({ ...heun, strongOrder: undefined }) as unknown as Solver,
    found: ["has the members of a solver"],
  },
  "computes in doubles": {
    make: () => ({ ...heun, step: inDoubles }),
    found: ["works in single precision"],
  },
  "loses its derivative": {
    make: () => ({ ...heun, step: constant }),
    found: ["has the gradient that differences have"],
  },
  "has another slope than its curve": {
    make: () => ({ ...heun, interpolation: turnedRound }),
    found: ["interpolates"],
  },
  "has a curve whose first component is NaN within the step": {
    make: () => ({ ...heun, interpolation: firstLost }),
    found: ["interpolates"],
  },
  "has a curve from the end to the start": {
    make: () => ({ ...heun, interpolation: fromTheEnd }),
    found: ["interpolates"],
  },
};

describe("the tests find a solver that", () => {
  test.each(Object.entries(faults))("%s", (_, { make, found }) => {
    const failed = solverTests(make).flatMap(({ name, run }) => {
      try {
        run();
        return [];
      } catch {
        return [name];
      }
    });
    expect(failed).toEqual(expect.arrayContaining([...found]));
  });
});

test("a test that fails leaves it as it was how often traces are checked", () => {
  const before = checkTraces("always");
  try {
    const tests = solverTests(() => ({ ...heun, step: unfit }));
    for (const { run } of tests.slice(1)) expect(run).toThrow("not fit for use");
    expect(checkTraces("always")).toBe("always");
  } finally {
    checkTraces(before);
  }
});

test("a solver that wants terms of a kind needs a problem with such terms", () => {
  const langevin = solver(
    "test/Langevin",
    { order: 1 },
    {
      termStructure: { kind: "test/Drift" },
      interpolation,
      step: byTheClock,
    },
  );
  expect(() => solverTests(() => langevin)).toThrow("pass a problem with such terms");
});
