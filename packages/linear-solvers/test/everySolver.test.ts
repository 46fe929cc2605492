import { mul, tensor } from "@diffrax-ts/array";
import { vmap } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  BandedLU,
  BiCGStab,
  CG,
  Cholesky,
  Diagonal,
  GMRES,
  isDiagonal,
  isLowerTriangular,
  isNegativeSemidefinite,
  isPositiveSemidefinite,
  isTridiagonal,
  isUpperTriangular,
  type LinearOperator,
  linearSolve,
  type LinearSolver,
  LSMR,
  LU,
  Normal,
  NormalCG,
  QR,
  SVD,
  Triangular,
  Tridiagonal,
} from "@diffrax-ts/linear-solvers";
import { arrayType, evaluateProgram, traceProgram, valueOf } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose } from "./support/derivatives.ts";
import { squareExamples } from "./support/operators.ts";
import { exactSolution } from "./support/rational.ts";
import { numbersOf } from "./support/systems.ts";

const any = (): boolean => true;
const isDefinite = (a: LinearOperator): boolean =>
  isPositiveSemidefinite(a) || isNegativeSemidefinite(a);

/** Every solver, and the operators that it takes. */
const solvers = (
  tolerance: number,
): readonly (readonly [string, LinearSolver, (a: LinearOperator) => boolean])[] => {
  const tolerances = { rtol: tolerance, atol: tolerance, maxSteps: 200 };
  return [
    ["LU", LU(), any],
    ["QR", QR(), any],
    ["SVD", SVD(), any],
    ["AutoLinearSolver, well posed", AutoLinearSolver({ wellPosed: true }), any],
    ["AutoLinearSolver", AutoLinearSolver(), any],
    ["AutoLinearSolver, not well posed", AutoLinearSolver({ wellPosed: false }), any],
    ["Triangular", Triangular(), (a) => isLowerTriangular(a) || isUpperTriangular(a)],
    ["Diagonal", Diagonal(), isDiagonal],
    ["Tridiagonal", Tridiagonal(), isTridiagonal],
    ["BandedLU of all diagonals", BandedLU({ lower: 4, upper: 4 }), any],
    ["BandedLU", BandedLU(), (a) => (a.bandwidth?.() ?? null) !== null],
    ["Cholesky", Cholesky(), isDefinite],
    ["CG", CG(tolerances), isDefinite],
    ["GMRES", GMRES(tolerances), any],
    ["BiCGStab", BiCGStab(tolerances), any],
    ["LSMR", LSMR(tolerances), any],
    ["NormalCG", NormalCG(tolerances), any],
    ["Normal", Normal(Cholesky()), any],
  ];
};

// The condition numbers are at most 100, and that of the normal equations is its square; tolerances of iterations are a tenth.
const limits = {
  float64: { iteration: 1e-11, error: 1e-10 },
  float32: { iteration: 1e-5, error: 3e-3 },
} as const;

/** The solution by the evaluator, in plain JavaScript. */
function evaluated(solve: (b: Tensor) => Tensor, b: Tensor): number[] {
  const { program } = traceProgram([arrayType(b.dtype, b.shape)], (x) => [solve(x)]);
  return [...evaluateProgram(program, [valueOf(b)])[0]!.data].map(Number);
}

describe.each(["float64", "float32"] as const)("every operator of %s", (dtype: DType) => {
  const { iteration, error } = limits[dtype as "float64"];
  const examples = squareExamples(5, dtype);
  const numbers = [1, -2, 3, 0.5, -0.25];
  const [b, other] = [tensor(numbers, { dtype }), tensor([0, 1, 0.5, 2, 1], { dtype })];

  test.each(solvers(iteration))("is solved by %s, if it takes it", (_, solver, takes) => {
    const taken = examples.filter(({ operator }) => takes(operator));
    expect(taken.length).toBeGreaterThan(0);
    for (const { operator, matrix } of taken) {
      const solve = (vector: Tensor): Tensor =>
        linearSolve(operator as LinearOperator<Tensor, Tensor>, vector, { solver }).value;
      const value = solve(b);
      expect(value.dtype).toBe(dtype);
      const wanted = exactSolution(matrix, numbers)!;
      expectClose(numbersOf(value), wanted, error);
      // Derivatives with respect to what a solve does not depend on ask for this.
      expect(numbersOf(solve(mul(b, 0))).map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
      if (dtype === "float32") continue; // The rest does not depend on it.
      // The same bits evaluated, and in a batch.
      expect(evaluated(solve, b)).toEqual(numbersOf(value));
      const both = vmap(solve)(tensor([numbersOf(b), numbersOf(other)], { dtype }));
      expect(both.toArray()).toEqual([value.toArray(), solve(other).toArray()]);
    }
  });
});
