import { checkTraces } from "@diffrax-ts/autodiff";
import {
  BacksolveAdjoint,
  Bosh3,
  ConstantStepSize,
  ControlTerm,
  DirectAdjoint,
  Dopri5,
  Dopri8,
  Euler,
  EulerHeun,
  ForwardMode,
  GeneralShARK,
  HalfSolver,
  Heun,
  ImplicitAdjoint,
  ItoMilstein,
  jit,
  LeapfrogMidpoint,
  maxNorm,
  Midpoint,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  Ralston,
  RecursiveCheckpointAdjoint,
  ReversibleHeun,
  SaveAt,
  SEA,
  ShARK,
  SlowRK,
  SPaRK,
  SRA1,
  StepTo,
  StratonovichMilstein,
  traced,
  Tsit5,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { type Term, type Tree, treeMap } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { key } from "@diffrax-ts/random";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

/** How often a part of a solve was traced: its functions are called then, and never when it runs. */
let calls = 0;

beforeEach(() => {
  calls = 0;
});

/** A term that is asked for its vector field once for each stage that is traced. Each test has its own. */
function countingTerm(): Term {
  return part("test/countingTerm", {
    readFields(this: Term): Term {
      return this;
    },
    vf(_t: Scalar, y: Tree): Tree {
      calls++;
      return treeMap((x) => np.neg(x), y);
    },
    contr: (t0: Scalar, t1: Scalar): Tree => np.sub(t1, t0),
    prod: (vf: Tree, control: Tree): Tree => treeMap((x) => np.mul(x, control as Tensor), vf),
    vfProd(this: Term, t: Scalar, y: Tree, args: unknown, control: Tree): Tree {
      return this.prod(this.vf(t, y, args), control);
    },
    isVfExpensive: () => false,
  });
}

/** A norm that is asked for its value where the error of a step is traced. */
const countingNorm = (tree: Tree): Scalar => {
  calls++;
  return maxNorm(tree);
};

type Options = Readonly<Record<string, unknown>>;

/** Solves, with the options that are made anew for each solve. */
function solve(terms: unknown, solver: unknown, options: Options): unknown {
  return JSON.stringify(
    solveParts(terms, solver, { t0: 0, t1: 1, dt0: 0.25, y0: 1, ...options }).ys,
  );
}

/** Solves three times, and tells how often it was traced after the first. */
function tracesAfterFirst(run: () => unknown): number {
  const first = run();
  const before = calls;
  expect(before).toBeGreaterThan(0);
  expect([run(), run()]).toEqual([first, first]);
  return calls - before;
}

describe("a maker called again gives the same trace:", () => {
  const solvers: readonly { readonly name: string; readonly make: () => unknown }[] = [
    { name: "Euler()", make: () => Euler() },
    { name: "Heun()", make: () => Heun() },
    { name: "Midpoint()", make: () => Midpoint() },
    { name: "Ralston()", make: () => Ralston() },
    { name: "Bosh3()", make: () => Bosh3() },
    { name: "Tsit5()", make: () => Tsit5() },
    { name: "Tsit5({ scanStages: true })", make: () => Tsit5({ scanStages: true }) },
    { name: "Dopri5()", make: () => Dopri5() },
    { name: "Dopri8()", make: () => Dopri8() },
    { name: "ReversibleHeun()", make: () => ReversibleHeun() },
    { name: "LeapfrogMidpoint()", make: () => LeapfrogMidpoint() },
    { name: "HalfSolver(Tsit5())", make: () => HalfSolver(Tsit5()) },
  ];
  test.each(solvers)("$name", ({ make }) => {
    const term = countingTerm();
    expect(tracesAfterFirst(() => solve(term, make(), {}))).toBe(0);
  });

  const stochastic = [
    EulerHeun,
    GeneralShARK,
    ItoMilstein,
    SEA,
    ShARK,
    SlowRK,
    SPaRK,
    SRA1,
    StratonovichMilstein,
  ].map((make) => ({ name: make.name, make: make as () => unknown }));
  test.each(stochastic)("$name(), on a stochastic equation", ({ make }) => {
    const levyArea = "SpaceTimeLevyArea";
    const tree = { t0: 0, t1: 1, tol: 0.01, shape: [], key: key(0), levyArea } as const;
    const noise = ControlTerm(
      traced(() => np.tensor(0.3)),
      VirtualBrownianTree(tree),
    );
    const terms = MultiTerm(countingTerm(), noise);
    expect(tracesAfterFirst(() => solve(terms, make(), {}))).toBe(0);
  });

  const controllers: readonly { readonly name: string; readonly make: () => Options }[] = [
    { name: "ConstantStepSize()", make: () => ({ stepsizeController: ConstantStepSize() }) },
    {
      name: "StepTo({ ts })",
      make: () => ({ stepsizeController: StepTo({ ts: [0, 0.5, 1] }), dt0: null }),
    },
    {
      name: "PIDController({ rtol, atol, norm, pcoeff, dtmin })",
      make: () => ({
        stepsizeController: PIDController({
          rtol: 1e-3,
          atol: 1e-6,
          norm: maxNorm,
          pcoeff: 0.1,
          dtmin: 1e-3,
        }),
      }),
    },
    {
      name: "PIDController({ rtol: a tensor, atol })",
      make: () => ({ stepsizeController: PIDController({ rtol: np.tensor(1e-3), atol: 1e-6 }) }),
    },
  ];
  test.each(controllers)("$name", ({ make }) => {
    const term = countingTerm();
    expect(tracesAfterFirst(() => solve(term, Tsit5(), make()))).toBe(0);
  });

  const adjoints: readonly { readonly name: string; readonly make: () => unknown }[] = [
    { name: "RecursiveCheckpointAdjoint()", make: () => RecursiveCheckpointAdjoint() },
    { name: "DirectAdjoint()", make: () => DirectAdjoint() },
    { name: "ForwardMode()", make: () => ForwardMode() },
    { name: "BacksolveAdjoint()", make: () => BacksolveAdjoint() },
    {
      name: "BacksolveAdjoint({ solver, stepsizeController })",
      make: () => BacksolveAdjoint({ solver: Heun(), stepsizeController: ConstantStepSize() }),
    },
    { name: "ImplicitAdjoint()", make: () => ImplicitAdjoint() },
  ];
  test.each(adjoints)("$name, in functions that are traced one after the other", ({ make }) => {
    const term = countingTerm();
    const run = (): unknown =>
      jit((y0: Scalar) => {
        return solveParts(term, Tsit5(), { t0: 0, t1: 1, dt0: 0.25, y0, adjoint: make() }).ys;
      })(1).toArray();
    expect(tracesAfterFirst(run)).toBe(0);
  });

  const decay = traced((_t: Scalar, y: Tensor): Tensor => np.neg(y)) as unknown as () => never;
  const square = traced((_t: Scalar, y: Tensor): Tensor => np.mul(y, y));
  const pid = (): Options => ({
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6, norm: countingNorm }),
  });

  test("ODETerm(f)", () => {
    expect(tracesAfterFirst(() => solve(ODETerm(decay), Tsit5(), pid()))).toBe(0);
  });

  test("ODETerm(f, params)", () => {
    expect(tracesAfterFirst(() => solve(ODETerm(decay, { rate: 2 }), Tsit5(), pid()))).toBe(0);
  });

  test("SaveAt({ ts, t1, fn }) and SaveAt({ subs })", () => {
    const one = (): Options => ({
      ...pid(),
      saveat: SaveAt({ ts: [0.1, 0.2], t1: true, fn: square }),
    });
    expect(tracesAfterFirst(() => solve(decay, Tsit5(), one()))).toBe(0);
    const several = (): Options => ({
      ...pid(),
      saveat: SaveAt({ subs: { a: { steps: 2 }, b: [{ t1: true }] } }),
    });
    expect(tracesAfterFirst(() => solve(decay, Tsit5(), several()))).toBe(0);
  });

  test("a plain function written in place", () => {
    expect(tracesAfterFirst(() => solve((t: number, y: number) => -y * t, Tsit5(), pid()))).toBe(0);
  });

  test("traced(f) of the same f", () => {
    const f = (_t: Scalar, y: Tensor): Tensor => np.mul(y, -2);
    expect(tracesAfterFirst(() => solve(traced(f), Tsit5(), pid()))).toBe(0);
  });
});

