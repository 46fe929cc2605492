import { add, arange, mul, pad, sin, slice, sub, sum, tensor } from "@diffrax-ts/array";
import { customVjp, grad, jacfwd, jit, jvp, vmap } from "@diffrax-ts/autodiff";
import {
  AddLinearOperator,
  BandedLinearOperator,
  BandedLU,
  ComposedLinearOperator,
  diagonal,
  DiagonalLinearOperator,
  CG,
  FunctionLinearOperator,
  LINEAR_TAGS,
  hasUnitDiagonal,
  IdentityLinearOperator,
  isDiagonal,
  isLowerTriangular,
  isNegativeSemidefinite,
  isPositiveSemidefinite,
  isSymmetric,
  isTridiagonal,
  isUpperTriangular,
  JacobianLinearOperator,
  linearise,
  type LinearOperator,
  linearSolve,
  materialise,
  MatrixLinearOperator,
  MulLinearOperator,
  NegLinearOperator,
  requireBand,
  TaggedLinearOperator,
  transposeTags,
  tridiagonal,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import {
  arrayType,
  innerPrograms,
  isEquation,
  type Program,
  traceProgram,
} from "@diffrax-ts/program";
import { leaves, structure, structuresEqual, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose } from "./support/derivatives.ts";
import { type Example, squareExamples, transposeRows } from "./support/operators.ts";
import { numbersOf } from "./support/systems.ts";

const ofRounding = { float64: 1e-14, float32: 1e-5 };

describe.each(["float64", "float32"] as const)("an operator of %s", (dtype) => {
  const examples = squareExamples(5, dtype);
  const x = [1, -2, 3, 0.5, -0.25];
  const vector = tensor(x, { dtype });
  const times = (rows: number[][], y: number[] = x): number[] =>
    rows.map((row) => row.reduce((total, a, j) => total + a * y[j]!, 0));

  test.each(examples)(
    "$name is its matrix, by products and by elements",
    ({ operator, matrix }) => {
      const product = operator.mv(vector) as Tensor;
      expect(product.dtype).toBe(dtype);
      expectClose(numbersOf(product), times(matrix), ofRounding[dtype]);
      expectClose(numbersOf(operator.asMatrix()), matrix.flat(), ofRounding[dtype]);
      expect(operator.asMatrix().dtype).toBe(dtype);
    },
  );

  test.each(examples)("$name, transposed, has the transposed matrix", ({ operator, matrix }) => {
    const back = operator.transpose();
    const rows = transposeRows(matrix);
    expectClose(numbersOf(back.mv(vector) as Tensor), times(rows), ofRounding[dtype]);
    expectClose(numbersOf(back.asMatrix()), rows.flat(), ofRounding[dtype]);
    expectClose(numbersOf(back.transpose().asMatrix()), matrix.flat(), ofRounding[dtype]);
  });

  test.each(examples)("$name, linearised or materialised, is the same", ({ operator, matrix }) => {
    for (const other of [linearise(operator), materialise(operator)]) {
      expectClose(numbersOf(other.mv(vector) as Tensor), times(matrix), ofRounding[dtype]);
      expectClose(numbersOf(other.asMatrix()), matrix.flat(), ofRounding[dtype]);
      expectClose(
        numbersOf(other.transpose().mv(vector) as Tensor),
        times(transposeRows(matrix)),
        ofRounding[dtype],
      );
    }
  });

  test.each(examples)("$name has the diagonals of its matrix", ({ operator, matrix }) => {
    const on = (o: number): number[] =>
      matrix.flatMap((row, i) => row.filter((_, j) => j - i === o));
    expectClose(numbersOf(diagonal(operator)), on(0), ofRounding[dtype]);
    const three = tridiagonal(operator);
    expectClose(numbersOf(three.diagonal), on(0), ofRounding[dtype]);
    expectClose(numbersOf(three.lowerDiagonal), on(-1), ofRounding[dtype]);
    expectClose(numbersOf(three.upperDiagonal), on(1), ofRounding[dtype]);
  });

  /** What each property says of an element. */
  const holds: readonly (readonly [
    (operator: LinearOperator) => boolean,
    (matrix: number[][], i: number, j: number) => boolean,
  ])[] = [
    [isDiagonal, (a, i, j) => i === j || a[i]![j] === 0],
    [isTridiagonal, (a, i, j) => Math.abs(i - j) <= 1 || a[i]![j] === 0],
    [isLowerTriangular, (a, i, j) => i >= j || a[i]![j] === 0],
    [isUpperTriangular, (a, i, j) => i <= j || a[i]![j] === 0],
    [hasUnitDiagonal, (a, i, j) => i !== j || a[i]![j] === 1],
    [isSymmetric, (a, i, j) => a[i]![j] === a[j]![i]],
    [isPositiveSemidefinite, (a, i, j) => i !== j || a[i]![j]! > 0],
    [isNegativeSemidefinite, (a, i, j) => i !== j || a[i]![j]! < 0],
  ];

  test.each(examples)("$name is what it says", ({ operator, matrix }: Example) => {
    const said = holds.filter(([is]) => is(operator));
    const wrong = said.filter(([, of]) =>
      matrix.some((row, i) => row.some((_, j) => !of(matrix, i, j))),
    );
    expect(wrong).toEqual([]);
  });

  test.each(examples)("$name is the same inside jit and vmap, to the bit", ({ operator }) => {
    const product = (v: Tensor): Tensor => operator.mv(v) as Tensor;
    const wanted = jit(product)(vector).toArray();
    const several = tensor([x, x.map((y) => 2 * y)], { dtype });
    expect(vmap(product)(several).toArray()).toEqual([
      wanted,
      jit(product)(
        tensor(
          x.map((y) => 2 * y),
          { dtype },
        ),
      ).toArray(),
    ]);
  });
});

describe("trees of tensors", () => {
  const f = ({ q, p }: { q: Tensor; p: Tensor }, k: Scalar) => ({
    p: sin(mul(q.at(0), p)),
    q: mul(k, mul(q, add(p, 1))),
  });
  const x = { q: tensor([1, 2]), p: tensor(3) };
  const jacobian = JacobianLinearOperator(f, x, { args: 2 });

  test("are the vectors of a Jacobian, in the order of sorted keys", () => {
    // p' = q₀ p cos, q' = k (p + 1) dq + k q dp.
    const c = Math.cos(3);
    const wanted = [
      [c, 3 * c, 0],
      [2, 8, 0],
      [4, 0, 8],
    ];
    expectClose(numbersOf(jacobian.asMatrix()), wanted.flat(), 1e-15);
    const v = { q: tensor([1, 0]), p: tensor(0) };
    const { q, p } = jacobian.mv(v);
    expectClose([p.item(), ...numbersOf(q)], [3 * c, 8, 0], 1e-15);
    expect(jacobian.outStructure()).toEqual(jacobian.inStructure());
  });

  test("are solved for", () => {
    const b = { q: tensor([1, 2]), p: tensor(3) };
    const { value } = linearSolve(jacobian, b);
    const back = jacobian.mv(value);
    expectClose(numbersOf(back.q), [1, 2], 1e-13);
    expectClose([back.p.item()], [3], 1e-13);
    expect(value.p.shape).toEqual([]);
  });

  test("may be lists of numbers", () => {
    const operator = DiagonalLinearOperator<readonly Tensor[]>([tensor(2), tensor(4)]);
    const { value } = linearSolve(operator, [1, 2] as never);
    expect(value.map((y) => y.item())).toEqual([0.5, 0.5]);
    const system = JacobianLinearOperator(
      ([u, v]: readonly Tensor[]) => [add(u!, v!), sub(u!, v!)],
      [tensor(0), tensor(0)],
    );
    const solved = linearSolve(system, [3, 1] as never).value;
    expectClose(
      solved.map((y) => y.item()),
      [2, 1],
      1e-15,
    );
  });

  test("stay what they are when an operator is materialised", () => {
    const back = materialise(jacobian).mv({ q: tensor([0, 0]), p: tensor(1) });
    expectClose(numbersOf(back.q), [2, 4], 1e-15);
    const d = JacobianLinearOperator((y: typeof x) => ({ q: mul(y.q, y.q), p: sin(y.p) }), x, {
      tags: "diagonal",
    });
    expect(materialise(d).kind).toBe("DiagonalLinearOperator");
    expectClose(numbersOf(materialise(d).mv(x).q), [2, 8], 1e-15);
  });

  test("are of one space if they have the same keys, in any order, and not if they only read alike", () => {
    const zero = tensor(0);
    const one = IdentityLinearOperator({ p: zero, q: tensor([0, 0]) });
    const other = IdentityLinearOperator({ q: tensor([0, 0]), p: zero });
    const twice = AddLinearOperator(one, other).mv(x);
    expect([twice.p.item(), numbersOf(twice.q)]).toEqual([2 * x.p.item(), [2, 4]]);
    const two = IdentityLinearOperator<unknown>({ a: zero, b: zero });
    const alike = IdentityLinearOperator<unknown>({ "a:float64[],b": zero });
    expect(() => AddLinearOperator(two, alike)).toThrow(
      /^AddLinearOperator: both operators have to take/u,
    );
  });

  test("are declared to be no less when an operator is materialised", () => {
    const tags = ["diagonal", "unitDiagonal", "positiveSemidefinite"] as const;
    const same = FunctionLinearOperator((y: Tensor) => y, tensor([0, 0]), { tags });
    const numbers = materialise(same);
    for (const tag of LINEAR_TAGS) expect([tag, numbers.has(tag)]).toEqual([tag, same.has(tag)]);
    const solver = CG({ rtol: 1e-10, atol: 1e-10 });
    expectClose(numbersOf(linearSolve(numbers, tensor([1, 2]), { solver }).value), [1, 2], 1e-9);
  });
});

/** The shapes of everything that a program computes, in programs within programs too. */
function shapesIn({ equations }: Program): (readonly number[])[] {
  return equations.flatMap((equation) => {
    const inner = isEquation(equation, "derived")
      ? [equation.params.expand()]
      : innerPrograms(equation);
    return [...equation.outputs.map(({ shape }) => shape), ...inner.flatMap(shapesIn)];
  });
}

describe("a declared structure of a Jacobian", () => {
  const f = (x: Tensor): Tensor => sin(sub(mul(x, x), 0.5));

  test.each([
    ["by a tag: diagonal", { tags: "diagonal" } as const, 1],
    ["by a tag: tridiagonal", { tags: "tridiagonal" } as const, 3],
    ["by a bandwidth", { bandwidth: { lower: 2, upper: 1 } }, 4],
  ])("%s takes as many derivatives as it has diagonals, and no matrix", (_, options, count) => {
    const n = 200;
    const { program } = traceProgram([arrayType("float64", [n])], (x) => {
      const operator = JacobianLinearOperator(f, x, options);
      return [linearSolve(operator, x).value];
    });
    const shapes = shapesIn(program);
    const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
    // The windows and padded diagonals of an elimination within a band, and never n².
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * (count + 2) * (n + count));
    expect(shapes.some((shape) => shape.join() === `${count},${n}`)).toBe(true);
  });
});

