import { tensor } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import type { Solver, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
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
import { errorAt, solutionAt, vectorField } from "./support/testProblem.ts";

const term = odeTerm(vectorField);

/** What goes from one step to the next. */
interface Carried {
  readonly y: Tensor;
  readonly state: object;
}

/** Steps of one length from 0 to `tEnd`, and the largest error on the way. */
function largestError(solver: Solver, numSteps: number, tEnd: number): number {
  const start = jit((t0: Scalar, t1: Scalar, y: Tensor): Carried => {
    return {
      y,
      state: { solver: solver.init(term, { t0, t1, y0: y, args: null, tolerances: null }) },
    };
  });
  const step = jit((t0: Scalar, t1: Scalar, { y, state }: Carried): Carried => {
    const { solver: solverState } = state as { readonly solver: Tree };
    const made = solver.step(term, {
      t0,
      t1,
      y0: y,
      args: null,
      tolerances: null,
      solverState,
      madeJump: false,
    });
    return { y: made.y1 as Tensor, state: { solver: made.solverState } };
  });
  const time = (n: number): number => (tEnd * n) / numSteps;
  let carried = start(time(0), time(1), tensor(solutionAt(0)));
  let error = 0;
  for (let n = 0; n < numSteps; n++) {
    carried = step(time(n), time(n + 1), carried);
    error = Math.max(error, errorAt(time(n + 1), carried.y));
  }
  return error;
}

const cases: readonly { name: string; solver: unknown; coarsest: number; tEnd?: number }[] = [
  { name: "Euler()", solver: Euler(), coarsest: 512 },
  { name: "Heun()", solver: Heun(), coarsest: 64 },
  { name: "Midpoint()", solver: Midpoint(), coarsest: 64 },
  { name: "Ralston()", solver: Ralston(), coarsest: 64 },
  { name: "ReversibleHeun()", solver: ReversibleHeun(), coarsest: 64 },
  { name: "LeapfrogMidpoint()", solver: LeapfrogMidpoint(), coarsest: 64 },
  { name: "Bosh3()", solver: Bosh3(), coarsest: 64 },
  { name: "Tsit5()", solver: Tsit5(), coarsest: 400, tEnd: 50 },
  {
    name: "Tsit5({ scanStages: true })",
    solver: Tsit5({ scanStages: true }),
    coarsest: 400,
    tEnd: 50,
  },
  { name: "Dopri5()", solver: Dopri5(), coarsest: 80, tEnd: 20 },
  { name: "Dopri8()", solver: Dopri8(), coarsest: 400, tEnd: 400 },
  {
    name: "Dopri8({ scanStages: true })",
    solver: Dopri8({ scanStages: true }),
    coarsest: 400,
    tEnd: 400,
  },
  { name: "HalfSolver(Euler())", solver: HalfSolver(Euler()), coarsest: 512 },
  { name: "HalfSolver(Bosh3())", solver: HalfSolver(Bosh3()), coarsest: 64 },
];

describe("over four halvings of the step the error shrinks as the order says:", () => {
  test.each(cases)("$name", ({ solver, coarsest, tEnd = 2 }) => {
    const method = solver as Solver;
    const errors = [0, 1, 2, 3, 4].map((i) => largestError(method, coarsest * 2 ** i, tEnd));
    // Far from the roundings.
    expect(Math.min(...errors)).toBeGreaterThan(1e-14);
    expect(Math.abs(observedOrder(errors) - method.order(term))).toBeLessThan(0.2);
  });
});
