import { abs, max, tensor } from "@diffrax-ts/array";
import {
  AutoLinearSolver,
  BandedLU,
  Cholesky,
  linearSolve,
  type LinearSolver,
  LSMR,
  LU,
  MatrixLinearOperator,
  Normal,
  QR,
  SVD,
  Triangular,
  Tridiagonal,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactInverse, exactLeastSquares, exactSolution } from "./support/rational.ts";
import { generator, numbersOf, randomMatrix, randomVector } from "./support/systems.ts";

const eps = 2 ** -52;

type Rows = number[][];

/** `|A⁻¹| |A| |x|` in the largest norm: how far off a backward stable solution may be, in units of rounding (Higham 2002, theorem 7.2). */
function sensitivity(rows: Rows, x: readonly number[]): number {
  const inverse = exactInverse(rows);
  if (inverse === null) return Infinity;
  const sizes = rows.map((row) => row.reduce((sum, a, j) => sum + Math.abs(a * x[j]!), 0));
  const moved = sizes.map((_, i) =>
    sizes.reduce((sum, size, j) => sum + Math.abs(inverse[j]![i]!) * size, 0),
  );
  return Math.max(...moved);
}

function error(value: Tensor, wanted: readonly number[]): number {
  return Math.max(...numbersOf(value).map((x, i) => Math.abs(x - wanted[i]!)));
}

const hilbert = (n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_x, j) => 1 / (i + j + 1)));

const vandermonde = (n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_x, j) => ((i + 1) / n) ** j));

const graded = (n: number): Rows => {
  const next = generator(n);
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_x, j) => next() * 10 ** (-i - (j % 3))),
  );
};

/** `n³` leaves room for the growth of elements in elimination. */
const bound = (n: number): number => 2 * n ** 3 * eps;

describe("against exact solutions, direct solvers lose what the condition allows and no more", () => {
  const solvers: readonly (readonly [string, LinearSolver])[] = [
    ["LU", LU()],
    ["QR", QR()],
    ["SVD", SVD({ rcond: 0 })],
    ["BandedLU", BandedLU({ lower: 20, upper: 20 })],
  ];
  const families = { hilbert, vandermonde, graded };

  test.each(solvers)("%s of matrices with condition numbers up to 1e16", (name, solver) => {
    for (const [family, make] of Object.entries(families)) {
      for (const n of [2, 3, 5, 8, 12]) {
        const rows = make(n);
        const b = numbersOf(randomVector(n, generator(n)));
        const x = exactSolution(rows, b)!;
        const { value } = linearSolve(tensor(rows), tensor(b), { solver });
        const allowed = sensitivity(rows, x);
        // Normwise backward stable methods may mix rows of different sizes.
        const mixes = name === "QR" || name === "SVD";
        if (mixes && family === "graded") continue;
        if (allowed * bound(n) > Math.max(...x.map(Math.abs))) continue; // no digit is left
        expect(error(value, x)).toBeLessThanOrEqual(bound(n) * allowed);
      }
    }
  });

  test("LU, of random matrices", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(), (n, seed) => {
        const next = generator(seed);
        const rows = randomMatrix(n, next).toArray() as Rows;
        const b = numbersOf(randomVector(n, next));
        const x = exactSolution(rows, b);
        if (x === null) return;
        const { value } = linearSolve(tensor(rows), tensor(b), { solver: LU() });
        expect(error(value, x)).toBeLessThanOrEqual(bound(n) * sensitivity(rows, x));
      }),
      { numRuns: 60 },
    );
  });

  test("Cholesky, of Hilbert matrices", () => {
    for (const n of [2, 4, 6, 8, 10]) {
      const rows = hilbert(n);
      const b = numbersOf(randomVector(n, generator(n)));
      const x = exactSolution(rows, b)!;
      const operator = MatrixLinearOperator(tensor(rows), { tags: "positiveSemidefinite" });
      const { value } = linearSolve(operator, tensor(b), { solver: Cholesky() });
      expect(error(value, x)).toBeLessThanOrEqual(bound(n) * sensitivity(rows, x));
    }
  });

  test("Triangular, of triangles with a large inverse", () => {
    for (const n of [2, 5, 10, 20]) {
      const rows = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_x, j) => (i === j ? 1 : i < j ? -1 : 0)),
      );
      const b = numbersOf(randomVector(n, generator(n)));
      const x = exactSolution(rows, b)!;
      const operator = MatrixLinearOperator(tensor(rows), { tags: "upperTriangular" });
      const { value } = linearSolve(operator, tensor(b), { solver: Triangular() });
      expect(error(value, x)).toBeLessThanOrEqual(bound(n) * sensitivity(rows, x));
    }
  });

  test("Tridiagonal and BandedLU, with pivots of zero and of any size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (n, seed) => {
        const next = generator(seed);
        const draw = (length: number): number[] =>
          Array.from({ length }, () => (next() < -0.6 ? 0 : next() * 10 ** Math.round(3 * next())));
        const [d, below, above] = [draw(n), draw(n - 1), draw(n - 1)];
        const rows = d.map((x, i) =>
          d.map((_, j) => (i === j ? x : i === j + 1 ? below[j]! : j === i + 1 ? above[i]! : 0)),
        );
        const b = numbersOf(randomVector(n, next));
        const x = exactSolution(rows, b);
        const empty = new Float64Array();
        const beside = (y: number[]) => (n === 1 ? empty : tensor(y));
        const operator = TridiagonalLinearOperator(tensor(d), beside(below), beside(above));
        for (const solver of [Tridiagonal(), BandedLU(), BandedLU({ lower: 2, upper: 3 })]) {
          const { value, result } = linearSolve(operator, tensor(b), { solver, throw: false });
          expect(result === "singular").toBe(x === null);
          const allowed = x === null ? Infinity : bound(n) * sensitivity(rows, x);
          expect(x === null || error(value, x) <= allowed).toBe(true);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("BandedLU of a band in a larger matrix, with its transpose", () => {
    const [n, lower, upper] = [30, 3, 2];
    const next = generator(5);
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_x, j) => (i - j <= lower && j - i <= upper ? next() : 0)),
    );
    const b = numbersOf(randomVector(n, next));
    const turned = rows.map((_, i) => rows.map((row) => row[i]!));
    for (const [matrix, band] of [
      [rows, { lower, upper }],
      [turned, { lower: upper, upper: lower }],
    ] as const) {
      const solver = BandedLU(band);
      const operator = MatrixLinearOperator(tensor(matrix));
      const { value } = linearSolve(operator, tensor(b), { solver });
      const x = exactSolution(matrix, b)!;
      expect(error(value, x)).toBeLessThanOrEqual(bound(n) * sensitivity(matrix, x));
      const state = solver.transpose(solver.init(operator));
      const back = solver.compute(state, tensor(b)).value;
      const other = matrix === rows ? turned : rows;
      const y = exactSolution(other, b)!;
      expect(error(back, y)).toBeLessThanOrEqual(bound(n) * sensitivity(other, y));
    }
  });
});

