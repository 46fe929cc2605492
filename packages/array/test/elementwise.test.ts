import * as np from "@diffrax-ts/array";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import {
  elementAt,
  elementsOf,
  expectTensor,
  floats,
  fullShapes,
  numbers,
  shapes,
  tensorsOf,
} from "./support/arrays.ts";

/** Functions of one number whose results are exact, or correctly rounded, in JavaScript too. */
const exact = {
  abs: [np.abs, Math.abs],
  ceil: [np.ceil, Math.ceil],
  floor: [np.floor, Math.floor],
  isFinite: [np.isFinite, Number.isFinite],
  isNaN: [np.isNaN, Number.isNaN],
  neg: [np.neg, (x: number) => -x],
  round: [np.round, roundHalfToEven],
  sign: [np.sign, (x: number) => (x === 0 ? 0 : Math.sign(x))],
  sqrt: [np.sqrt, Math.sqrt],
  square: [np.square, (x: number) => x * x],
  stopGradient: [np.stopGradient, (x: number) => x],
  trunc: [np.trunc, Math.trunc],
} as const;

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const isHalf = x - below === 0.5;
  const nearest = isHalf ? 2 * Math.round(below / 2) : Math.round(x);
  return Number.isFinite(x) && nearest === 0 ? (x < 0 || Object.is(x, -0) ? -0 : 0) : nearest;
}

