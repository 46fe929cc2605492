import { inspect } from "node:util";
import * as np from "@diffrax-ts/array";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import { elementsOf, expectTensor, shapes } from "./support/arrays.ts";

const dtypes: readonly DType[] = ["float64", "float32", "int32", "uint32", "int64", "bool"];

describe.each(dtypes)("of %s", (dtype) => {
  test("zeros, ones, full and their likes fill any shape", () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        const x = np.zeros(shape, { dtype });
        expectTensor(x, dtype, shape, () => 0);
        expectTensor(np.ones(shape, { dtype }), dtype, shape, () => 1);
        expectTensor(np.full(shape, 1, { dtype }), dtype, shape, () => 1);
        expectTensor(
          agree((a) => np.onesLike(a), x),
          dtype,
          shape,
          () => 1,
        );
        expectTensor(
          agree((a) => np.zerosLike(a), x),
          dtype,
          shape,
          () => 0,
        );
        expectTensor(
          agree((a) => np.fullLike(a, 1), x),
          dtype,
          shape,
          () => 1,
        );
        expectTensor(np.zerosLike(x, { dtype: "float32" }), "float32", shape, () => 0);
      }),
    );
  });

  test("eye(n) is the identity, and arange(n) counts", () => {
    expectTensor(np.eye(3, { dtype }), dtype, [3, 3], ([i, j]) => i === j);
    expectTensor(np.arange(2, { dtype }), dtype, [2], ([i]) => i!);
  });

  test("tensor([…]) holds what it is given", () => {
    expectTensor(
      np.tensor(
        [
          [0, 1, 1],
          [1, 0, 0],
        ],
        { dtype },
      ),
      dtype,
      [2, 3],
      ([i, j]) => (i === 0 ? j! > 0 : j === 0),
    );
    expectTensor(np.tensor(1, { dtype }), dtype, [], () => 1);
    expectTensor(np.tensor([], { dtype }), dtype, [0], () => 0);
    expectTensor(np.tensor([[], []], { dtype }), dtype, [2, 0], () => 0);
  });
});

test("tensor(array of arrays) is toArray() turned round", () => {
  const cases = shapes({ least: 1 }).filter((shape) => !shape.slice(0, -1).includes(0));
  fc.assert(
    fc.property(cases, (shape) => {
      const x = np.reshape(np.arange(shape.reduce((a, b) => a * b)), shape);
      expect(np.tensor(x.toArray()).toArray()).toEqual(x.toArray());
    }),
  );
});

test("tensor(typed array) is a view, with the dtype of the array", () => {
  const data = Float32Array.of(1, 2);
  const x = np.tensor(data);
  expect(x.data).toBe(data);
  expect(x).toMatchObject({ dtype: "float32", shape: [2] });
  expect(np.tensor(data, { dtype: "float64" }).data).toEqual(Float64Array.of(1, 2));
  expect(np.tensor(Uint8Array.of(1, 2), { dtype: "int32" }).data).toEqual(Int32Array.of(1, 2));
});

test("tensor(number, bigint, boolean) chooses a dtype", () => {
  expect([1, 1n, true].map((x) => np.tensor(x).dtype)).toEqual(["float64", "int64", "bool"]);
  expect(
    [
      [1, 1n],
      [true, 2],
      [1n, false],
    ].map((x) => np.tensor(x).dtype),
  ).toEqual(["float64", "float64", "int64"]);
});

