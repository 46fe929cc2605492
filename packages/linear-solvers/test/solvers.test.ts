import {
  add,
  arange,
  dot,
  equal,
  eye,
  mul,
  rem,
  reshape,
  sin,
  stack,
  sub,
  sum,
  tensor,
  transpose,
} from "@diffrax-ts/array";
import { checkTraces, cond, grad, jit, jvp, scan } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  BandedLU,
  BiCGStab,
  CG,
  Cholesky,
  diagonal,
  DiagonalLinearOperator,
  FunctionLinearOperator,
  GMRES,
  invert,
  JacobianLinearOperator,
  type LinearOperator,
  linearSolve,
  type LinearSolver,
  type LinearStep,
  LU,
  materialise,
  MatrixLinearOperator,
  Normal,
  NormalCG,
  QR,
  SVD,
  TaggedLinearOperator,
} from "@diffrax-ts/linear-solvers";
import { arrayType, isEquation, type Program, traceProgram } from "@diffrax-ts/program";
import { leaves, part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { beforeEach, describe, expect, test } from "vitest";
import { expectClose, gradients, solved, system } from "./support/derivatives.ts";
import { numbersOf } from "./support/systems.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

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

describe("what a solver knows of an operator", () => {
  const n = 4;
  const { a, b } = system(n);
  const tolerances = { rtol: 1e-12, atol: 1e-12 };
  const known: readonly (readonly [string, LinearSolver])[] = [
    ["LU", LU()],
    ["QR", QR()],
    ["SVD", SVD()],
    ["BandedLU", BandedLU({ lower: 3, upper: 3 })],
    ["AutoLinearSolver", AutoLinearSolver()],
    ["GMRES", GMRES(tolerances)],
    ["Normal(Cholesky())", Normal(Cholesky())],
  ];

  test.each(known)("%s: serves for other vectors, and holds the derivatives", (_, solver) => {
    const { state } = linearSolve(a, b, { solver });
    const other = mul(b, 2);
    const again = linearSolve(a, other, { solver, state }).value;
    expectClose(numbersOf(again), numbersOf(linearSolve(a, other, { solver }).value), 1e-13);
    const loss = (matrix: Tensor, vector: Tensor): Tensor =>
      sum(sin(linearSolve(matrix, vector, { solver, state }).value));
    const wanted = gradients((matrix, vector) => sum(sin(solved(matrix, vector))))(a, b);
    for (const [i, gradient] of gradients(loss)(a, b).entries())
      expectClose(numbersOf(gradient), numbersOf(wanted[i]!), 1e-9);
  });

  test.each(known)("%s: is carried through a loop, and made anew in it", (_, solver) => {
    // x ← x - A₀⁻¹ (A x - b), with A₀ renewed in one turn of three.
    const f = (x: Tensor): Tensor => sub(dot(a, x), b);
    const iterate = jit((start: Tensor) => {
      const operatorAt = (x: Tensor): LinearOperator<Tensor, Tensor> =>
        JacobianLinearOperator(f, x);
      const first = { x: start, state: solver.init(operatorAt(start)) };
      const turn = (now: typeof first, k: Tensor) => {
        const state = cond(
          equal(rem(k, 3), 0),
          () => solver.init(operatorAt(now.x)),
          () => now.state,
        );
        const step = linearSolve(operatorAt(now.x), f(now.x), { solver, state }).value;
        return { carry: { x: sub(now.x, step), state }, row: null };
      };
      return scan(turn, first, arange(5, { dtype: "int32" })).carry.x;
    });
    expectClose(numbersOf(iterate(mul(b, 0))), numbersOf(solved(a, b)), 1e-13);
  });

  test("is as large as the band of a Jacobian, and no larger", () => {
    const x = tensor(new Float64Array(100).fill(1));
    const operator = JacobianLinearOperator((y: Tensor) => mul(y, y), x);
    const state = BandedLU({ lower: 2, upper: 1 }).init(operator);
    const sizes = leaves(state).map((leaf) => (leaf as Tensor).size);
    expect(sizes.toSorted((p, q) => p - q)).toEqual([100, 200, 400]);
  });
});

describe("options of iterative solvers", () => {
  const n = 30;
  const diagonal = Float64Array.from({ length: n }, (_, i) => (i + 1) ** 3);
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_x, j) =>
      i === j ? diagonal[i]! : Math.abs(i - j) === 1 ? 0.25 : 0,
    ),
  );
  const operator = MatrixLinearOperator(tensor(rows), { tags: "positiveSemidefinite" });
  const b = tensor(new Float64Array(n).fill(1));
  const preconditioner = TaggedLinearOperator(
    DiagonalLinearOperator(tensor(diagonal.map((x) => 1 / x))),
    { tags: "positiveSemidefinite" },
  );
  const tolerances = { rtol: 1e-9, atol: 1e-9, maxSteps: 5000 };
  const wanted = linearSolve(operator, b).value;

  test.each([
    ["CG", CG(tolerances)],
    ["BiCGStab", BiCGStab(tolerances)],
    ["NormalCG", NormalCG(tolerances)],
    ["GMRES", GMRES({ ...tolerances, restart: 5 })],
  ])("%s takes fewer steps with a preconditioner, and with a start", (_, solver) => {
    const plain = linearSolve(operator, b, { solver, throw: false });
    const better = linearSolve(operator, b, { solver, options: { preconditioner } });
    expect(better.stats["numSteps"]).toBeLessThan(plain.stats["numSteps"] as number);
    expectClose(numbersOf(better.value), numbersOf(wanted), 1e-7);
    const started = linearSolve(operator, b, { solver, options: { y0: wanted, preconditioner } });
    expect(started.stats["numSteps"]).toBeLessThanOrEqual(better.stats["numSteps"] as number);
    expectClose(numbersOf(started.value), numbersOf(wanted), 1e-7);
  });

  test("derivatives go through a preconditioner too, with respect to the operator and the vector alone", () => {
    const solver = CG(tolerances);
    const loss = (vector: Tensor, start: Tensor): Tensor =>
      sum(linearSolve(operator, vector, { solver, options: { preconditioner, y0: start } }).value);
    const [gradient, none] = grad(loss, { argnums: [0, 1] })(b, mul(b, 0));
    expectClose(numbersOf(gradient), numbersOf(wanted), 1e-7);
    expect(numbersOf(none).every((x) => x === 0)).toBe(true);
  });
});

