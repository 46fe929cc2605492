import { add, dot, matmul, mul, sin, sum, tensor, transpose } from "@diffrax-ts/array";
import { grad, jit, jvp, vmap } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  BandedLinearOperator,
  BandedLU,
  BiCGStab,
  CG,
  Cholesky,
  Diagonal,
  DiagonalLinearOperator,
  FunctionLinearOperator,
  GMRES,
  JacobianLinearOperator,
  type LinearOperator,
  linearSolve,
  type LinearSolver,
  LSMR,
  LU,
  MatrixLinearOperator,
  Normal,
  NormalCG,
  QR,
  SVD,
  Triangular,
  Tridiagonal,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose } from "./support/derivatives.ts";
import { definiteRows, rowsOf } from "./support/operators.ts";
import { generator, numbersOf, randomVector } from "./support/systems.ts";

type Solve = (a: Tensor, b: Tensor) => Tensor;

const tolerances = { rtol: 1e-12, atol: 1e-12, maxSteps: 200 };

/** Gradients, tangents and products with the Hessian of `sum(sin(x))`, with respect to both arguments. */
function derivativesOf(solve: Solve, a: Tensor, b: Tensor): number[] {
  const loss = (x: Tensor, y: Tensor): Tensor => sum(sin(solve(x, y)));
  const next = generator(11);
  const directions = [a, b].map(({ shape, size }) =>
    tensor(
      shape.length === 2
        ? Array.from({ length: shape[0]! }, () => Array.from({ length: shape[1]! }, next))
        : (Array.from({ length: size }, next) as never),
    ),
  );
  const gradients = (x: Tensor, y: Tensor): [Tensor, Tensor] =>
    grad(loss, { argnums: [0, 1] })(x, y);
  const { tangent } = jvp(loss, [a, b], directions);
  const second = jvp(gradients, [a, b], directions).tangent;
  const forward = jvp(
    (x: Tensor, y: Tensor) => jvp(loss, [x, y], directions).tangent,
    [a, b],
    directions,
  ).tangent;
  return [...gradients(a, b), tangent, ...second, forward].flatMap(numbersOf);
}

/** The solution by a matrix that is made of the parameters with ordinary operations: the rule for `LU` is tested against differences. */
const byLU =
  (matrixOf: (a: Tensor) => Tensor): Solve =>
  (a, b) =>
    linearSolve(matrixOf(a), b, { solver: LU() }).value;

const withOperator =
  (operatorOf: (a: Tensor) => LinearOperator, solver?: LinearSolver): Solve =>
  (a, b) =>
    linearSolve(
      operatorOf(a) as LinearOperator<Tensor, Tensor>,
      b,
      solver === undefined ? {} : { solver },
    ).value;

const n = 4;
const full = tensor(rowsOf(n, n, 1));
const b = randomVector(n, generator(2));
const matrix = (a: Tensor): LinearOperator => MatrixLinearOperator(a);
const masked =
  (keep: (i: number, j: number) => boolean) =>
  (a: Tensor): Tensor =>
    mul(a, tensor(rowsOf(n, n, 0).map((row, i) => row.map((_, j) => (keep(i, j) ? 1 : 0)))));
const lower = masked((i, j) => i >= j);
const banded = masked((i, j) => Math.abs(i - j) <= 1);
const definite = (a: Tensor): Tensor => add(matmul(transpose(a), a), tensor(definiteRows(n, 3)));

