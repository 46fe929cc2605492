import { tensor } from "@diffrax-ts/array";
import type { DenseInfo, LocalInterpolation, Solver, Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
  type ExplicitRungeKutta,
  HalfSolver,
  Heun,
  LeapfrogMidpoint,
  Midpoint,
  Ralston,
  ReversibleHeun,
  Tsit5,
} from "@diffrax-ts/solvers";
import { describe, expect, test } from "vitest";
import { odeTerm } from "./support/odeTerm.ts";
import { observedOrder } from "./support/order.ts";
import { residual, rootedTrees } from "./support/rootedTrees.ts";
import { errorAt, solutionAt, vectorField } from "./support/testProblem.ts";

const term = odeTerm(vectorField);

interface Step {
  readonly y0: Tensor;
  readonly y1: Tensor;
  readonly yError: Tree;
  readonly interpolation: LocalInterpolation;
}

/** One step from a point of the solution. */
function oneStep(solver: Solver, start: number, dt: number): Step {
  const [t0, t1, y0] = [tensor(start), tensor(start + dt), tensor(solutionAt(start))];
  const solverState = solver.init(term, { t0, t1, y0, args: null, tolerances: null });
  const { y1, yError, denseInfo } = solver.step(term, {
    t0,
    t1,
    y0,
    args: null,
    tolerances: null,
    solverState,
    madeJump: false,
  });
  return { y0, y1: y1 as Tensor, yError, interpolation: solver.interpolation(t0, t1, denseInfo) };
}

const largest = (tree: Tree): number =>
  Math.max(...((tree as Tensor).toArray() as number[]).map(Math.abs));
const valueAt = ({ interpolation }: Step, t: number): Tensor =>
  interpolation.evaluate(tensor(t)) as Tensor;
const slopeAt = ({ interpolation }: Step, t: number): Tensor =>
  interpolation.derivative(tensor(t)) as Tensor;

// `order`: of the value; the local error is of one more. The slopes that the method's own stages give to the cubic
// are those at the ends of the step only if its last stage is evaluated there.
const solvers: readonly {
  name: string;
  solver: Solver;
  order: number;
  dt: number;
  start?: number;
}[] = [
  { name: "Euler()", solver: Euler(), order: 1, dt: 1 / 16 },
  { name: "Heun()", solver: Heun(), order: 2, dt: 1 / 16 },
  { name: "Midpoint()", solver: Midpoint(), order: 1, dt: 1 / 16 },
  { name: "Ralston()", solver: Ralston(), order: 1, dt: 1 / 16 },
  { name: "ReversibleHeun()", solver: ReversibleHeun(), order: 1, dt: 1 / 16 },
  { name: "LeapfrogMidpoint()", solver: LeapfrogMidpoint(), order: 1, dt: 1 / 16 },
  { name: "Bosh3()", solver: Bosh3(), order: 3, dt: 1 / 16 },
  { name: "Tsit5()", solver: Tsit5(), order: 4, dt: 1 / 4 },
  { name: "Dopri5()", solver: Dopri5(), order: 4, dt: 1 / 4 },
  { name: "Dopri8()", solver: Dopri8(), order: 5, dt: 3 / 4, start: 5 },
  { name: "HalfSolver(Bosh3())", solver: HalfSolver(Bosh3()), order: 3, dt: 1 / 16 },
];

describe("the interpolation of a step", () => {
  test.each(solvers)("of $name begins and ends at the ends of the step", ({ solver, name }) => {
    const step = oneStep(solver, 0.5, 0.125);
    const end = name.startsWith("HalfSolver") ? oneStep(Bosh3(), 0.5, 0.125).y1 : step.y1;
    for (const [t, wanted] of [
      [0.5, step.y0],
      [0.625, end],
    ] as const) {
      const value = valueAt(step, t).toArray() as number[];
      // Weights of size 100 that cancel each other.
      for (const [i, x] of value.entries())
        expect(Math.abs(x - wanted.at(i).item())).toBeLessThan(1e-13);
    }
  });

  test.each(solvers)(
    "of $name has an error of order $order + 1",
    ({ solver, order, dt, start = 0.5 }) => {
      const errors = [0, 1, 2, 3, 4].map((i) => {
        const h = dt / 2 ** i;
        const step = oneStep(solver, start, h);
        return Math.max(
          ...[0.2, 0.4, 0.6, 0.8].map((s) => errorAt(start + s * h, valueAt(step, start + s * h))),
        );
      });
      expect(Math.min(...errors)).toBeGreaterThan(1e-14);
      expect(Math.abs(observedOrder(errors) - (order + 1))).toBeLessThan(0.2);
    },
  );

  test.each(solvers)("of $name has the slope that differences of its values have", ({ solver }) => {
    const step = oneStep(solver, 0.5, 0.25);
    // Three differences of values that are exact to 1e-15, and a polynomial of degree 6 between them.
    const h = 1e-3;
    for (const t of [0.55, 0.6, 0.7]) {
      const [back, on] = [valueAt(step, t - h), valueAt(step, t + h)].map(
        (y) => y.toArray() as number[],
      );
      const slope = slopeAt(step, t).toArray() as number[];
      for (const [i, x] of slope.entries())
        expect(Math.abs((on![i]! - back![i]!) / (2 * h) - x)).toBeLessThan(1e-4);
    }
  });

  test.each(solvers)("of $name is y0 with slope 0 if the step has no length", ({ solver }) => {
    const step = oneStep(solver, 0.5, 0);
    expect(valueAt(step, 0.5).toArray()).toEqual(step.y0.toArray());
    expect(slopeAt(step, 0.5).toArray()).toEqual([0, 0]);
  });
});