describe("a shifted Jacobian, as implicit methods have it", () => {
  const f = (x: Tensor): Tensor => sin(mul(x, x));
  const n = 200;

  test("takes as many derivatives as the solver has diagonals, and no matrix", () => {
    const types = [arrayType("float64", [n]), arrayType("float64", [])];
    const { program } = traceProgram(types, (x, h) => {
      const jacobian = JacobianLinearOperator(f, x);
      const operator = AddLinearOperator(
        IdentityLinearOperator(x),
        NegLinearOperator(MulLinearOperator(jacobian, h)),
      );
      return [linearSolve(operator, x, { solver: BandedLU({ lower: 1, upper: 1 }) }).value];
    });
    const shapes = shapesIn(program);
    expect(Math.max(...shapes.map((shape) => shape.reduce((a, b) => a * b, 1)))).toBeLessThan(
      12 * n,
    );
    expect(shapes.some((shape) => shape.join() === `3,${n}`)).toBe(true);
  });

  test("is differentiated with respect to where the Jacobian is taken", () => {
    const x = tensor([0.5, 1, 1.5]);
    const g = (y: Tensor): Tensor => add(mul(y, y), sum(sin(y)));
    const step = (y: Tensor): Tensor => sum(linearSolve(JacobianLinearOperator(g, y), g(y)).value);
    const dense = (y: Tensor): Tensor => sum(linearSolve(jacfwd(g)(y), g(y)).value);
    expectClose(numbersOf(grad(step)(x)), numbersOf(grad(dense)(x)), 1e-12);
    const product = (of: typeof step): Tensor =>
      jvp((y: Tensor) => grad(of)(y), [x], [tensor([1, -1, 2])]).tangent;
    expectClose(numbersOf(product(step)), numbersOf(product(dense)), 1e-10);
  });

  test("of a function with a rule for reverse mode alone is taken backwards", () => {
    const cube = customVjp((y: Tensor): Tensor => mul(y, mul(y, y)), {
      forward: (y: Tensor) => ({ value: mul(y, mul(y, y)), residuals: y }),
      backward: (y: Tensor, ct: Tensor) => [mul(ct, mul(3, mul(y, y)))],
    });
    const operator = JacobianLinearOperator((y: Tensor) => cube(y), tensor([1, 2]), { jac: "bwd" });
    expect(operator.mv(tensor([1, 1])).toArray()).toEqual([3, 12]);
    expect(numbersOf(operator.asMatrix())).toEqual([3, 0, 0, 12]);
  });
});

