import { mul, neg } from "@diffrax-ts/array";
import { traceTree } from "@diffrax-ts/autodiff";
import { diffeqsolve } from "@diffrax-ts/integrate";
import { arrayType, type Equation, innerPrograms, type Program } from "@diffrax-ts/program";
import { traced } from "@diffrax-ts/protocol";
import { flatten, type Scalar } from "@diffrax-ts/pytree";
import { Tsit5 } from "@diffrax-ts/solvers";
import { PIDController } from "@diffrax-ts/step-size-controllers";
import { expect, test } from "vitest";

type State = Readonly<Record<string, Scalar>>;

const fall = traced((_t: Scalar, y: State, rate: Scalar) =>
  Object.fromEntries(Object.entries(y).map(([key, x]) => [key, mul(neg(x), rate)])),
);

/** All equations of a program, and of those in it. */
function equationsOf(
  { equations }: Program,
  isEntered: (equation: Equation) => boolean = () => true,
): readonly Equation[] {
  return equations.flatMap((equation) => [
    equation,
    ...innerPrograms(equation).flatMap((one) =>
      isEntered(equation) ? equationsOf(one, isEntered) : [],
    ),
  ]);
}

/** The number of equations in a turn of the loop, but for those of the vector field. */
function lengthOfTurn(numLeaves: number): number {
  const state = Object.fromEntries(Array.from({ length: numLeaves }, (_, i) => [`k${i}`, 1]));
  const stepsizeController = PIDController({ rtol: 1e-4, atol: 1e-6 });
  const solve = (y0: State): unknown =>
    diffeqsolve(fall, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0, args: 2, stepsizeController }).ys;
  const { leaves, structure } = flatten([state]);
  const types = leaves.map(() => arrayType("float64", []));
  const { program } = traceTree(solve, structure, types, "solve");
  const loop = equationsOf(program).find(({ primitive }) => primitive === "loop")!;
  const { body } = loop.params as { readonly body: Program };
  const isOutside = ({ primitive, params }: Equation): boolean =>
    primitive !== "call" || (params as { readonly name: string }).name !== "vector field";
  return equationsOf(body, isOutside).length;
}

test("a turn of the loop is no longer for 500 leaves than for 64, but for the vector field, and shorter than for 10", () => {
  expect(lengthOfTurn(500)).toBe(lengthOfTurn(64));
  expect(lengthOfTurn(64)).toBeLessThan(lengthOfTurn(10));
});
