import { add, cumsum, dot, mul, sub, tensor } from "@diffrax-ts/array";
import {
  AddLinearOperator,
  BandedLinearOperator,
  ComposedLinearOperator,
  DiagonalLinearOperator,
  DivLinearOperator,
  FunctionLinearOperator,
  IdentityLinearOperator,
  JacobianLinearOperator,
  type LinearOperator,
  type LinearTag,
  MatrixLinearOperator,
  MulLinearOperator,
  NegLinearOperator,
  TaggedLinearOperator,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { generator } from "./systems.ts";

/** An operator, and the matrix that it has to have. */
export interface Example {
  readonly name: string;
  readonly operator: LinearOperator;
  readonly matrix: number[][];
}

type Rows = number[][];

/** A matrix of pseudorandom numbers, rounded so that float32 holds them, with a heavy diagonal; zero where `keep` says no. */
export function rowsOf(
  m: number,
  n: number,
  seed: number,
  keep: (i: number, j: number) => boolean = () => true,
): Rows {
  const next = generator(seed);
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: n }, (_x, j) => {
      const x = Math.round(next() * 64) / 64 + (i === j ? 3 : 0);
      return keep(i, j) ? x : 0;
    }),
  );
}

export const transposeRows = (rows: Rows): Rows =>
  rows[0]!.map((_, j) => rows.map((row) => row[j]!));

const product = (a: Rows, b: Rows): Rows => {
  const columns = transposeRows(b);
  return a.map((row) =>
    columns.map((column) => row.reduce((total, x, i) => total + x * column[i]!, 0)),
  );
};

const mapped = (rows: Rows, f: (x: number, i: number, j: number) => number): Rows =>
  rows.map((row, i) => row.map((x, j) => f(x, i, j)));

/** A symmetric positive definite matrix. */
export function definiteRows(n: number, seed: number): Rows {
  const a = rowsOf(n, n, seed);
  return mapped(
    product(transposeRows(a), a),
    (x, i, j) => Math.round(x * 64) / 64 + (i === j ? 1 : 0),
  );
}

