import {
  add,
  astype,
  flip,
  mul,
  reshape,
  arange,
  stack,
  sum,
  tensor,
  transpose,
} from "@diffrax-ts/array";
import { grad, jit, vmap } from "@diffrax-ts/autodiff";
import { fromNdarray, toNdarray } from "@diffrax-ts/ndarray";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import ndarray, { type NdArray } from "ndarray";
import ops from "ndarray-ops";
import { describe, expect, test } from "vitest";

/** The elements of an ndarray, nested, read one by one. */
function nested(a: NdArray, ...index: number[]): unknown {
  if (index.length === a.shape.length) return a.get(...index);
  return Array.from({ length: a.shape[index.length]! }, (_, i) => nested(a, ...index, i));
}

const stores = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const;
type Name = keyof typeof stores;

/** Views of an ndarray as scijs makes them: transposed, cut, with steps forwards and backwards, begun somewhere. */
const views: fc.Arbitrary<{ name: Name; a: NdArray<Float64Array> }> = fc
  .record({
    name: fc.constantFrom<Name>("float64", "float32", "int32", "uint32"),
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    start: fc.nat({ max: 3 }),
    low: fc.array(fc.nat({ max: 1 }), { minLength: 3, maxLength: 3 }),
    step: fc.array(fc.constantFrom(1, 2, -1, -2), { minLength: 3, maxLength: 3 }),
    order: fc.infiniteStream(fc.nat()),
  })
  .map(({ name, shape, start, low, step, order }) => {
    const size = shape.reduce((x, y) => x * y);
    const data = new stores[name](Array.from({ length: start + size + 2 }, (_, i) => i));
    const axes = [...shape.keys()].map((axis) => [order.next().value, axis] as const);
    const permutation = axes.toSorted(([x], [y]) => x - y).map(([, axis]) => axis);
    const whole = ndarray(data as Float64Array, shape, undefined, start);
    const a = whole
      .lo(...low.slice(0, shape.length))
      .step(...step.slice(0, shape.length))
      .transpose(...permutation);
    return { name, a };
  });

test("fromNdarray(a) is a view, whatever the strides", () => {
  fc.assert(
    fc.property(views, ({ name, a }) => {
      const x = fromNdarray(a);
      expect(x.data).toBe(a.data);
      expect({ dtype: x.dtype, shape: x.shape, list: x.toArray() }).toEqual({
        dtype: name,
        shape: a.shape,
        list: nested(a),
      });
    }),
  );
});

test("toNdarray(fromNdarray(a)) is a, on the same memory", () => {
  fc.assert(
    fc.property(views, ({ a }) => {
      const b = toNdarray(fromNdarray(a));
      expect(b.data).toBe(a.data);
      expect(b).toMatchObject({ shape: a.shape, stride: a.stride, offset: a.offset });
      expect(nested(b)).toEqual(nested(a));
    }),
  );
});

test("an ndarray is an input by its shape: at once, in jit, and beside tensors", () => {
  const twice = jit((x: Tensor) => add(x, x));
  fc.assert(
    fc.property(views, ({ name, a }) => {
      const expected = mul(fromNdarray(a), 2).toArray();
      const compiled = twice(a);
      expect(compiled).toMatchObject({ dtype: name, shape: a.shape });
      expect(compiled.toArray()).toEqual(expected);
      expect(add(reshape(a, a.shape), fromNdarray(a)).toArray()).toEqual(expected);
      expect(sum(a).item()).toBe(sum(fromNdarray(a)).item());
      expect(stack([a, fromNdarray(a)]).shape).toEqual([2, ...a.shape]);
    }),
    { numRuns: 60 },
  );
});

test("results of jit and array functions go into scijs operations as they are", () => {
  const y = transpose(
    jit((x: Tensor) => mul(x, x))(ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3])),
  );
  const a = toNdarray(y);
  const b = ndarray(new Float64Array(6), [3, 2]);
  ops.muls(b, a, 10);
  expect(nested(b)).toEqual([
    [10, 160],
    [40, 250],
    [90, 360],
  ]);
  expect(ops.sum(a)).toBe(91);
});