const rungeKutta: readonly { name: string; solver: ExplicitRungeKutta; order: number }[] = [
  { name: "Heun()", solver: Heun(), order: 2 },
  { name: "Midpoint()", solver: Midpoint(), order: 1 },
  { name: "Ralston()", solver: Ralston(), order: 1 },
  { name: "Bosh3()", solver: Bosh3(), order: 3 },
  { name: "Tsit5()", solver: Tsit5(), order: 4 },
  { name: "Dopri5()", solver: Dopri5(), order: 4 },
  { name: "Dopri8()", solver: Dopri8(), order: 5 },
];

/** `bᵢ(s)`, read off from stages that are unit vectors. */
function weightsAt({ tableau, interpolation }: ExplicitRungeKutta, s: number): number[] {
  const stages = tableau.bSol.length;
  const unit = (i: number): Tensor =>
    tensor(Array.from({ length: stages }, (_, j) => (i === j ? 1 : 0)));
  const info: DenseInfo = {
    y0: tensor(Array.from({ length: stages }, () => 0)),
    y1: tensor([...tableau.bSol]),
    k: Array.from({ length: stages }, (_, i) => unit(i)),
  };
  const local = interpolation(tensor(0), tensor(1), info);
  return (local.evaluate(tensor(s)) as Tensor).toArray() as number[];
}

describe("the weights of the interpolation", () => {
  const trees = rootedTrees(7);
  const violated = (solver: ExplicitRungeKutta, order: number, factor: number): number =>
    [0.1, 0.35, 0.5, 0.85].flatMap((s) => {
      const b = weightsAt(solver, s);
      return trees.filter((tree) => {
        if (tree.order !== order) return false;
        const { value, rounding } = residual(tree, [[], ...solver.tableau.aLower], b, s);
        return Math.abs(value) > factor * rounding;
      });
    }).length;

  test.each(rungeKutta)(
    "of $name fulfil all order conditions up to $order, and not those above",
    ({ solver, order }) => {
      // Each weight is itself a sum of a few numbers of size 100.
      const counts = Array.from({ length: order }, (_, i) => violated(solver, i + 1, 100));
      expect(counts).toEqual(counts.map(() => 0));
      expect(violated(solver, order + 1, 1e6)).toBeGreaterThan(0);
    },
  );
});

describe("the error estimate of a step", () => {
  const estimates: readonly { name: string; solver: Solver; order: number; dt: number }[] = [
    ...[Heun(), Midpoint(), Ralston(), Bosh3()].map((solver) => ({
      name: `${solver.kind}()`,
      solver: solver as Solver,
      order: solver.tableau.embeddedOrder,
      dt: 1 / 16,
    })),
    ...[Tsit5(), Dopri5(), Dopri8()].map((solver) => ({
      name: `${solver.kind}()`,
      solver: solver as Solver,
      order: solver.tableau.embeddedOrder,
      dt: solver.kind === "Dopri8" ? 3 / 4 : 1 / 4,
    })),
    { name: "ReversibleHeun()", solver: ReversibleHeun(), order: 1, dt: 1 / 16 },
    {
      name: "HalfSolver(Euler())",
      solver: HalfSolver(Euler()),
      order: 1,
      dt: 1 / 16,
    },
    { name: "HalfSolver(Bosh3())", solver: HalfSolver(Bosh3()), order: 3, dt: 1 / 16 },
  ];

  test.each(estimates)("of $name is of order $order + 1", ({ solver, order, dt }) => {
    const errors = [0, 1, 2, 3, 4].map((i) => largest(oneStep(solver, 0.5, dt / 2 ** i).yError));
    expect(Math.abs(observedOrder(errors) - (order + 1))).toBeLessThan(0.2);
  });
});