/** Every kind of square operator, of `n` rows. */
export function squareExamples(n: number, dtype: DType): Example[] {
  const t = (rows: Rows | number[]): Tensor => tensor(rows as number[][], { dtype });
  const full = rowsOf(n, n, 1);
  const other = rowsOf(n, n, 2);
  const three = rowsOf(n, n, 3, (i, j) => Math.abs(i - j) <= 1);
  const band = rowsOf(n, n, 4, (i, j) => i - j <= 2 && j - i <= 1);
  const definite = definiteRows(n, 5);
  const lower = rowsOf(n, n, 6, (i, j) => i >= j);
  const upper = transposeRows(lower);
  const unit = mapped(lower, (x, i, j) => (i === j ? 1 : x / 4));
  const d = full.map((row, i) => row[i]!);
  const diag = mapped(full, (x, i, j) => (i === j ? x : 0));
  const off = (rows: Rows, o: number): number[] =>
    Array.from({ length: n - Math.abs(o) }, (_, i) =>
      o > 0 ? rows[i]![i + o]! : rows[i - o]![i]!,
    );
  const scipy = [1, 0, -1, -2].map((o) =>
    Array.from({ length: n }, (_, j) => band[j - o]?.[j] ?? 7),
  );
  const vector = t(d);
  const matrixOf = (rows: Rows, tags: LinearTag[] = []): LinearOperator<Tensor, Tensor> =>
    MatrixLinearOperator(t(rows), { tags });
  const example = (name: string, operator: LinearOperator, matrix: Rows): Example => ({
    name,
    operator,
    matrix,
  });
  const times = (rows: Rows) => (x: Tensor) => dot(t(rows), x);
  return [
    example("a matrix", matrixOf(full), full),
    example("a matrix that is diagonal", matrixOf(diag, ["diagonal"]), diag),
    example("a matrix that is tridiagonal", matrixOf(three, ["tridiagonal"]), three),
    example("a lower triangle", matrixOf(lower, ["lowerTriangular"]), lower),
    example("an upper triangle", matrixOf(upper, ["upperTriangular"]), upper),
    example("a triangle of ones", matrixOf(unit, ["lowerTriangular", "unitDiagonal"]), unit),
    example("a definite matrix", matrixOf(definite, ["positiveSemidefinite"]), definite),
    example(
      "a negative matrix",
      matrixOf(
        mapped(definite, (x) => -x),
        ["negativeSemidefinite"],
      ),
      mapped(definite, (x) => -x),
    ),
    example("a diagonal", DiagonalLinearOperator(vector), diag),
    example(
      "three diagonals",
      TridiagonalLinearOperator(vector, t(off(three, -1)), t(off(three, 1))),
      mapped(three, (x, i, j) => (i === j ? d[i]! : x)),
    ),
    example("four diagonals", BandedLinearOperator(t(scipy), { lower: 2, upper: 1 }), band),
    example(
      "the identity",
      IdentityLinearOperator(vector),
      mapped(full, (_, i, j) => (i === j ? 1 : 0)),
    ),
    example("a function", FunctionLinearOperator(times(full), vector), full),
    example(
      "a tridiagonal function",
      FunctionLinearOperator(times(three), vector, { tags: "tridiagonal" }),
      three,
    ),
    example(
      "a function with a band",
      FunctionLinearOperator(times(band), vector, { bandwidth: { lower: 2, upper: 1 } }),
      band,
    ),
    example(
      "a definite function",
      FunctionLinearOperator(times(definite), vector, { tags: "positiveSemidefinite" }),
      definite,
    ),
    example(
      "sums",
      FunctionLinearOperator((x: Tensor) => cumsum(x), vector, {
        tags: ["lowerTriangular", "unitDiagonal"],
      }),
      mapped(full, (_, i, j) => (i >= j ? 1 : 0)),
    ),
    example(
      "a Jacobian",
      JacobianLinearOperator((x: Tensor) => dot(t(full), add(x, 1)), vector),
      full,
    ),
    example(
      "a Jacobian with three diagonals",
      JacobianLinearOperator((x: Tensor) => sub(dot(t(three), x), 2), vector, {
        tags: "tridiagonal",
      }),
      three,
    ),
    example(
      "a Jacobian, row by row",
      JacobianLinearOperator((x: Tensor, k: Tensor) => mul(k, dot(t(full), x)), vector, {
        args: t([2]),
        jac: "bwd",
      }),
      mapped(full, (x) => 2 * x),
    ),
    example(
      "a sum",
      AddLinearOperator(matrixOf(full), matrixOf(other)),
      mapped(full, (x, i, j) => x + other[i]![j]!),
    ),
    example(
      "a sum of bands",
      AddLinearOperator(
        DiagonalLinearOperator(vector),
        FunctionLinearOperator(times(three), vector, { tags: "tridiagonal" }),
      ),
      mapped(three, (x, i, j) => x + diag[i]![j]!),
    ),
    example(
      "twice",
      MulLinearOperator(matrixOf(full), 2),
      mapped(full, (x) => 2 * x),
    ),
    example(
      "half",
      DivLinearOperator(matrixOf(three, ["tridiagonal"]), tensor(2, { dtype })),
      mapped(three, (x) => x / 2),
    ),
    example(
      "the negative",
      NegLinearOperator(matrixOf(definite, ["positiveSemidefinite"])),
      mapped(definite, (x) => -x),
    ),
    example(
      "a product",
      ComposedLinearOperator(matrixOf(full), matrixOf(other)),
      product(full, other),
    ),
    example(
      "a product of bands",
      ComposedLinearOperator(DiagonalLinearOperator(vector), matrixOf(three, ["tridiagonal"])),
      product(diag, three),
    ),
    example(
      "a tagged sum",
      TaggedLinearOperator(AddLinearOperator(matrixOf(full), matrixOf(transposeRows(full))), {
        tags: "symmetric",
      }),
      mapped(full, (x, i, j) => x + full[j]![i]!),
    ),
    example(
      "a transposed function",
      FunctionLinearOperator(times(full), vector).transpose(),
      transposeRows(full),
    ),
    example(
      "a transposed Jacobian with a band",
      JacobianLinearOperator((x: Tensor) => dot(t(band), x), vector, {
        bandwidth: { lower: 2, upper: 1 },
      }).transpose(),
      transposeRows(band),
    ),
    example("a transposed matrix", matrixOf(full).transpose(), transposeRows(full)),
    example(
      "a transposed band",
      BandedLinearOperator(t(scipy), { lower: 2, upper: 1 }).transpose(),
      transposeRows(band),
    ),
    example(
      "a materialised Jacobian",
      JacobianLinearOperator((x: Tensor) => dot(t(band), x), vector, {
        bandwidth: { lower: 2, upper: 1 },
      }).materialise!(),
      band,
    ),
    example(
      "a linearised Jacobian",
      JacobianLinearOperator((x: Tensor) => dot(t(full), x), vector).linearise!(),
      full,
    ),
  ];
}