describe("against exact pseudoinverse solutions", () => {
  const solvers: readonly (readonly [string, LinearSolver, number])[] = [
    ["QR", QR(), 1e-12],
    ["SVD", SVD(), 1e-12],
    ["LSMR", LSMR({ rtol: 1e-13, atol: 1e-13 }), 1e-9],
    ["Normal(Cholesky())", Normal(Cholesky()), 1e-9],
    ["AutoLinearSolver", AutoLinearSolver({ wellPosed: false }), 1e-12],
  ];
  test.each(solvers)("%s, for random matrices of all shapes", (_, solver, tolerance) => {
    for (const [m, n] of [
      [2, 1],
      [1, 2],
      [5, 3],
      [3, 5],
      [9, 8],
      [8, 9],
      [20, 4],
    ] as const) {
      const next = generator(m * 31 + n);
      const rows = Array.from({ length: m }, () => Array.from({ length: n }, next));
      const b = Array.from({ length: m }, next);
      const x = exactLeastSquares(rows, b)!;
      const { value } = linearSolve(MatrixLinearOperator(tensor(rows)), tensor(b), { solver });
      const size = Math.max(1, ...x.map(Math.abs));
      // The worst condition number here is some hundred.
      expect(error(value, x) / size).toBeLessThanOrEqual(100 * tolerance);
    }
  });

  test("SVD finds the rank, whatever the scale", () => {
    for (const scale of [1e-200, 1e-5, 1, 1e150]) {
      const rows = [
        [1, 2, 3],
        [2, 4, 6],
        [1, 0, 1],
        [3, 2, 5],
      ].map((row) => row.map((x) => x * scale));
      const { value, stats } = linearSolve(tensor(rows), tensor([1, 2, 0, 1]), { solver: SVD() });
      expect(stats["rank"]).toBe(2);
      expect(max(abs(value)).item() * scale).toBeLessThan(10);
    }
    const { value, stats } = linearSolve(
      tensor([
        [0, 0],
        [0, 0],
      ]),
      tensor([1, 2]),
      { solver: SVD() },
    );
    expect([value.toArray(), stats["rank"]]).toEqual([[0, 0], 0]);
  });

  test("the pseudoinverse has its four properties (Penrose 1955)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        (m, n, seed) => {
          const next = generator(seed);
          // Integers of small size: rank deficient now and then.
          const a = Array.from({ length: m }, () =>
            Array.from({ length: n }, () => Math.round(next() * 1.2)),
          );
          const columns = Array.from({ length: m }, (_, j) =>
            numbersOf(
              linearSolve(
                tensor(a),
                tensor(Array.from({ length: m }, (_x, i) => (i === j ? 1 : 0))),
                { solver: SVD() },
              ).value,
            ),
          );
          const p = Array.from({ length: n }, (_, i) => columns.map((column) => column[i]!));
          const times = (x: Rows, y: Rows): Rows =>
            x.map((row) =>
              y[0]!.map((_, j) => row.reduce((total, z, k) => total + z * y[k]![j]!, 0)),
            );
          const near = (x: Rows, y: Rows): void => {
            for (const [i, row] of x.entries())
              for (const [j, z] of row.entries()) expect(z).toBeCloseTo(y[i]![j]!, 10);
          };
          const turned = (x: Rows): Rows => x[0]!.map((_, j) => x.map((row) => row[j]!));
          const [ap, pa] = [times(a, p), times(p, a)];
          near(times(ap, a), a);
          near(times(pa, p), p);
          near(turned(ap), ap);
          near(turned(pa), pa);
        },
      ),
      { numRuns: 40 },
    );
  });
});
