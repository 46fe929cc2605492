import { eye, matmul, mul, tensor, zeros } from "@diffrax-ts/array";
import { jit } from "@diffrax-ts/autodiff";
import {
  LINEAR_RESULTS,
  linearResultCode,
  linearResultName,
  linearSolve,
  LU,
} from "@diffrax-ts/linear-solvers";
import { stridedTensor } from "@diffrax-ts/program";
import { leaves, type Part, structure, structuresEqual, type Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  generator,
  numbersOf,
  randomMatrix,
  randomVector,
  residual,
  residualBound,
} from "./support/systems.ts";

const solved = (matrix: Tensor, vector: Tensor): Tensor => linearSolve(matrix, vector).value;

describe("linearSolve(matrix, vector)", () => {
  test("is exact where all its numbers are", () => {
    const cases: readonly (readonly [number[][], number[], number[]])[] = [
      [[[4]], [2], [0.5]],
      [
        [
          [2, 1],
          [1, 3],
        ],
        [4, 7],
        [1, 2],
      ],
      [
        [
          [4, -2, 1],
          [-2, 4, -2],
          [1, -2, 4],
        ],
        [11, -16, 17],
        [1, -2, 3],
      ],
    ];
    for (const [matrix, vector, wanted] of cases) {
      expect(solved(tensor(matrix), tensor(vector)).toArray()).toEqual(wanted);
    }
  });

  test("goes through rows in another order where there is a zero on the diagonal", () => {
    const matrix = tensor([
      [0, 0, 2],
      [0, 4, 1],
      [1, 1, 1],
    ]);
    expect(solved(matrix, tensor([2, 5, 3])).toArray()).toEqual([1, 1, 1]);
    // Without pivoting the first multiplier would be 1e20, and the solution [0, 1].
    const small = tensor([
      [1e-20, 1],
      [1, 1],
    ]);
    expect(solved(small, tensor([1, 2])).toArray()).toEqual([1, 1]);
  });

  test("of a permutation matrix moves the elements of the vector, exactly", () => {
    const cases = fc.integer({ min: 1, max: 30 }).chain((n) =>
      fc.tuple(
        fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: n,
          maxLength: n,
        }),
      ),
    );
    fc.assert(
      fc.property(cases, ([order, x]) => {
        const rows = order.map((place) => order.map((_, j) => (j === place ? 1 : 0)));
        const moved = order.map((place) => x[place]!);
        const got = numbersOf(solved(tensor(rows), tensor(moved)));
        // Signs of zeros do not count.
        expect(got.map((value) => value + 0)).toEqual(x.map((value) => value + 0));
      }),
      { numRuns: 40 },
    );
  });

  test.each(["float64", "float32"] as const)(
    "of %s leaves no more than rounding allows, for random matrices of all sizes",
    (dtype) => {
      for (const n of [1, 2, 3, 4, 5, 8, 15, 16, 17, 32, 33, 40, 60]) {
        const next = generator(n);
        for (let i = 0; i < 5; i++) {
          const [matrix, vector] = [randomMatrix(n, next, { dtype }), randomVector(n, next, dtype)];
          const x = solved(matrix, vector);
          expect(x.dtype).toBe(dtype);
          expect(residual(matrix, x, vector)).toBeLessThanOrEqual(residualBound(matrix, x));
        }
      }
    },
  );

  test("leaves no more than rounding allows, for matrices of small integers that have an inverse", () => {
    const systems = fc.integer({ min: 1, max: 7 }).chain((n) => {
      const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: n, maxLength: n });
      return fc.tuple(fc.array(vector, { minLength: n, maxLength: n }), vector);
    });
    fc.assert(
      fc.property(systems, ([rows, b]) => {
        const [matrix, vector] = [tensor(rows), tensor(b)];
        const { value, result } = linearSolve(matrix, vector, { throw: false });
        const isFinite = numbersOf(value).every(Number.isFinite);
        expect(result).toBe(isFinite ? "successful" : "singular");
        if (!isFinite) return;
        expect(residual(matrix, value, vector)).toBeLessThanOrEqual(residualBound(matrix, value));
      }),
      { numRuns: 300 },
    );
  });

  test("solves with growth of 2ⁿ⁻¹, the largest there is", () => {
    const n = 20;
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_x, j) => (j === n - 1 || i === j ? 1 : i > j ? -1 : 0)),
    );
    const matrix = tensor(rows);
    const vector = matmul(matrix, tensor(Array.from({ length: n }, (_, i) => i + 1)));
    const x = solved(matrix, vector);
    expect(residual(matrix, x, vector)).toBeLessThanOrEqual(residualBound(matrix, x));
  });

  test("gives the same bits inside jit", () => {
    for (const n of [1, 3, 6, 30]) {
      const next = generator(100 + n);
      const [matrix, vector] = [randomMatrix(n, next), randomVector(n, next)];
      const wanted = solved(matrix, vector).toArray();
      expect(jit(solved)(matrix, vector).toArray()).toEqual(wanted);
      expect(jit((b: Tensor) => solved(matrix, b))(vector).toArray()).toEqual(wanted);
      expect(jit(() => solved(matrix, vector))().toArray()).toEqual(wanted);
    }
  });

  test("of no equations is no number", () => {
    const [matrix, vector] = [zeros([0, 0]), zeros(0)];
    const { value, result } = linearSolve(matrix, vector);
    expect({ value, result }).toEqual({ value: vector, result: "successful" });
    expect(jit((a: Tensor) => solved(a, vector))(matrix).shape).toEqual([0]);
  });

  test("takes typed arrays, and arrays with any stride", () => {
    const strided = stridedTensor("float64", [2, 2], Float64Array.of(2, 1, 0, 4), [1, 2], 0);
    const matrix = strided;
    expect(matrix.toArray()).toEqual([
      [2, 0],
      [1, 4],
    ]);
    expect(linearSolve(matrix, Float64Array.of(2, 9)).value.toArray()).toEqual([1, 2]);
  });
});

