// The table of what a plain diffusion returns, in the README of terms, cell by cell; and what traced ones do.
import {
  ControlTerm,
  Euler,
  np,
  ReversibleHeun,
  type Scalar,
  type Tensor,
  traced,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import {
  AddLinearOperator,
  ComposedLinearOperator,
  DiagonalLinearOperator,
  IdentityLinearOperator,
  MatrixLinearOperator,
  NegLinearOperator,
  TridiagonalLinearOperator,
} from "@diffrax-ts/linear-solvers";
import { key } from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const solvers = [Euler(), ReversibleHeun()] as const;

/** `g dx` for an increment `dx` of the control: one step from a state of zeros. */
function increment(diffusion: unknown, y0: unknown, control: unknown, solver: unknown): unknown {
  const options = { t0: 0, t1: 1, dt0: 1, y0 };
  const { ys } = solveParts<unknown>(
    ControlTerm(diffusion as never, control as never),
    solver,
    options,
  );
  // Without the axis of the times
  const first = (x: unknown): unknown =>
    Array.isArray(x) ? x.map(first) : np.astype((x as Tensor).at(0), "float64").toArray();
  const each = (tree: unknown): unknown =>
    tree !== null && typeof tree === "object" && "shape" in tree
      ? first(tree)
      : Array.isArray(tree)
        ? tree.map(each)
        : Object.fromEntries(Object.entries(tree as object).map(([key, x]) => [key, each(x)]));
  return each(ys);
}

const vector = (n: number) => new Float64Array(n);
/** Controls by what they are: their increments are 2; [2, 3]; [2, 3, 5]; and so on. */
const controls = {
  "a number": () => 2,
  "[1]": () => [2],
  "[2]": () => [2, 3],
  "[3]": () => [2, 3, 5],
  "[2, 2]": traced(() =>
    np.tensor([
      [2, 3],
      [5, 7],
    ]),
  ),
  "like the state": () => ({ a: 2, b: [3, 5] }),
} as const;

interface Cell {
  readonly state: string;
  readonly y0: unknown;
  readonly control: keyof typeof controls;
  readonly result: string;
  readonly f: unknown;
  readonly wanted: unknown;
}

const meant: readonly Cell[] = [
  { state: "a number", y0: 0, control: "a number", result: "a number", f: () => 7, wanted: 14 },
  {
    state: "a list",
    y0: [0, 0],
    control: "a number",
    result: "a list",
    f: () => [7, 1],
    wanted: [14, 2],
  },
  {
    state: "a vector",
    y0: vector(2),
    control: "a number",
    result: "a list",
    f: () => [7, 1],
    wanted: [14, 2],
  },
  {
    state: "a record",
    y0: { a: 0, b: vector(2) },
    control: "a number",
    result: "a record",
    f: () => ({ a: 7, b: [1, 2] }),
    wanted: { a: 14, b: [2, 4] },
  },
  {
    state: "a tensor",
    y0: np.zeros([2, 2]),
    control: "a number",
    result: "rows",
    f: () => [
      [1, 2],
      [3, 4],
    ],
    wanted: [
      [2, 4],
      [6, 8],
    ],
  },
  { state: "a number", y0: 0, control: "[1]", result: "a row", f: () => [7], wanted: 14 },
  { state: "a number", y0: 0, control: "[3]", result: "a row", f: () => [1, 10, 100], wanted: 532 },
  {
    state: "a list of 1",
    y0: [0],
    control: "[1]",
    result: "a diagonal",
    f: () => [7],
    wanted: [14],
  },
  {
    state: "a list of 1",
    y0: [0],
    control: "[1]",
    result: "a matrix",
    f: () => [[7]],
    wanted: [14],
  },
  {
    state: "a list of 1",
    y0: [0],
    control: "[3]",
    result: "a matrix",
    f: () => [[1, 10, 100]],
    wanted: [532],
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[2]",
    result: "a diagonal",
    f: () => [7, 11],
    wanted: [14, 33],
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[2]",
    result: "a matrix",
    f: () => [
      [1, 10],
      [0, 1],
    ],
    wanted: [32, 3],
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[1]",
    result: "a matrix",
    f: () => [[1], [10]],
    wanted: [2, 20],
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[3]",
    result: "a matrix",
    f: () => [
      [1, 0, 1],
      [0, 1, 0],
    ],
    wanted: [7, 3],
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[2]",
    result: "a diagonal",
    f: () => [7, 11],
    wanted: [14, 33],
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[2]",
    result: "a matrix",
    f: () => [
      [1, 10],
      [0, 1],
    ],
    wanted: [32, 3],
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[3]",
    result: "a matrix",
    f: () => [
      [1, 0, 1],
      [0, 1, 0],
    ],
    wanted: [7, 3],
  },
  {
    state: "a tensor",
    y0: np.zeros([2, 1]),
    control: "[3]",
    result: "of both",
    f: () => [[[1, 10, 100]], [[0, 0, 1]]],
    wanted: [[532], [5]],
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[2, 2]",
    result: "of both",
    f: () => [
      [
        [1, 10],
        [100, 0],
      ],
      [
        [0, 0],
        [0, 1],
      ],
    ],
    wanted: [532, 7],
  },
  {
    state: "a number",
    y0: 0,
    control: "[2, 2]",
    result: "of the control",
    f: () => [
      [1, 10],
      [100, 0],
    ],
    wanted: 532,
  },
  {
    state: "a record",
    y0: { a: 0, b: vector(2) },
    control: "[2]",
    result: "a row and a matrix",
    f: () => ({
      a: [1, 10],
      b: [
        [1, 0],
        [0, 1],
      ],
    }),
    wanted: { a: 32, b: [2, 3] },
  },
  {
    state: "a list of other things",
    y0: [0, [0, 0]],
    control: "[2]",
    result: "rows",
    f: () => [
      [1, 10],
      [
        [1, 0],
        [0, 1],
      ],
    ],
    wanted: [32, [2, 3]],
  },
  {
    state: "a record",
    y0: { a: 0, b: vector(2) },
    control: "like the state",
    result: "each for its own part",
    f: () => ({
      a: 7,
      b: [
        [1, 0],
        [10, 1],
      ],
    }),
    wanted: { a: 14, b: [3, 35] },
  },
];

describe("a plain diffusion means, for", () => {
  test.each(meant)(
    "$state and a control that is $control: $result",
    ({ y0, control, f, wanted }) => {
      for (const solver of solvers)
        expect(increment(f, y0, controls[control], solver)).toEqual(wanted);
    },
  );
});

const rows =
  /2 rows, one for each (component|item) of y0, and 3 columns, one for each component of the control/u;
const refused: readonly (Omit<Cell, "wanted"> & { readonly says: RegExp })[] = [
  {
    state: "a number",
    y0: 0,
    control: "[2]",
    result: "a number",
    f: () => 7,
    says: /result: expected float64\[2\], a row of 2 columns, one for each component of the control, got a number$/u,
  },
  {
    state: "a number",
    y0: 0,
    control: "[2]",
    result: "a matrix",
    f: () => [[1, 2]],
    says: /result: expected float64\[2\], a row of 2 columns, .*, got float64\[1,2\]$/u,
  },
  {
    state: "a number",
    y0: 0,
    control: "a number",
    result: "a list",
    f: () => [7],
    says: /result: expected a number, as y0, for a control that is one number, got .*array/u,
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[3]",
    result: "a diagonal",
    f: () => [1, 2],
    says: rows,
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[3]",
    result: "3 numbers",
    f: () => [1, 2, 3],
    says: rows,
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[3]",
    result: "rows of 2",
    f: () => [
      [1, 2],
      [1, 2],
    ],
    says: rows,
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[3]",
    result: "3 rows",
    f: () => [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ],
    says: rows,
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[3]",
    result: "3 numbers",
    f: () => [1, 2, 3],
    says: rows,
  },
  {
    state: "a vector of 2",
    y0: vector(2),
    control: "[3]",
    result: "columns",
    f: () => [
      [1, 2],
      [1, 2],
      [1, 2],
    ],
    says: rows,
  },
  {
    state: "a list of 2",
    y0: [0, 0],
    control: "[2]",
    result: "a number and a row",
    f: () => [1, [1, 2]],
    says: /result: expected 2 rows, one for each item of y0, and 2 columns, .*, got an array of 2$/u,
  },
  {
    state: "a record",
    y0: { a: 0, b: vector(2) },
    control: "[2]",
    result: "a diagonal for a part",
    f: () => ({ a: [1, 2], b: [1, 2] }),
    says: /result\.b: expected float64\[2,2\], 2 rows, one for each component of y0\.b, and 2 columns, .*, got float64\[2\]$/u,
  },
  {
    state: "a record",
    y0: { a: 0, b: vector(2) },
    control: "[2]",
    result: "a part",
    f: () => ({ a: [1, 2] }),
    says: /result: expected \{ a, b \} as in y0, got an object with the keys a$/u,
  },
  {
    state: "a number",
    y0: 0,
    control: "like the state",
    result: "a number",
    f: () => 1,
    says: /control: expected one tensor, or the structure of y0, got an object with the keys a, b$/u,
  },
];

describe("a plain diffusion is refused, with rows and columns, for", () => {
  test.each(refused)(
    "$state and a control that is $control: $result",
    ({ y0, control, f, says }) => {
      for (const solver of solvers)
        expect(() => increment(f, y0, controls[control], solver)).toThrow(says);
    },
  );
});

describe("a traced diffusion returns", () => {
  const dx = controls["[2]"];

  test("a tensor with the axes of the state and then those of the control, for each leaf", () => {
    const matrix = traced(() =>
      np.tensor([
        [1, 10],
        [0, 1],
      ]),
    );
    const leaves = traced(() => ({
      a: np.tensor([1, 10]),
      b: np.tensor([
        [1, 0],
        [0, 1],
      ]),
    }));
    for (const solver of solvers) {
      expect(increment(matrix, vector(2), dx, solver)).toEqual([32, 3]);
      expect(increment(leaves, { a: 0, b: vector(2) }, dx, solver)).toEqual({ a: 32, b: [2, 3] });
    }
  });

  test("never a diagonal: a vector is refused, with what to write", () => {
    expect(() =>
      increment(
        traced(() => np.tensor([1, 2])),
        vector(2),
        dx,
        Euler(),
      ),
    ).toThrow(
      /expected float64\[2,2\], 2 rows, .* and 2 columns, .*, got float64\[2\]; for a diagonal matrix return DiagonalLinearOperator\(…\)$/u,
    );
  });

  const dense = np.tensor([
    [1, 10],
    [0, 1],
  ]);
  const operators: readonly (readonly [string, () => unknown, readonly number[]])[] = [
    ["DiagonalLinearOperator", () => DiagonalLinearOperator(np.tensor([7, 11])), [14, 33]],
    ["MatrixLinearOperator", () => MatrixLinearOperator(dense), [32, 3]],
    ["IdentityLinearOperator", () => IdentityLinearOperator(vector(2)), [2, 3]],
    ["NegLinearOperator", () => NegLinearOperator(MatrixLinearOperator(dense)), [-32, -3]],
    [
      "AddLinearOperator",
      () =>
        AddLinearOperator(MatrixLinearOperator(dense), DiagonalLinearOperator(np.tensor([1, 1]))),
      [34, 6],
    ],
    [
      "ComposedLinearOperator",
      () =>
        ComposedLinearOperator(
          DiagonalLinearOperator(np.tensor([2, 3])),
          MatrixLinearOperator(dense),
        ),
      [64, 9],
    ],
    [
      "TridiagonalLinearOperator",
      () => TridiagonalLinearOperator(np.tensor([1, 1]), np.tensor([0]), np.tensor([10])),
      [32, 3],
    ],
  ];
  test.each(operators)("a %s", (_name, make, wanted) => {
    for (const solver of solvers)
      expect(increment(traced(make), vector(2), dx, solver)).toEqual(wanted);
  });

  test("an operator that is not square", () => {
    const wide = traced(() =>
      MatrixLinearOperator(
        np.tensor([
          [1, 10, 100],
          [0, 1, 0],
        ]),
      ),
    );
    for (const solver of solvers)
      expect(increment(wide, vector(2), controls["[3]"], solver)).toEqual([532, 3]);
  });

  test("no operator of another size", () => {
    const small = traced(() => DiagonalLinearOperator(np.tensor([1, 2, 3])));
    for (const solver of solvers)
      expect(() => increment(small, vector(2), dx, solver)).toThrow(/DiagonalLinearOperator/u);
    const tall = traced(() =>
      MatrixLinearOperator(
        np.tensor([
          [1, 1],
          [1, 1],
          [1, 1],
        ]),
      ),
    );
    for (const solver of solvers)
      expect(() => increment(tall, vector(2), dx, solver)).toThrow(/MatrixLinearOperator/u);
  });

  test("nothing for a control of another dtype than the state", () => {
    const path = VirtualBrownianTree({
      t0: 0,
      t1: 1,
      tol: 0.1,
      shape: { shape: [2], dtype: "float32" },
      key: key(0),
    });
    for (const solver of solvers) {
      expect(() => increment(() => [1, 2], [0, 0], path, solver)).toThrow(
        /^ControlTerm: control: expected float64, as y0, got float32; .* shape: \{ shape, dtype: "float64" \}$/u,
      );
    }
  });

  test("in float32, what the state is of", () => {
    const y0 = np.zeros([2], { dtype: "float32" });
    const single = traced((_t: Scalar, y: Tensor) => DiagonalLinearOperator(np.add(y, 7)));
    const path = traced(() => np.tensor([2, 3], { dtype: "float32" }));
    expect(increment(single, y0, path, Euler())).toEqual([14, 21]);
  });
});