describe("other numbers in the data need no other trace:", () => {
  const field = traced((_t: Scalar, y: Tensor, { rate }: { rate: Scalar }): Tensor =>
    np.mul(y, rate),
  );
  const options = (data: Options): Options => ({
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6, norm: countingNorm }),
    args: { rate: -1 },
    ...data,
  });
  const data: readonly Options[] = [
    { y0: 2 },
    { args: { rate: -3 } },
    { t0: -1 },
    { t1: 2 },
    { dt0: 0.125 },
    { maxSteps: 200 },
    { throw: false },
  ];
  test.each(data)("%o", (other) => {
    solve(field, Tsit5(), options({}));
    const before = calls;
    solve(field, Tsit5(), options(other));
    expect(calls).toBe(before);
  });

  test("the times to save at, if they are as many", () => {
    solve(field, Tsit5(), options({ saveat: { ts: [0.1, 0.2] } }));
    const before = calls;
    solve(field, Tsit5(), options({ saveat: { ts: [0.5, 0.75] } }));
    expect(calls).toBe(before);
    solve(field, Tsit5(), options({ saveat: { ts: [0.5, 0.75, 1] } }));
    expect(calls).toBeGreaterThan(before);
  });
});

test("another tolerance is another trace", () => {
  const term = countingTerm();
  const run = (rtol: number): unknown =>
    solve(term, Tsit5(), { stepsizeController: PIDController({ rtol, atol: 1e-6 }) });
  run(1e-3);
  const before = calls;
  run(1e-4);
  expect(calls).toBeGreaterThan(before);
});