describe("a matrix without inverse", () => {
  const singular = tensor([
    [1, 2],
    [2, 4],
  ]);
  const vector = tensor([1, 2]);
  const several = {
    "with two equal rows": singular,
    "of zeros": zeros([3, 3]),
    "of zeros, of one element": zeros([1, 1]),
    "with a row of zeros": tensor([
      [1, 2, 3],
      [0, 0, 0],
      [4, 5, 7],
    ]),
    "with a column of zeros, large": mul(eye(30), tensor([...Array(29).fill(1), 0])),
    "with a column of zeros, in the first block": mul(eye(30), tensor([0, ...Array(29).fill(1)])),
  };

  test.each(Object.entries(several))("%s gives a solution that is not finite", (_, matrix) => {
    for (const b of [zeros(matrix.length), randomVector(matrix.length, generator(1))]) {
      const { value, result } = linearSolve(matrix, b, { throw: false });
      expect(result).toBe("singular");
      expect(numbersOf(value).every(Number.isFinite)).toBe(false);
    }
  });

  test("is an error, which says what else can be done", () => {
    const wanted = /^linearSolve: .* no inverse.* throw: false/u;
    expect(() => linearSolve(singular, vector)).toThrow(wanted);
    expect(() => jit(solved)(singular, vector)).toThrow(wanted);
  });

  test("is a number inside a traced function with throw: false", () => {
    const solve = jit((a: Tensor, b: Tensor) => linearSolve(a, b, { throw: false }));
    const result = (a: Tensor, b: Tensor): string =>
      linearResultName((solve(a, b).result as Tensor).item());
    expect(result(singular, vector)).toBe("singular");
    expect(result(eye(2), vector)).toBe("successful");
    expect(result(eye(2), tensor([1, NaN]))).toBe("nonfiniteInput");
  });

  test("is told from numbers that were not finite before", () => {
    const large = randomMatrix(30, generator(2));
    for (const [matrix, b] of [
      [tensor([[NaN]]), tensor([1])],
      [
        tensor([
          [1, 2],
          [NaN, 4],
        ]),
        vector,
      ],
      [eye(2), tensor([1, Infinity])],
      [mul(large, tensor([...Array(29).fill(1), NaN])), randomVector(30, generator(3))],
    ] as const) {
      expect(linearSolve(matrix, b, { throw: false }).result).toBe("nonfiniteInput");
      expect(() => linearSolve(matrix, b)).toThrow(/^linearSolve: the matrix or the vector holds/u);
    }
  });

  test("does not hide one NaN, wherever it stands", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(), (n, place) => {
        const elements = numbersOf(randomMatrix(n, generator(place)));
        elements[place % elements.length] = NaN;
        const rows = Array.from({ length: n }, (_, i) => elements.slice(i * n, (i + 1) * n));
        const { result } = linearSolve(tensor(rows), randomVector(n, generator(n)), {
          throw: false,
        });
        expect(result).toBe("nonfiniteInput");
      }),
    );
  });
});