describe("operators as parts", () => {
  const vector = tensor([1, 2]);
  const square = (x: Tensor): Tensor => mul(x, x);
  const makers: readonly (readonly [string, () => LinearOperator])[] = [
    [
      "MatrixLinearOperator",
      () =>
        MatrixLinearOperator(
          tensor([
            [1, 2],
            [3, 4],
          ]),
        ),
    ],
    ["DiagonalLinearOperator", () => DiagonalLinearOperator(vector)],
    [
      "TridiagonalLinearOperator",
      () => TridiagonalLinearOperator(vector, tensor([1]), tensor([2])),
    ],
    ["BandedLinearOperator", () => BandedLinearOperator(tensor([[1, 2]]), { lower: 0, upper: 0 })],
    ["IdentityLinearOperator", () => IdentityLinearOperator(vector)],
    ["FunctionLinearOperator", () => FunctionLinearOperator(square, vector)],
    ["JacobianLinearOperator", () => JacobianLinearOperator(square, vector)],
    [
      "TaggedLinearOperator",
      () => TaggedLinearOperator(DiagonalLinearOperator(vector), { tags: "symmetric" }),
    ],
    [
      "AddLinearOperator",
      () => AddLinearOperator(DiagonalLinearOperator(vector), IdentityLinearOperator(vector)),
    ],
    ["MulLinearOperator", () => MulLinearOperator(DiagonalLinearOperator(vector), 2)],
    ["NegLinearOperator", () => NegLinearOperator(DiagonalLinearOperator(vector))],
    [
      "ComposedLinearOperator",
      () => ComposedLinearOperator(DiagonalLinearOperator(vector), IdentityLinearOperator(vector)),
    ],
  ];
  test.each(makers)("%s called again has the same structure", (kind, make) => {
    expect(make().kind).toBe(kind);
    expect(structuresEqual(structure(make()), structure(make()))).toBe(true);
  });

  test("a number that scales is data", () => {
    const scaled = MulLinearOperator(IdentityLinearOperator(vector), 2);
    expect(leaves(scaled)).toHaveLength(1);
    expect(isPositiveSemidefinite(scaled)).toBe(true);
    expect(isPositiveSemidefinite(MulLinearOperator(IdentityLinearOperator(vector), -2))).toBe(
      false,
    );
    expect(isNegativeSemidefinite(NegLinearOperator(scaled))).toBe(true);
  });

  test("what a function uses from a surrounding trace is differentiated", () => {
    const loss = (k: Scalar): Tensor => {
      const operator = FunctionLinearOperator((x: Tensor) => mul(k, x), vector);
      return linearSolve(operator, vector).value.at(0); // 1 / k
    };
    expectClose([grad(loss as (k: Scalar) => Scalar)(2)], [-0.25], 1e-15);
    const root = (k: Scalar): Tensor => {
      const operator = JacobianLinearOperator((x: Tensor) => mul(k, mul(x, x)), vector);
      return linearSolve(operator, vector).value.at(1); // 2 / (4 k)
    };
    expectClose([grad(root as (k: Scalar) => Scalar)(2)], [-0.125], 1e-15);
  });
});