describe("derivatives of a square system are those of elimination, with", () => {
  const square: readonly (readonly [string, Solve, Solve])[] = [
    ["QR", withOperator(matrix, QR()), byLU((a) => a)],
    ["SVD", withOperator(matrix, SVD()), byLU((a) => a)],
    ["GMRES", withOperator(matrix, GMRES(tolerances)), byLU((a) => a)],
    ["BiCGStab", withOperator(matrix, BiCGStab(tolerances)), byLU((a) => a)],
    ["LSMR", withOperator(matrix, LSMR(tolerances)), byLU((a) => a)],
    ["NormalCG", withOperator(matrix, NormalCG(tolerances)), byLU((a) => a)],
    ["Normal(Cholesky())", withOperator(matrix, Normal(Cholesky())), byLU((a) => a)],
    ["AutoLinearSolver", withOperator(matrix, AutoLinearSolver()), byLU((a) => a)],
    [
      "Triangular",
      withOperator(
        (a) => MatrixLinearOperator(lower(a), { tags: "lowerTriangular" }),
        Triangular(),
      ),
      byLU(lower),
    ],
    [
      "Cholesky",
      withOperator(
        (a) => MatrixLinearOperator(definite(a), { tags: "positiveSemidefinite" }),
        Cholesky(),
      ),
      byLU(definite),
    ],
    [
      "CG",
      withOperator(
        (a) => MatrixLinearOperator(definite(a), { tags: "positiveSemidefinite" }),
        CG(tolerances),
      ),
      byLU(definite),
    ],
    [
      "Tridiagonal",
      withOperator((a) => MatrixLinearOperator(banded(a), { tags: "tridiagonal" }), Tridiagonal()),
      byLU(banded),
    ],
    [
      "BandedLU",
      withOperator((a) => MatrixLinearOperator(banded(a)), BandedLU({ lower: 1, upper: 1 })),
      byLU(banded),
    ],
    [
      "BandedLU of a function",
      withOperator(
        (a) => FunctionLinearOperator((x: Tensor) => dot(banded(a), x), b),
        BandedLU({ lower: 1, upper: 1 }),
      ),
      byLU(banded),
    ],
    [
      "a function",
      withOperator((a) => FunctionLinearOperator((x: Tensor) => dot(a, x), b)),
      byLU((a) => a),
    ],
    [
      "GMRES of a Jacobian",
      withOperator(
        (a) => JacobianLinearOperator((x: Tensor) => dot(a, sin(x)), b),
        GMRES(tolerances),
      ),
      (a, y) => linearSolve(mul(a, tensor(numbersOf(b).map(Math.cos))), y).value,
    ],
    [
      "a transposed function",
      withOperator((a) => FunctionLinearOperator((x: Tensor) => dot(a, x), b).transpose(), LU()),
      byLU((a) => transpose(a)),
    ],
  ];
  test.each(square)("%s", (_, solve, wanted) => {
    // Second derivatives pass the errors of iterations on, some hundred times larger.
    expectClose(derivativesOf(solve, full, b), derivativesOf(wanted, full, b), 1e-8);
  });

  test("operators by their diagonals", () => {
    const d = tensor([3, -2, 4, 2.5]);
    const three = (x: Tensor): LinearOperator =>
      TridiagonalLinearOperator(x, tensor([0.5, -1, 0.25]), tensor([1, 0.5, -0.5]));
    const dense = (x: Tensor): Tensor => three(x).asMatrix();
    expectClose(derivativesOf(withOperator(three), d, b), derivativesOf(byLU(dense), d, b), 1e-12);
    const one = (x: Tensor): LinearOperator => DiagonalLinearOperator(x);
    for (const wellPosed of [true, false]) {
      expectClose(
        derivativesOf(withOperator(one, Diagonal({ wellPosed })), d, b),
        derivativesOf(
          byLU((x) => one(x).asMatrix()),
          d,
          b,
        ),
        1e-12,
      );
    }
    const rows = tensor(rowsOf(3, n, 5).map((row, i) => row.map((x) => x + (i === 1 ? 4 : 0))));
    const band = (x: Tensor): LinearOperator => BandedLinearOperator(x, { lower: 1, upper: 1 });
    expectClose(
      derivativesOf(withOperator(band, BandedLU()), rows, b),
      derivativesOf(
        byLU((x) => band(x).asMatrix()),
        rows,
        b,
      ),
      1e-12,
    );
  });
});

describe("derivatives of a system that is not square", () => {
  const tall = tensor(rowsOf(5, 3, 7));
  const right = randomVector(5, generator(8));
  const least: Solve = (a, y) => linearSolve(matmul(transpose(a), a), dot(transpose(a), y)).value;
  const short: Solve = (a, y) => dot(transpose(a), linearSolve(matmul(a, transpose(a)), y).value);

  const solvers: readonly (readonly [string, LinearSolver])[] = [
    ["QR", QR()],
    ["SVD", SVD()],
    ["LSMR", LSMR(tolerances)],
    ["NormalCG", NormalCG(tolerances)],
    ["Normal(Cholesky())", Normal(Cholesky())],
    ["AutoLinearSolver", AutoLinearSolver()],
    ["AutoLinearSolver, not well posed", AutoLinearSolver({ wellPosed: false })],
  ];

  test.each(solvers)("of least squares are those of the normal equations, with %s", (_, solver) => {
    const solve = withOperator(matrix, solver);
    expectClose(numbersOf(solve(tall, right)), numbersOf(least(tall, right)), 1e-10);
    expectClose(derivativesOf(solve, tall, right), derivativesOf(least, tall, right), 1e-8);
  });

  test.each(solvers)(
    "of shortest solutions are those of the normal equations, with %s",
    (_, solver) => {
      const wide = transpose(tall);
      const y = randomVector(3, generator(9));
      const solve = withOperator(matrix, solver);
      expectClose(numbersOf(solve(wide, y)), numbersOf(short(wide, y)), 1e-10);
      expectClose(derivativesOf(solve, wide, y), derivativesOf(short, wide, y), 1e-8);
    },
  );

  test.each([
    ["SVD", SVD({ rcond: 1e-10 })],
    ["LSMR", LSMR({ rtol: 1e-13, atol: 1e-13, conlim: Infinity })],
  ])("of less than full rank are those of the factors, with %s", (_, solver) => {
    // (B C)⁺ = C⁺ B⁺, with B the parameters and C fixed, of full rank.
    const c = tensor(rowsOf(3, 4, 10));
    const solve: Solve = (a, y) => linearSolve(matmul(a, c), y, { solver }).value;
    const wanted: Solve = (a, y) => short(c, least(a, y));
    expectClose(derivativesOf(solve, tall, right), derivativesOf(wanted, tall, right), 1e-7);
  });
});

describe("derivatives in a batch, and inside jit", () => {
  test.each([
    ["Tridiagonal", Tridiagonal(), banded, "tridiagonal"],
    ["CG", CG(tolerances), definite, "positiveSemidefinite"],
  ] as const)("are those one after the other, with %s", (_, solver, matrixOf, tags) => {
    const gradient = (a: Tensor): Tensor =>
      grad((x: Tensor) =>
        sum(sin(withOperator((y) => MatrixLinearOperator(matrixOf(y), { tags }), solver)(x, b))),
      )(a);
    const other = tensor(rowsOf(n, n, 12));
    const both = tensor([full, other].map((x) => x.toArray() as never) as never);
    const wanted = [full, other].map((x) => jit(gradient)(x));
    expect(vmap(gradient)(both).toArray()).toEqual(wanted.map((x) => x.toArray()));
    expectClose(numbersOf(gradient(full)), numbersOf(wanted[0]!), 1e-15);
  });
});