describe("parts", () => {
  test("LU() called again has the same structure, and no leaves", () => {
    expect(structuresEqual(structure(LU()), structure(LU()))).toBe(true);
    expect(leaves(LU())).toEqual([]);
  });

  test("LU() with a property more still solves", () => {
    const solver = { ...LU(), note: "mine" };
    expect(linearSolve(eye(2), tensor([1, 2]), { solver }).value.toArray()).toEqual([1, 2]);
  });

  test("linearResultName(code) is the opposite of linearResultCode(result)", () => {
    for (const result of Object.values(LINEAR_RESULTS))
      expect(linearResultName(linearResultCode(result))).toBe(result);
  });
});

describe("refused, with the function, the argument and the way out, is", () => {
  const [a, b] = [eye(2), tensor([1, 2])];
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "a matrix that is not square",
      () => linearSolve(zeros([2, 3]), b),
      /^AutoLinearSolver: the operator must be square, got 2 rows and 3 columns \(MatrixLinearOperator\); for least squares use /u,
    ],
    [
      "a vector as a matrix",
      () => linearSolve(b, b),
      /^linearSolve: matrix must be \[m, n\], got float64\[2\]$/u,
    ],
    ["a number as a matrix", () => linearSolve(3, b), /^linearSolve: matrix must be \[m, n\]/u],
    [
      "several matrices",
      () => linearSolve(zeros([4, 2, 2]), b),
      /got float64\[4,2,2\]; for several of them use vmap$/u,
    ],
    [
      "a matrix in arrays",
      () => linearSolve([[1]] as never, tensor([1])),
      /^linearSolve: matrix must be a tensor, got an array of 1; write tensor\(…\) around it$/u,
    ],
    [
      "a vector in an array",
      () => linearSolve(a, [1, 2] as never),
      /^linearSolve: vector must be a tensor, got an array of 2; write tensor/u,
    ],
    [
      "no vector",
      () => linearSolve(a, undefined as never),
      /^linearSolve: vector must be a tensor, got undefined$/u,
    ],
    [
      "a vector that is too long",
      () => linearSolve(a, zeros(3)),
      /^linearSolve: vector must be \[2\] for a matrix of \[2,2\], got float64\[3\]$/u,
    ],
    [
      "several vectors",
      () => linearSolve(a, zeros([2, 5])),
      /^linearSolve: vector must be \[2\] .*; for several of them use vmap$/u,
    ],
    [
      "a number as a vector",
      () => linearSolve(tensor([[1]]), 1),
      /^linearSolve: vector must be \[1\]/u,
    ],
    [
      "two dtypes",
      () => linearSolve(a, zeros(2, { dtype: "float32" })),
      /^linearSolve: matrix is float64 and vector float32; convert one of them with astype$/u,
    ],
    [
      "a matrix of integers",
      () => linearSolve(zeros([2, 2], { dtype: "int32" }), b),
      /^linearSolve: matrix must be of float64 or float32, got int32\[2,2\]; convert it with astype$/u,
    ],
    [
      "a vector of integers",
      () => linearSolve(a, Int32Array.of(1, 2)),
      /^linearSolve: vector must be of float64 or float32, got int32\[2\]/u,
    ],
    [
      "a maker that was not called",
      () => linearSolve(a, b, { solver: LU as never }),
      /^linearSolve: solver is the function LU; call it: LU\(\)$/u,
    ],
    [
      "something else as a solver",
      () => linearSolve(a, b, { solver: "LU" as never }),
      /^linearSolve: solver must be one such as LU\(\), got "LU"$/u,
    ],
    [
      "a solver without its name",
      () => linearSolve(a, b, LU() as Part as never),
      /^linearSolve: expected options such as \{ solver: … \}, got a LU /u,
    ],
    [
      "options that are null",
      () => linearSolve(a, b, null as never),
      /^linearSolve: expected options such as \{ solver: … \}, got null$/u,
    ],
    [
      "an option that there is not",
      () => linearSolve(a, b, { throws: false } as never),
      /^linearSolve: there is no option throws, only solver, options, state, throw$/u,
    ],
    [
      "a number that means no result",
      () => linearResultName(7),
      /^linearResultName: code must be one of 0 to 6, got 7$/u,
    ],
  ];
  test.each(cases)("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

test("a result that a traced function asks for has to be used", () => {
  const mistaken = (a: Tensor): Tensor => {
    const { value, result } = linearSolve(a, Float64Array.of(1, 1), { throw: false });
    return result === "successful" ? value : tensor([-1, -1]);
  };
  expect(() =>
    jit(mistaken)(
      tensor([
        [2, 0],
        [0, 1],
      ]),
    ),
  ).toThrow(/the result of linearSolve was asked for and not used; .*linearResultCode/);
});
