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
  SemiImplicitEuler,
  StormerVerlet,
  Tsit5,
  Yoshida4,
} from "@diffrax-ts/solvers";
import type { Solver } from "@diffrax-ts/protocol";
import { solverTests, type SolverTestOptions } from "@diffrax-ts/testkit";
import { describe, expect, test } from "vitest";
import { Splitting } from "./support/samples.ts";

const solvers: readonly (readonly [name: string, () => Solver, options: SolverTestOptions])[] = [
  ["Euler()", () => Euler(), { coarsest: 512 }],
  ["Heun()", () => Heun(), {}],
  ["Midpoint()", () => Midpoint(), {}],
  ["Ralston()", () => Ralston(), {}],
  ["ReversibleHeun()", () => ReversibleHeun(), {}],
  ["LeapfrogMidpoint()", () => LeapfrogMidpoint(), {}],
  ["Bosh3()", () => Bosh3(), {}],
  ["Tsit5()", () => Tsit5(), { span: 50, coarsest: 400 }],
  ["Tsit5({ scanStages: true })", () => Tsit5({ scanStages: true }), { span: 50, coarsest: 400 }],
  ["Dopri5()", () => Dopri5(), { span: 20, coarsest: 200 }],
  ["Dopri8()", () => Dopri8(), { span: 400, coarsest: 400 }],
  ["HalfSolver(Euler())", () => HalfSolver(Euler()), { coarsest: 512 }],
  ["SemiImplicitEuler()", () => SemiImplicitEuler(), { span: 20, coarsest: 400 }],
  ["StormerVerlet()", () => StormerVerlet(), { span: 20, coarsest: 200 }],
  ["Yoshida4()", () => Yoshida4(), { span: 20, coarsest: 200 }],
  ["HalfSolver(StormerVerlet())", () => HalfSolver(StormerVerlet()), { span: 20, coarsest: 200 }],
  ["Splitting()", () => Splitting(), { coarsest: 256 }],
  ["HalfSolver(Bosh3())", () => HalfSolver(Bosh3()), {}],
];

describe.each(solvers)("%s", (_, make, options) => {
  test.each(solverTests(make, options))("$name", ({ run }) => {
    expect(run).not.toThrow();
  });
});