describe("invert(operator)", () => {
  const { a, b } = system(4);

  test("is the inverse, with its transpose and its derivatives", () => {
    const inverse = invert(MatrixLinearOperator(a));
    expectClose(numbersOf(inverse.mv(b)), numbersOf(solved(a, b)), 1e-15);
    expectClose(numbersOf(inverse.transpose().mv(b)), numbersOf(solved(transpose(a), b)), 1e-14);
    expectClose(numbersOf(dot(inverse.asMatrix(), a)), numbersOf(eye(4)), 1e-14);
    const loss = (matrix: Tensor, vector: Tensor): Tensor =>
      sum(sin(invert(MatrixLinearOperator(matrix)).mv(vector)));
    const wanted = gradients((matrix, vector) => sum(sin(solved(matrix, vector))))(a, b);
    for (const [i, gradient] of gradients(loss)(a, b).entries())
      expectClose(numbersOf(gradient), numbersOf(wanted[i]!), 1e-14);
  });

  test("of least squares is the pseudoinverse", () => {
    const tall = tensor([
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    const inverse = invert(MatrixLinearOperator(tall), { solver: QR() });
    expectClose(numbersOf(dot(inverse.asMatrix(), tall)), numbersOf(eye(2)), 1e-14);
  });

  test("is declared to be what an inverse is, and a pseudoinverse no more than it is", () => {
    const lower = tensor([
      [1, 0, 0],
      [2, 1, 0],
      [3, 4, 1],
    ]);
    const tags = ["lowerTriangular", "unitDiagonal"] as const;
    const inverse = invert(MatrixLinearOperator(lower, { tags }));
    expect(inverse.tags).toEqual(["unitDiagonal", "lowerTriangular"]);
    const nilpotent = tensor([
      [0, 0],
      [1, 0],
    ]);
    const tall = tensor([
      [1, 0],
      [1, 1],
      [1, 1],
    ]);
    for (const [matrix, solver] of [
      [nilpotent, SVD()],
      [tall, QR()],
    ] as const) {
      const operator = MatrixLinearOperator(matrix, { tags: "lowerTriangular" });
      const pseudo = invert(operator, { solver });
      expect(pseudo.tags).toEqual([]);
      // The numbers of its matrix are held against its tags.
      expectClose(
        numbersOf(materialise(pseudo).asMatrix()),
        numbersOf(invert(MatrixLinearOperator(matrix), { solver }).asMatrix()),
        1e-15,
      );
    }
    const semidefinite = DiagonalLinearOperator(tensor([1, 0]));
    const tagged = TaggedLinearOperator(semidefinite, { tags: "positiveSemidefinite" });
    expect(invert(tagged, { solver: SVD() }).tags).toEqual([
      "symmetric",
      "diagonal",
      "positiveSemidefinite",
    ]);
  });

  test("is a preconditioner", () => {
    const simple = DiagonalLinearOperator(diagonal(MatrixLinearOperator(a)));
    const solver = GMRES({ rtol: 1e-10, atol: 1e-10 });
    const options = { preconditioner: invert(simple) };
    expectClose(
      numbersOf(linearSolve(a, b, { solver, options }).value),
      numbersOf(solved(a, b)),
      1e-9,
    );
  });
});

describe("Normal(solver)", () => {
  /** What a solver is given: `Aᵀ A`, by its matrix or by products. */
  const givenTo = (more: object): string => {
    let kind = "";
    const take = (square: LinearOperator): Tensor => {
      const { operator } = square as unknown as {
        readonly operator: { operator2: LinearOperator };
      };
      kind = operator.operator2.kind;
      return square.asMatrix();
    };
    const compute = (matrix: Tensor, vector: Tensor): LinearStep => ({
      value: dot(matrix, vector),
    });
    const solver = part("test/Given", { init: take, transpose: same, compute, ...more });
    Normal(solver).init(products);
    return kind;
  };
  const products = FunctionLinearOperator((x: Tensor) => mul(x, 2), tensor([0, 0]));

  test("makes the matrix once, unless the solver says that it is an iteration", () => {
    expect(givenTo({ isIterative: () => true, maxSteps: 5 })).toBe("FunctionLinearOperator");
    expect(givenTo({ isIterative: () => true })).toBe("FunctionLinearOperator");
    expect(givenTo({ maxSteps: 5 })).toBe("MatrixLinearOperator");
  });
});

describe("an iteration without an absolute tolerance goes on until", () => {
  const coupled = MatrixLinearOperator(
    tensor([
      [2, 1, 0],
      [1, 3, 0],
      [0, 0, 1],
    ]),
    { tags: "positiveSemidefinite" },
  );
  const tolerances = { rtol: 1e-10, atol: 0 };
  const short = (options: typeof tolerances): GMRES => GMRES({ ...options, restart: 1 });
  test.each([CG, BiCGStab, short])("%o is done, whatever is exactly zero", (solver) => {
    const { value } = linearSolve(coupled, tensor([1, 1, 0]), { solver: solver(tolerances) });
    expectClose(numbersOf(value), [0.4, 0.2, 0], 1e-9);
  });

  test.each([CG, GMRES])("%o sees that there is nothing to do", (solver) => {
    const { value } = linearSolve(coupled, tensor([0, 0, 0]), { solver: solver(tolerances) });
    expect(numbersOf(value)).toEqual([0, 0, 0]);
  });
});

test("Newton's method with a Jacobian in a loop, of a function that uses what is differentiated", () => {
  // x² = k y, y² = k x: x = y = k.
  const root = (k: Scalar): Tensor => {
    const f = (x: Tensor): Tensor => sub(mul(x, x), mul(k, stack([x.at(1), x.at(0)])));
    const turn = (x: Tensor) => ({
      carry: sub(x, linearSolve(JacobianLinearOperator(f, x), f(x)).value),
      row: null,
    });
    return scan(turn, tensor([3, 4]) as Tensor, null, { length: 8 }).carry.at(0);
  };
  expectClose([jit(root)(2).item()], [2], 1e-14);
  expectClose([grad(root as (k: Scalar) => Scalar)(2)], [1], 1e-13);
  expectClose([jvp(root, [2], [1]).tangent.item()], [1], 1e-13);
});

test("an operator of one's own that hides what is differentiated in a function is refused", () => {
  const vector = tensor([1, 2]);
  const hidden = (k: Scalar): Tensor => {
    const operator = {
      ...DiagonalLinearOperator(vector),
      bandRows: () => reshape(mul(k, vector), [2, 1]),
      mv: (x: Tensor) => mul(k, mul(vector, x)),
    };
    return sum(linearSolve(operator, vector).value);
  };
  expect(jit(hidden)(2).item()).toBe(1);
  expect(() => grad(hidden as (k: Scalar) => Scalar)(2)).toThrow(
    /^linearSolve: the operator \(DiagonalLinearOperator\) uses a value from outside/u,
  );
});
