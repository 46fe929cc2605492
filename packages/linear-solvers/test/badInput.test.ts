import { add, eye, mul, ones, tensor, zeros } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import {
  AddLinearOperator,
  AutoLinearSolver,
  BandedLinearOperator,
  BandedLU,
  BiCGStab,
  CG,
  Cholesky,
  ComposedLinearOperator,
  Diagonal,
  DiagonalLinearOperator,
  FunctionLinearOperator,
  GMRES,
  IdentityLinearOperator,
  JacobianLinearOperator,
  type LinearOperator,
  linearSolve,
  type LinearSolver,
  LSMR,
  LU,
  MatrixLinearOperator,
  MulLinearOperator,
  SVD,
  TaggedLinearOperator,
  Triangular,
  Tridiagonal,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const b = tensor([1, 2]);
const matrix = tensor([
  [2, 1],
  [0, 3],
]);
const a = MatrixLinearOperator(matrix);
const wide = MatrixLinearOperator(ones([2, 3]));
const tolerances = { rtol: 1e-8, atol: 1e-8 };
const square = (x: Tensor): Tensor => mul(x, x);

describe("refused, with the name of what refuses and the way out, is", () => {
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "an operator that is not square, for LU",
      () => linearSolve(wide, b, { solver: LU() }),
      /^LU: the operator must be square, got 2 rows and 3 columns \(MatrixLinearOperator\); for least squares use QR\(\) or SVD\(\)$/u,
    ],
    [
      "one for CG",
      () => linearSolve(wide, b, { solver: CG(tolerances) }),
      /^CG: the operator must be square, .* takes float64\[3\] and gives float64\[2\]; for least squares use LSMR or Normal$/u,
    ],
    [
      "one for AutoLinearSolver({ wellPosed: true })",
      () => linearSolve(wide, b),
      /^AutoLinearSolver: the operator must be square.*wellPosed: false/u,
    ],
    [
      "an operator without the tag that Cholesky needs",
      () => linearSolve(a, b, { solver: Cholesky() }),
      /^Cholesky: the operator \(MatrixLinearOperator\) is not marked as definite; if it is, say so with tags: "positiveSemidefinite"/u,
    ],
    [
      "one for CG",
      () => linearSolve(a, b, { solver: CG(tolerances) }),
      /^CG: .* not marked as definite.*for others use GMRES/u,
    ],
    [
      "one for Triangular",
      () => linearSolve(a, b, { solver: Triangular() }),
      /^Triangular: .* not marked as triangular; if it is, say so with tags: "lowerTriangular"/u,
    ],
    [
      "one for Diagonal",
      () => linearSolve(a, b, { solver: Diagonal() }),
      /^Diagonal: .* not marked as diagonal; .*tags: "diagonal"$/u,
    ],
    [
      "one for Tridiagonal",
      () => linearSolve(a, b, { solver: Tridiagonal() }),
      /^Tridiagonal: .* not marked as tridiagonal/u,
    ],
    [
      "BandedLU() without a band",
      () => linearSolve(a, b, { solver: BandedLU() }),
      /^BandedLU: .* not declared to have a band; write BandedLU\(\{ lower, upper \}\)$/u,
    ],
    [
      "a band that is too narrow for the numbers of a matrix",
      () => linearSolve(a, b, { solver: BandedLU({ lower: 0, upper: 0 }) }),
      /^BandedLU: the operator .* holds numbers outside of a band with lower 0 and upper 0; declare more/u,
    ],
    [
      "one that is too narrow for those of a Jacobian",
      () =>
        linearSolve(
          JacobianLinearOperator((x: Tensor) => mul(x, x.at(0)), b, { tags: "diagonal" }),
          b,
        ),
      /^Diagonal: .* \(JacobianLinearOperator\) holds numbers outside of a band/u,
    ],
    [
      "one that is too narrow for those of a large one in float32",
      () => {
        const x = ones([100_000], { dtype: "float32" });
        const operator = JacobianLinearOperator(
          (y: Tensor) => add(y, mul(y.at(0), tensor(0.1, { dtype: "float32" }))),
          x,
          { tags: "diagonal" },
        );
        return linearSolve(operator, x);
      },
      /^Diagonal: .* \(JacobianLinearOperator\) holds numbers outside of a band/u,
    ],
    [
      "a preconditioner, for LSMR",
      () => linearSolve(a, b, { solver: LSMR(tolerances), options: { preconditioner: a } }),
      /^LSMR: it takes no preconditioner \(MatrixLinearOperator\); use NormalCG for .* GMRES/u,
    ],
    [
      "one that is narrower than the operator is declared to be",
      () =>
        linearSolve(TridiagonalLinearOperator(b, tensor([1]), tensor([1])), b, {
          solver: BandedLU({ lower: 1, upper: 0 }),
        }),
      /^BandedLU: a band with lower 1 and upper 0 is too narrow: the operator is declared with lower 1 and upper 1$/u,
    ],
    [
      "a tag that the numbers contradict: symmetric",
      () => MatrixLinearOperator(matrix, { tags: "symmetric" }),
      /^MatrixLinearOperator: the matrix is not symmetric: element \[0, 1\] is 1$/u,
    ],
    [
      "lowerTriangular",
      () => MatrixLinearOperator(matrix, { tags: ["lowerTriangular"] }),
      /not lowerTriangular: element \[0, 1\] is 1$/u,
    ],
    [
      "unitDiagonal",
      () => MatrixLinearOperator(matrix, { tags: ["unitDiagonal"] }),
      /not unitDiagonal: element \[0, 0\] is 2$/u,
    ],
    [
      "positiveSemidefinite",
      () => MatrixLinearOperator(mul(eye(2), -1), { tags: "positiveSemidefinite" }),
      /not positiveSemidefinite: element \[0, 0\] is -1$/u,
    ],
    [
      "a symmetric matrix that is not square",
      () => MatrixLinearOperator(ones([2, 3]), { tags: "symmetric" }),
      /^MatrixLinearOperator: a matrix of 2 rows and 3 columns is not symmetric/u,
    ],
    [
      "a tag that there is not",
      () => MatrixLinearOperator(matrix, { tags: "sparse" as never }),
      /^MatrixLinearOperator: there is no tag "sparse", only symmetric, diagonal/u,
    ],
    [
      "a vector of another length",
      () => linearSolve(a, zeros(3)),
      /^linearSolve: vector: expected float64\[2\], got float64\[3\]$/u,
    ],
    [
      "a vector of another dtype",
      () => linearSolve(a, zeros(2, { dtype: "float32" })),
      /^linearSolve: vector: expected float64\[2\], got float32\[2\]$/u,
    ],
    [
      "a tree of another structure",
      () => linearSolve(DiagonalLinearOperator({ x: b, y: b }), { x: b, z: b } as never),
      /^linearSolve: vector: expected .*x.*y/u,
    ],
    [
      "a tree with one wrong leaf",
      () => linearSolve(DiagonalLinearOperator({ x: b, y: b }), { x: b, y: zeros(3) }),
      /^linearSolve: vector\.y: expected float64\[2\], got float64\[3\]$/u,
    ],
    [
      "a product with a vector of another length",
      () => a.mv(zeros(3)),
      /^MatrixLinearOperator: vector: expected float64\[2\], got float64\[3\]$/u,
    ],
    [
      "a tree of two dtypes",
      () => DiagonalLinearOperator({ x: b, y: zeros(2, { dtype: "float32" }) }),
      /^DiagonalLinearOperator: diagonal: all leaves have to be of one float dtype, got float64 and float32/u,
    ],
    [
      "a matrix of integers",
      () => MatrixLinearOperator(zeros([2, 2], { dtype: "int32" })),
      /^MatrixLinearOperator: matrix must be of float64 or float32, got int32\[2,2\]/u,
    ],
    [
      "a matrix with one axis",
      () => MatrixLinearOperator(b),
      /matrix must be \[m, n\], got float64\[2\]$/u,
    ],
    [
      "diagonals of wrong lengths",
      () => TridiagonalLinearOperator(b, b, tensor([1])),
      /^TridiagonalLinearOperator: lowerDiagonal must be float64\[1\] beside a diagonal of float64\[2\], got float64\[2\]$/u,
    ],
    [
      "a wrong number of diagonals",
      () => BandedLinearOperator(ones([2, 4]), { lower: 1, upper: 1 }),
      /^BandedLinearOperator: diagonals must be \[lower \+ upper \+ 1, n\], here \[3, n\], got \[2,4\]$/u,
    ],
    [
      "a bandwidth that is none",
      () => BandedLU({ lower: -1, upper: 0 }),
      /^BandedLU: lower must be a number of diagonals, a whole number >= 0, got -1$/u,
    ],
    [
      "a sum of operators that do not fit",
      () => AddLinearOperator(a, wide as never),
      /^AddLinearOperator: both operators have to take the same, got float64\[2\] and float64\[3\]$/u,
    ],
    [
      "a product of operators that do not fit",
      () => ComposedLinearOperator(wide, wide),
      /^ComposedLinearOperator: the first operator takes float64\[3\], and the second gives float64\[2\]$/u,
    ],
    [
      "a vector to scale with",
      () => MulLinearOperator(a, b),
      /^MulLinearOperator: scalar must be float64\[\], got float64\[2\]$/u,
    ],
    [
      "a function that is not linear, where its transpose is needed",
      () => FunctionLinearOperator(square, b).transpose().mv(b),
      /is not linear/u,
    ],
    [
      "a function for an operator",
      () => linearSolve(square as never, b),
      /^linearSolve: operator is the function square; make it an operator, as FunctionLinearOperator\(square, …\) does$/u,
    ],
    [
      "something else for a function",
      () => JacobianLinearOperator(3 as never, b),
      /^JacobianLinearOperator: fn must be a function, got 3$/u,
    ],
    [
      "an option that there is not",
      () => TaggedLinearOperator(a, { tag: "symmetric" } as never),
      /^TaggedLinearOperator: there is no option tag, only tags$/u,
    ],
    ["negative tolerances", () => CG({ rtol: -1, atol: 0 }), /^CG: rtol must be >= 0, got -1$/u],
    ["none at all", () => GMRES({} as never), /^GMRES: rtol must be >= 0, got undefined$/u],
    [
      "no reason to stop",
      () => BiCGStab({ rtol: 0, atol: 0 }),
      /^BiCGStab: rtol and atol are 0; give one of them, or maxSteps$/u,
    ],
    [
      "half a step",
      () => LSMR({ ...tolerances, maxSteps: 0.5 }),
      /^LSMR: maxSteps must be a whole number > 0, got 0.5$/u,
    ],
    ["a negative rcond", () => SVD({ rcond: -1 }), /^SVD: rcond must be >= 0, or null/u],
    [
      "wellPosed of another kind",
      () => AutoLinearSolver({ wellPosed: 1 as never }),
      /^AutoLinearSolver: wellPosed must be true, false or null, got 1$/u,
    ],
    [
      "a preconditioner for another space",
      () =>
        linearSolve(a, b, {
          solver: GMRES(tolerances),
          options: { preconditioner: IdentityLinearOperator(zeros(3)) },
        }),
      /^GMRES: the preconditioner has to take and give float64\[2\] as the operator does, got float64\[3\]$/u,
    ],
    [
      "a preconditioner of CG without its tag",
      () =>
        linearSolve(MatrixLinearOperator(eye(2), { tags: "positiveSemidefinite" }), b, {
          solver: CG(tolerances),
          options: { preconditioner: a },
        }),
      /^CG: the preconditioner \(MatrixLinearOperator\) is not marked as positive semidefinite/u,
    ],
    [
      "a start of another length",
      () => linearSolve(a, b, { solver: GMRES(tolerances), options: { y0: zeros(3) } }),
      /^linearSolve: options\.y0: expected float64\[2\], got float64\[3\]$/u,
    ],
    [
      "an iteration option that there is not",
      () => linearSolve(a, b, { options: { x0: b } as never }),
      /^linearSolve: options: there is no option x0, only preconditioner, y0$/u,
    ],
  ];
  test.each(cases)("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe("a failure is a result:", () => {
  const result = (operator: LinearOperator<Tensor, Tensor>, solver: LinearSolver, c: Tensor = b) =>
    linearSolve(operator, c, { solver, throw: false }).result;
  const definite = MatrixLinearOperator(
    tensor([
      [2, 1],
      [1, 3],
    ]),
    { tags: "positiveSemidefinite" },
  );
  const singular = tensor([
    [1, 2],
    [2, 4],
  ]);
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    [
      "too few steps",
      () => result(definite, CG({ ...tolerances, maxSteps: 1 })),
      "maxStepsReached",
    ],
    [
      "of GMRES",
      () => result(a, GMRES({ ...tolerances, restart: 1, maxSteps: 2 })),
      "maxStepsReached",
    ],
    ["of LSMR", () => result(a, LSMR({ ...tolerances, maxSteps: 1 })), "maxStepsReached"],
    [
      "tags that are not true, to Cholesky",
      () =>
        result(
          MatrixLinearOperator(
            tensor([
              [1, 2],
              [2, 1],
            ]),
            { tags: "positiveSemidefinite" },
          ),
          Cholesky(),
        ),
      "singular",
    ],
    ["no inverse, to LU", () => result(MatrixLinearOperator(singular), LU()), "singular"],
    [
      "no inverse, to Triangular",
      () =>
        result(
          MatrixLinearOperator(
            tensor([
              [1, 1],
              [0, 0],
            ]),
            { tags: "upperTriangular" },
          ),
          Triangular(),
        ),
      "singular",
    ],
    [
      "no inverse, to Diagonal({ wellPosed: true })",
      () => result(DiagonalLinearOperator(tensor([1, 0])), Diagonal({ wellPosed: true })),
      "singular",
    ],
    [
      "no inverse, to BandedLU",
      () => result(MatrixLinearOperator(singular), BandedLU({ lower: 1, upper: 1 })),
      "singular",
    ],
    [
      "a division by zero, in BiCGStab",
      () =>
        result(
          MatrixLinearOperator(
            tensor([
              [1, 2],
              [3, 0],
            ]),
          ),
          BiCGStab(tolerances),
          tensor([1, 0]),
        ),
      "breakdown",
    ],
    [
      "a residual that does not get smaller, to GMRES",
      () =>
        result(
          MatrixLinearOperator(
            tensor([
              [0, 1],
              [-1, 0],
            ]),
          ),
          GMRES({ ...tolerances, restart: 1, stagnationIters: 3 }),
        ),
      "stagnation",
    ],
    [
      "a large condition number, to LSMR",
      () =>
        result(
          DiagonalLinearOperator(tensor([1, 1e-12])),
          LSMR({ rtol: 1e-15, atol: 0, conlim: 1e3 }),
        ),
      "conlim",
    ],
    ["a vector that is not finite", () => result(a, LU(), tensor([1, NaN])), "nonfiniteInput"],
    [
      "to an iteration",
      () => result(a, GMRES(tolerances), tensor([1, Infinity])),
      "nonfiniteInput",
    ],
  ];
  test.each(cases)("%s", (_, call, wanted) => {
    expect(call()).toBe(wanted);
  });

  test("which is thrown unless it is asked for, at top level and inside jit", () => {
    const solver = CG({ ...tolerances, maxSteps: 1 });
    const solve = (c: Tensor): Tensor => linearSolve(definite, c, { solver }).value;
    expect(() => solve(b)).toThrow(/^linearSolve: the solver has taken maxSteps steps/u);
    expect(() => jit(solve)(b)).toThrow(/^linearSolve: the solver has taken maxSteps steps/u);
  });
});