describe.each(floats)("of %s", (dtype) => {
  test.each(Object.keys(exact) as (keyof typeof exact)[])(
    "%s(x) is that of JavaScript, element by element",
    (name) => {
      const [ours, reference] = exact[name] as [(x: Tensor) => Tensor, (x: number) => number];
      const result = name.startsWith("is") ? "bool" : dtype;
      const cases = shapes().chain((shape) => tensorsOf(shape, dtype, numbers));
      fc.assert(
        fc.property(cases, (x) => {
          const y = agree((a) => ours(a), x);
          expectTensor(y, result, x.shape, (index) => reference(elementAt(x, index)));
        }),
        { numRuns: 20 },
      );
    },
  );

  test.each(Object.keys(binary) as (keyof typeof binary)[])(
    "%s(a, b) broadcasts as NumPy does",
    (name) => {
      const [ours, reference, result] = binary[name];
      fc.assert(
        fc.property(pairs(dtype), ([a, b, shape]) => {
          const y = agree((x, z) => ours(x, z), a, b);
          expectTensor(y, result ?? dtype, shape, (index) =>
            reference(broadcastAt(a, index), broadcastAt(b, index)),
          );
        }),
        { numRuns: 20 },
      );
    },
  );

  test("where(condition, a, b) broadcasts all three", () => {
    const cases = fullShapes().chain((shape) =>
      fc.tuple(
        partOf(shape).chain((part) => tensorsOf(part, "bool", fc.constantFrom(0, 1))),
        partOf(shape).chain((part) => tensorsOf(part, dtype, numbers)),
        tensorsOf(shape, dtype, numbers),
      ),
    );
    fc.assert(
      fc.property(cases, ([condition, a, b]) => {
        const y = agree((p, x, z) => np.where(p, x, z), condition, a, b);
        expectTensor(y, dtype, b.shape, (index) =>
          broadcastAt(condition, index) === 1 ? broadcastAt(a, index) : elementAt(b, index),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("clip(x, low, high) holds x between both, and lets NaN through", () => {
    const cases = fullShapes().chain((shape) => tensorsOf(shape, dtype, numbers));
    fc.assert(
      fc.property(cases, (x) => {
        const y = agree((a) => np.clip(a, -1, 1.5), x);
        expectTensor(y, dtype, x.shape, (index) => {
          const value = elementAt(x, index);
          return value < -1 ? -1 : value > 1.5 ? 1.5 : value;
        });
        expectTensor(
          agree((a) => np.clip(a, null, 2), x),
          dtype,
          x.shape,
          (index) => {
            const value = elementAt(x, index);
            return value > 2 ? 2 : value;
          },
        );
        expectTensor(np.clip(x, null, null), dtype, x.shape, (index) => elementAt(x, index));
      }),
      { numRuns: 20 },
    );
  });

  test("nextafter(a, b) is the next float: nothing lies between", () => {
    const scalar = tensorsOf(
      [],
      dtype,
      numbers.filter((x) => !Number.isNaN(x)),
    );
    const cases = fc.tuple(scalar, scalar).filter(([a, b]) => a.item() !== b.item());
    const round = dtype === "float32" ? Math.fround : (value: number) => value;
    fc.assert(
      fc.property(cases, ([a, b]) => {
        const [x, y] = [a.item(), b.item()];
        const next = agree((p, q) => np.nextafter(p, q), a, b).item();
        expect(x < y ? [x < next, next <= y] : [x > next, next >= y]).toEqual([true, true]);
        // The middle of neighbours is one of them.
        const middle = round(x / 2 + next / 2) + 0;
        expect(Math.abs(middle) === Infinity || middle === x || middle === next).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("nextafter steps over every border of floats", () => {
    const tiny = dtype === "float64" ? 5e-324 : 2 ** -149;
    const most = dtype === "float64" ? Number.MAX_VALUE : 2 ** 128 - 2 ** 104;
    const ulp = dtype === "float64" ? 2 ** -52 : 2 ** -23;
    const cases: readonly (readonly [number, number, number])[] = [
      [0, 1, tiny],
      [-0, 1, tiny],
      [0, -1, -tiny],
      [-0, -1, -tiny],
      [tiny, 0, 0],
      [-tiny, 0, -0],
      [0, -0, -0],
      [1, 2, 1 + ulp],
      [1, 0, 1 - ulp / 2],
      [-1, 0, -1 + ulp / 2],
      [most, Infinity, Infinity],
      [Infinity, 0, most],
      [-Infinity, 0, -most],
      [Infinity, Infinity, Infinity],
      [1, Infinity, 1 + ulp],
      [NaN, 1, NaN],
      [1, NaN, NaN],
    ];
    for (const [a, b, next] of cases) {
      const y = agree(
        (x, z) => np.nextafter(x, z),
        np.tensor(a, { dtype }),
        np.tensor(b, { dtype }),
      );
      expect(y.dtype).toBe(dtype);
      expect([a, b, y.item()]).toEqual([a, b, next]);
    }
  });
});

/** Functions of two numbers that JavaScript computes exactly, or correctly rounded; of these dtypes. */
const binary = {
  add: [np.add, (a: number, b: number) => a + b, undefined],
  sub: [np.sub, (a: number, b: number) => a - b, undefined],
  mul: [np.mul, (a: number, b: number) => a * b, undefined],
  div: [np.div, (a: number, b: number) => a / b, undefined],
  maximum: [np.maximum, (a: number, b: number) => Math.max(a, b), undefined],
  minimum: [np.minimum, (a: number, b: number) => Math.min(a, b), undefined],
  rem: [np.rem, (a: number, b: number) => a % b, undefined],
  less: [np.less, (a: number, b: number) => a < b, "bool"],
  lessEqual: [np.lessEqual, (a: number, b: number) => a <= b, "bool"],
  greater: [np.greater, (a: number, b: number) => a > b, "bool"],
  greaterEqual: [np.greaterEqual, (a: number, b: number) => a >= b, "bool"],
  equal: [np.equal, (a: number, b: number) => a === b, "bool"],
  notEqual: [np.notEqual, (a: number, b: number) => a !== b, "bool"],
  logicalAnd: [np.logicalAnd, (a: number, b: number) => a !== 0 && b !== 0, "bool"],
  logicalOr: [np.logicalOr, (a: number, b: number) => a !== 0 || b !== 0, "bool"],
  logicalXor: [np.logicalXor, (a: number, b: number) => (a !== 0) !== (b !== 0), "bool"],
} as const;

/** A shape that broadcasts to `shape`. */
function partOf(shape: readonly number[]): fc.Arbitrary<number[]> {
  return fc
    .tuple(fc.integer({ min: 0, max: shape.length }), fc.infiniteStream(fc.boolean()))
    .map(([skipped, flags]) => shape.slice(skipped).map((n) => (flags.next().value ? n : 1)));
}

/** Two tensors that broadcast, and the shape of both together. */
function pairs(dtype: "float64" | "float32"): fc.Arbitrary<[Tensor, Tensor, number[]]> {
  return shapes().chain((shape) =>
    fc.oneof(
      fc.tuple(
        partOf(shape).chain((part) => tensorsOf(part, dtype, numbers)),
        tensorsOf(shape, dtype, numbers),
        fc.constant(shape),
      ),
      fc.tuple(
        tensorsOf(shape, dtype, numbers),
        partOf(shape).chain((part) => tensorsOf(part, dtype, numbers)),
        fc.constant(shape),
      ),
    ),
  );
}

/** The element that stands at an index after broadcasting. */
function broadcastAt(x: Tensor, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return elementAt(
    x,
    own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );
}

/** Functions whose last bit is their own affair: JavaScript's is within 2 ulp of them. */
const transcendental = {
  acos: [np.acos, Math.acos],
  acosh: [np.acosh, Math.acosh],
  asin: [np.asin, Math.asin],
  asinh: [np.asinh, Math.asinh],
  atan: [np.atan, Math.atan],
  atanh: [np.atanh, Math.atanh],
  cbrt: [np.cbrt, Math.cbrt],
  cos: [np.cos, Math.cos],
  cosh: [np.cosh, Math.cosh],
  exp: [np.exp, Math.exp],
  expm1: [np.expm1, Math.expm1],
  log: [np.log, Math.log],
  log10: [np.log10, Math.log10],
  log1p: [np.log1p, Math.log1p],
  log2: [np.log2, Math.log2],
  logistic: [np.logistic, (x: number) => 1 / (1 + Math.exp(-x))],
  sin: [np.sin, Math.sin],
  sinh: [np.sinh, Math.sinh],
  tan: [np.tan, Math.tan],
  tanh: [np.tanh, Math.tanh],
} as const;

test.each(Object.keys(transcendental) as (keyof typeof transcendental)[])(
  "%s(x) is close to that of JavaScript",
  (name) => {
    const [ours, reference] = transcendental[name];
    fc.assert(
      fc.property(tensorsOf([3], "float64", numbers), (x) => {
        const y = elementsOf(agree((a) => ours(a), x));
        for (const [i, value] of elementsOf(x).entries()) expectNear(y[i]!, reference(value), 4);
      }),
      { numRuns: 40 },
    );
  },
);

/** Within so many units in the last place of the expected number. */
function expectNear(actual: number, expected: number, ulps: number): void {
  const ulp = Math.max(Math.abs(expected) * 2 ** -52, 2 ** -1074);
  const error = Object.is(actual, expected) ? 0 : Math.abs(actual - expected) / ulp;
  expect({ actual, expected, isNear: error <= ulps }).toEqual({ actual, expected, isNear: true });
}

test("pow, atan2, hypot and copysign are those of JavaScript", () => {
  fc.assert(
    fc.property(tensorsOf([2], "float64", numbers), (x) => {
      const [a, b] = elementsOf(x) as [number, number];
      const both = agree(
        (y) => [
          np.pow(y.at(0), y.at(1)),
          np.atan2(y.at(0), y.at(1)),
          np.hypot(y.at(0), y.at(1)),
          np.copysign(y.at(0), y.at(1)),
        ],
        x,
      ).map((y) => y.item());
      // The one difference: IEEE 754 has 1^NaN = 1 and (-1)^±∞ = 1.
      expectNear(both[0]!, a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b, 4);
      expectNear(both[1]!, Math.atan2(a, b), 4);
      expectNear(both[2]!, Math.hypot(a, b), 4);
      expect(both[3]).toBe(Math.abs(a) * (b < 0 || Object.is(b, -0) ? -1 : 1));
    }),
    { numRuns: 150 },
  );
});

test("erf(x), erfc(x) and erfInv(x) are those of the tables", () => {
  // Abramowitz & Stegun, table 7.1, and WolframAlpha for the tail.
  const [half, tail] = [0.5204998778130465, 1.5374597944280349e-12];
  expectNear(agree((x) => np.erf(x), np.tensor(0.5)).item(), half, 2);
  expectNear(agree((x) => np.erfc(x), np.tensor(0.5)).item(), 1 - half, 4);
  expectNear(agree((x) => np.erfc(x), np.tensor(5)).item(), tail, 4);
  expectNear(agree((x) => np.erfInv(x), np.tensor(half)).item(), 0.5, 4);
});

test("log2(x) and log10(x) are exact for powers of 2 and of 10", () => {
  const twos = Array.from({ length: 40 }, (_, i) => i - 20);
  expect(agree((x) => np.log2(x), np.tensor(twos.map((k) => 2 ** k))).toArray()).toEqual(twos);
  const tens = Array.from({ length: 22 }, (_, i) => i);
  expect(agree((x) => np.log10(x), np.tensor(tens.map((k) => Number(`1e${k}`)))).toArray()).toEqual(
    tens,
  );
});

test("astype(x, dtype) cuts fractions off, and holds what is too large", () => {
  const x = np.tensor([1.9, -1.9, NaN, 1e10, -1e10, 0]);
  expect(agree((y) => np.astype(y, "int32"), x).toArray()).toEqual([
    1,
    -1,
    0,
    2 ** 31 - 1,
    -(2 ** 31),
    0,
  ]);
  expect(agree((y) => np.astype(y, "uint32"), x).toArray()).toEqual([1, 0, 0, 2 ** 32 - 1, 0, 0]);
  expect(agree((y) => np.astype(y, "bool"), x).toArray()).toEqual([1, 1, 1, 1, 1, 0]);
  expect(agree((y) => np.astype(y, "float32"), x).toArray()).toEqual(
    [1.9, -1.9, NaN, 1e10, -1e10, 0].map(Math.fround),
  );
  expect(agree((y) => np.astype(y, "int64"), x).toArray()).toEqual([1, -1, 0, 1e10, -1e10, 0]);
});

test("a number as another dtype is what a tensor of it would be, and integers have no -0", () => {
  const converted = (x: number, dtype: DType) => [
    np.astype(x, dtype).item(),
    np.astype(np.tensor(x), dtype).item(),
  ];
  expect(converted(2, "bool")).toEqual([1, 1]);
  expect(converted(256, "bool")).toEqual([1, 1]);
  expect(converted(3e9, "int32")).toEqual([2 ** 31 - 1, 2 ** 31 - 1]);
  expect(np.astype(2 ** 63, "int64").data).toEqual(BigInt64Array.of(2n ** 63n - 1n));
  expect(converted(2 ** 62, "int64")).toEqual([2 ** 62, 2 ** 62]);
  expect(converted(-0, "int32")).toEqual([0, 0]);
  expect(np.tensor(-0, { dtype: "int32" }).item()).toBe(0);
});

test("copysign(x, y) takes the sign of a NaN for positive, wherever it is computed", () => {
  const difference = (x: Tensor): Tensor => np.copysign(-1, np.sub(x, x));
  expect(agree(difference, np.tensor(Infinity)).item()).toBe(1);
  expect(agree(difference, np.full([20], -Infinity)).toArray()).toEqual(Array(20).fill(1));
});

test("a number takes the dtype of the tensor it meets", () => {
  expect(np.add(np.ones(2, { dtype: "float32" }), 0.1).toArray()).toEqual(
    [1, 1].map((x) => Math.fround(x + Math.fround(0.1))),
  );
  expect(np.mul(np.tensor([1, 2], { dtype: "int32" }), 3)).toMatchObject({ dtype: "int32" });
  expect(np.maximum(2, np.tensor(1n)).item()).toBe(2);
});

test("logicalNot(x) takes numbers and truth values", () => {
  expect(agree((x) => np.logicalNot(x), np.tensor([0, 2, NaN])).toArray()).toEqual([1, 0, 0]);
  expect(np.logicalNot(np.tensor([true, false])).toArray()).toEqual([0, 1]);
});

test("integerPow(x, n) multiplies, and bitcast(x, dtype) reads the bits", () => {
  expect(agree((x) => np.integerPow(x, 3), np.tensor([2, -3])).toArray()).toEqual([8, -27]);
  expect(agree((x) => np.integerPow(x, -2), np.tensor(4)).item()).toBe(1 / 16);
  expect(agree((x) => np.bitcast(x, "int32"), np.tensor(1, { dtype: "float32" })).item()).toBe(
    0x3f800000,
  );
});