describe("tags", () => {
  test("of the transpose", () => {
    expect(transposeTags(["symmetric", "tridiagonal"])).toEqual(["symmetric", "tridiagonal"]);
    expect(transposeTags("upperTriangular")).toEqual(["lowerTriangular"]);
  });

  test("follow through sums, products and scalings", () => {
    const lower = MatrixLinearOperator(
      tensor([
        [1, 0],
        [2, 1],
      ]),
      { tags: ["lowerTriangular", "unitDiagonal"] },
    );
    const sum = AddLinearOperator(lower, lower);
    expect([isLowerTriangular(sum), hasUnitDiagonal(sum)]).toEqual([true, false]);
    const product = ComposedLinearOperator(lower, lower);
    expect([isLowerTriangular(product), hasUnitDiagonal(product)]).toEqual([true, true]);
    expect(isUpperTriangular(MulLinearOperator(lower, 3).transpose())).toBe(true);
  });
});

describe("requireBand(name, operator, bandwidth)", () => {
  const full = MatrixLinearOperator(
    tensor([
      [2, 1, 0],
      [1, 2, 1],
      [0.001, 1, 2],
    ]),
  );
  const neighbours = JacobianLinearOperator(
    (x: Tensor) => add(mul(x, x), mul(0.001, x.at(2))),
    tensor([1, 2, 3]),
  );

  test("says nothing of a band that holds all", () => {
    expect(() => requireBand("mySolver", full, { lower: 2, upper: 1 })).not.toThrow();
    expect(() => requireBand("mySolver", neighbours, { lower: 0, upper: 2 })).not.toThrow();
    const large = sin(arange(100_000, { dtype: "float32" }));
    const differences = JacobianLinearOperator(
      (x: Tensor) => sub(mul(x, x), pad(slice(x, [1, null]), [[0, 1]])),
      large,
      { bandwidth: { lower: 0, upper: 1 } },
    );
    expect(() => requireBand("mySolver", differences, { lower: 0, upper: 1 })).not.toThrow();
  });

  test("is an error for one that does not, at top level and inside jit", () => {
    const wanted =
      /^mySolver: the operator .* outside of a band with lower 1 and upper 1; declare more/u;
    for (const operator of [full, neighbours]) {
      expect(() => requireBand("mySolver", operator, { lower: 1, upper: 1 })).toThrow(wanted);
      const inside = jit((a: LinearOperator) => {
        requireBand("mySolver", a, { lower: 1, upper: 1 });
        return 1;
      });
      expect(() => inside(operator)).toThrow(wanted);
    }
  });
});