test("tensor([…]) may hold tensors, traced ones too, whose dtype numbers take", () => {
  const x = np.tensor([1, 2], { dtype: "float32" });
  expectTensor(
    agree((a) => np.tensor([a, [3, 4]]), x),
    "float32",
    [2, 2],
    ([i, j]) => 2 * i! + j! + 1,
  );
  expectTensor(
    agree(
      (a) =>
        np.tensor([
          [a.at(0), 7],
          [0, a.at(1)],
        ] as Tensor<readonly []>[][]),
      x,
    ),
    "float32",
    [2, 2],
    ([i, j]) =>
      [
        [1, 7],
        [0, 2],
      ][i!]![j!]!,
  );
  expect(np.tensor([Float64Array.of(1, 2), [3, 4]]).toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("full(shape, value) takes a traced scalar", () => {
  expect(agree((x) => np.full([2, 2], x as Tensor<readonly []>), np.tensor(3)).toArray()).toEqual([
    [3, 3],
    [3, 3],
  ]);
});

// From NumPy 2.4.6: np.linspace(...).tolist(), np.arange(...).tolist().
const spaced: readonly (readonly [number, number, number, number[]])[] = [
  [0, 1, 4, [0, 0.3333333333333333, 0.6666666666666666, 1]],
  [0.1, 0.7, 7, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]],
  [5, -5, 3, [5, 0, -5]],
  [2, 3, 1, [2]],
  [2, 3, 0, []],
  [0, 140, 4, [0, 46.666666666666664, 93.33333333333333, 140]],
  [-1.3, 2.7, 6, [-1.3, -0.5, 0.30000000000000004, 1.1000000000000003, 1.9000000000000001, 2.7]],
  [0, 5e-324, 3, [0, 0, 5e-324]],
];

test.each(spaced)(
  "linspace(%d, %d, %d) is that of NumPy to the last bit",
  (start, stop, num, expected) => {
    const y = agree(
      (a, b) => np.linspace(a as Tensor<readonly []>, b as Tensor<readonly []>, num),
      np.tensor(start),
      np.tensor(stop),
    );
    expect(y.toArray()).toEqual(expected);
    expect(np.linspace(start, stop, num).toArray()).toEqual(expected);
  },
);

test("linspace(start, stop, num) starts and ends where it is told, and grows in between", () => {
  // Between neighbours of zero the steps themselves are rounded.
  const ends = fc
    .double({ min: -1e6, max: 1e6, noNaN: true })
    .filter((x) => x === 0 || Math.abs(x) > 1e-300);
  fc.assert(
    fc.property(ends, ends, fc.integer({ min: 2, max: 40 }), (start, stop, num) => {
      const list = elementsOf(np.linspace(start, stop, num));
      expect([list[0]! + 0, list.at(-1)]).toEqual([start + 0, stop]);
      const sign = Math.sign(stop - start);
      expect(list.every((x, i) => i === 0 || sign * (x - list[i - 1]!) >= 0)).toBe(true);
    }),
  );
});

test("linspace(…, { endpoint: false, dtype }) leaves the end out, and rounds down to integers", () => {
  expect(np.linspace(0, 1, 4, { endpoint: false }).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
  expect(np.linspace(0, 10, 4, { dtype: "int32" }).toArray()).toEqual([0, 3, 6, 10]);
  expect(np.linspace(-1, 1, 4, { dtype: "int32" }).toArray()).toEqual([-1, -1, 0, 1]);
  expect(np.linspace(0, 1, 3, { dtype: "float32" })).toMatchObject({ dtype: "float32" });
});

test.each([
  [
    [0, 1, 0.25],
    [0, 0.25, 0.5, 0.75],
  ],
  [
    [1, 0, -0.5],
    [1, 0.5],
  ],
  [
    [0, 0.3, 0.1],
    [0, 0.1, 0.2],
  ],
  [
    [0.1, 0.5, 0.1],
    [0.1, 0.2, 0.30000000000000004, 0.4],
  ],
  [
    [1, 1.3, 0.1],
    [1, 1.1, 1.2000000000000002, 1.3000000000000003],
  ],
  [
    [-0.7, 0.7, 0.3],
    [-0.7, -0.39999999999999997, -0.09999999999999998, 0.19999999999999996, 0.5],
  ],
  [[3, 1, 1], []],
] as const)("arange(%j) is that of NumPy", ([start, stop, step], expected) => {
  expect(np.arange(start, stop, step).toArray()).toEqual(expected);
});

test("tensors print, iterate and become JSON", () => {
  const x = np.tensor([3, 1, 2]);
  expect(JSON.stringify({ x, y: np.eye(2) })).toBe('{"x":[3,1,2],"y":[[1,0],[0,1]]}');
  expect([...x]).toEqual([3, 1, 2]);
  expect(Math.max(...x)).toBe(3);
  expect(x.length).toBe(3);
  expect((np.tensor([1.5, 2]) as object as { toString(): string }).toString()).toBe(
    "float64[2] [1.5,2]",
  );
});

test("a scalar is its number in a text, and has its dtype where it is inspected", () => {
  const x = np.tensor(1.5) as unknown as number;
  expect([`${x}`, [1, x].join(), String(x)]).toEqual(["1.5", "1,1.5", "1.5"]);
  expect(inspect(x)).toBe("float64 1.5");
});

test("a large tensor is shown as far as it is bearable", () => {
  const text = String(np.zeros([100, 100]));
  expect(text.length).toBeLessThan(2100);
  expect(text).toMatch(/^float64\[100,100\] \[\[0,0,.*[0,]…$/u);
});
