import { add, dot, eye, mul, sin, stack, sub, sum, tensor } from "@diffrax-ts/array";
import { grad, jvp } from "@diffrax-ts/autodiff";
import {
  type LinearOperator,
  linearSolve,
  type LinearSolver,
  type LinearStep,
  LU,
} from "@diffrax-ts/linear-solvers";
import { arrayType, isEquation, type Program, traceProgram } from "@diffrax-ts/program";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose, gradients, solved, system } from "./support/derivatives.ts";
import { numbersOf } from "./support/systems.ts";

/** A solver of somebody else's, for symmetric matrices of two rows: by their adjugate. */
function Adjugate(): LinearSolver<Tensor> {
  return part("test/Adjugate", { init, transpose: same, compute });
}

function init(operator: LinearOperator): Tensor {
  const matrix = operator.asMatrix();
  const [a, b, d] = [matrix.at(0, 0), matrix.at(0, 1), matrix.at(1, 1)];
  const adjugate = stack([stack([d, b.neg()]), stack([b.neg(), a])]);
  return adjugate.div(sub(mul(a, d), mul(b, b)));
}

function same(state: Tensor): Tensor {
  return state;
}

function compute(inverse: Tensor, vector: Tensor): LinearStep {
  return { value: dot(inverse, vector) };
}

describe("a solver of one's own", () => {
  const a = tensor([
    [2, 1],
    [1, 3],
  ]);
  const b = tensor([3, 5]);
  const loss = (matrix: Tensor, vector: Tensor): Tensor =>
    sum(sin(linearSolve(matrix, vector, { solver: Adjugate() }).value));

  test("gives values and derivatives, without a rule of its own", () => {
    const wanted = (matrix: Tensor, vector: Tensor): Tensor => sum(sin(solved(matrix, vector)));
    expectClose([loss(a, b).item()], [wanted(a, b).item()], 1e-15);
    const other = gradients(wanted)(a, b);
    for (const [i, gradient] of gradients(loss)(a, b).entries())
      expectClose(numbersOf(gradient), numbersOf(other[i]!), 1e-14);
  });

  test("with a parameter has no derivative with respect to it", () => {
    const loss = (scale: Scalar): Tensor => {
      const solver = { ...Adjugate(), scale };
      return add(sum(linearSolve(a, b, { solver }).value), mul(scale, 3));
    };
    expect(grad(loss)(2)).toBe(3);
  });

  test("called again is not traced again", () => {
    let calls = 0;
    const counted = function counted(this: LinearSolver, operator: LinearOperator): unknown {
      calls++;
      return init(operator);
    };
    const solve = (): unknown => linearSolve(a, b, { solver: { ...Adjugate(), init: counted } });
    solve();
    solve();
    expect(calls).toBe(1);
  });
});

/** How many equations of each name there are, in programs within programs too. */
function namesIn({ equations }: Program, counts: Record<string, number> = {}): typeof counts {
  for (const equation of equations) {
    if (isEquation(equation, "derived")) {
      const { name } = equation.params;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    if (isEquation(equation, "call")) namesIn(equation.params.program, counts);
  }
  return counts;
}

describe("the matrix is factorised once", () => {
  const { a, b } = system(5);
  const loss = (matrix: Tensor, vector: Tensor): Tensor => sum(sin(solved(matrix, vector)));
  const gradient = (matrix: Tensor, vector: Tensor): Tensor => grad(loss)(matrix, vector);
  const count = (f: (matrix: Tensor, vector: Tensor) => Tensor): Record<string, number> => {
    const types = [a, b].map(({ dtype, shape }) => arrayType(dtype, shape));
    return namesIn(traceProgram(types, (matrix, vector) => [f(matrix, vector)]).program);
  };

  test("for a value", () => {
    expect(count(loss)).toEqual({ "AutoLinearSolver.init": 1, linearSolve: 1 });
  });

  test("for a gradient, which is one more solve", () => {
    expect(count(gradient)).toEqual({ "AutoLinearSolver.init": 1, linearSolve: 2 });
  });

  test("for a tangent, which is one more solve", () => {
    const tangent = (matrix: Tensor, vector: Tensor): Tensor =>
      jvp(loss, [matrix, vector], [matrix, vector]).tangent;
    expect(count(tangent)).toEqual({ "AutoLinearSolver.init": 1, linearSolve: 2 });
  });

  test("for a product with the Hessian, which is four solves in all", () => {
    const product = (matrix: Tensor, vector: Tensor): Tensor =>
      jvp(gradient, [matrix, vector], [matrix, vector]).tangent;
    expect(count(product)).toEqual({ "AutoLinearSolver.init": 1, linearSolve: 4 });
  });
});

test("LU has no state of its own: its functions work on a copy of the record", () => {
  const solver = { ...LU() };
  const loss = (matrix: Tensor): Tensor =>
    sum(linearSolve(matrix, tensor([1, 2]), { solver }).value);
  expectClose(numbersOf(grad(loss)(eye(2))), [-1, -2, -1, -2], 1e-15);
});