test("toNdarray(x) keeps every dtype that scijs knows", () => {
  const x = tensor([
    [1, 0],
    [0, 1],
  ]);
  const names = {
    float64: "float64",
    float32: "float32",
    int32: "int32",
    uint32: "uint32",
    bool: "uint8",
  } as const;
  for (const [dtype, name] of Object.entries(names)) {
    const a = toNdarray(astype(x, dtype as keyof typeof names));
    expect(a.dtype).toBe(name);
    expect(nested(a)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  }
});

test("scalars and empty tensors go both ways", () => {
  const scalar = toNdarray(sum(arange(4)));
  expect(scalar.get()).toBe(6);
  expect(fromNdarray(scalar).item()).toBe(6);
  expect(toNdarray(arange(4).at(3)).get()).toBe(3);
  expect(toNdarray(tensor([[], []])).shape).toEqual([2, 0]);
  expect(fromNdarray(ndarray(new Float64Array(0), [0, 3]))).toMatchObject({
    shape: [0, 3],
    size: 0,
  });
});

test("toNdarray(x) is a view of a strided tensor too", () => {
  const x = fromNdarray(ndarray(Float64Array.of(0, 1, 2, 3, 4, 5), [2, 2], [3, -1], 1));
  expect(nested(toNdarray(x))).toEqual([
    [1, 0],
    [4, 3],
  ]);
  expect(flip(x, { axis: 1 }).toArray()).toEqual([
    [0, 1],
    [3, 4],
  ]);
});

test("fromNdarray(a) copies small integers as int32, and JavaScript arrays and stores as float64", () => {
  const bytes = Uint8Array.of(1, 2, 250);
  expect(fromNdarray(ndarray(bytes).step(-1))).toMatchObject({ dtype: "int32" });
  expect(fromNdarray(ndarray(bytes).step(-1)).toArray()).toEqual([250, 2, 1]);
  expect(fromNdarray(ndarray(Int16Array.of(-5))).toArray()).toEqual([-5]);
  expect(fromNdarray(ndarray([0.5, 1.5], [2]))).toMatchObject({ dtype: "float64" });
  const store = { length: 3, get: (i: number) => i * i, set: () => undefined };
  expect(fromNdarray(ndarray(store, [3]).lo(1)).toArray()).toEqual([1, 4]);
});

test("grad and vmap take ndarrays; a gradient is a tensor", () => {
  const a = ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]).transpose(1, 0);
  const gradient = grad((x: Tensor): Scalar => sum(mul(x, mul(x, x))))(a) as unknown as Tensor;
  expect(gradient.toArray()).toEqual([
    [3, 27],
    [12, 48],
  ]);
  expect(vmap((row: Tensor) => sum(row))(a).toArray()).toEqual([4, 6]);
});

describe("what cannot be converted", () => {
  test.each([
    [
      "a list",
      () => toNdarray([1, 2] as never),
      /^toNdarray: expected a tensor, got an array of 2; write tensor\(…\)/,
    ],
    [
      "int64",
      () => toNdarray(tensor([1n])),
      /^toNdarray: int64 is stored as bigint; convert it first/,
    ],
    [
      "a traced value",
      () => jit((x: Tensor) => (toNdarray(x), x))(1),
      /^toNdarray: a traced float64 has no numbers yet/,
    ],
    [
      "a typed array",
      () => fromNdarray(new Float64Array(2) as never),
      /^fromNdarray: expected an ndarray, .* got a Float64Array of 2/,
    ],
    [
      "nothing",
      () => fromNdarray(undefined as never),
      /^fromNdarray: expected an ndarray, .* got undefined/,
    ],
    [
      "BigUint64Array",
      () => fromNdarray(ndarray(BigUint64Array.of(1n))),
      /^fromNdarray: there is no dtype for a BigUint64Array/,
    ],
  ])("%s is an error that says so", (_, mistake, message) => {
    expect(mistake).toThrow(message);
  });
});

test("fromNdarray(copy) is what the copied tensor was, truth values included", () => {
  for (const x of [tensor([true, false]), tensor([1.5, 2]), tensor([1n, 2n]), tensor(true)])
    expect(fromNdarray(structuredClone(x) as never)).toStrictEqual(x);
});
