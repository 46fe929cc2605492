import {
  checkpoint,
  checkTraces,
  closureConvert,
  grad,
  hessian,
  jacfwd,
  jit,
  jvp,
  linearize,
  noinline,
  valueAndGrad,
  vjp,
  vmap,
} from "@diffrax-ts/autodiff";
import { asTensor, mul, reshape, scalarTensor, tensorOf } from "@diffrax-ts/program";
import type { Leaf, Scalar, Tensor } from "@diffrax-ts/pytree";
import { beforeEach, describe, expect, test } from "vitest";
import { numbersOf } from "./support/Draw.ts";
import { sum } from "./support/randomFunction.ts";

beforeEach(() => checkTraces("never"));

type Unary = (x: Scalar) => Scalar;

const first = (x: Tensor): number => numbersOf(x)[0]!;

/** What each transformation, made anew, says of a function at 3. */
const transformations: Readonly<Record<string, (f: Unary) => number>> = {
  jit: (f) => jit(f)(3).item(),
  grad: (f) => grad(f)(3),
  valueAndGrad: (f) => valueAndGrad(f)(3).value,
  jvp: (f) => jvp(f, [3], [1]).tangent.item(),
  vjp: (f) => vjp(f, 3).vjp(1)[0],
  linearize: (f) => linearize(f, 3).jvp(1).item(),
  hessian: (f) => hessian(f)(3),
  jacfwd: (f) => first(jacfwd(f)(3)),
  vmap: (f) => first(vmap(f)(Float64Array.of(3))),
  noinline: (f) => jit(noinline(f))(3).item(),
  checkpoint: (f) => checkpoint(f)(3).item(),
  closureConvert: (f) =>
    closureConvert(f, 3)
      .converted(3 as never)
      .item(),
};

const number = { k: 2 };
const array = Float64Array.of(2);
const table = Float64Array.of(5, 2);
const view = tensorOf({ dtype: "float64", shape: [2], data: table });

/** Functions of a number that use something from outside, and how that is changed. */
const closures: Readonly<Record<string, { make: () => Unary; set: (k: number) => void }>> = {
  "a number": {
    make: () => (x) => mul(mul(x, x), number.k),
    set: (k) => (number.k = k),
  },
  "an array": {
    make: () => (x) => mul(mul(x, x), asTensor(array).at(0)) as Scalar,
    set: (k) => (array[0] = k),
  },
  "an array as a whole": {
    make: () => (x) => sum(mul(reshape(mul(x, x), [1]), asTensor(array))),
    set: (k) => (array[0] = k),
  },
  "a tensor": {
    make: () => (x) =>
      sum(
        mul(
          mul(x, x),
          mul(view, tensorOf({ dtype: "float64", shape: [2], data: Float64Array.of(0, 1) })),
        ),
      ),
    set: (k) => (table[1] = k),
  },
};

describe.each(Object.keys(closures))("a function that uses %s from outside", (kind) => {
  const { make, set } = closures[kind]!;

  test.each(Object.keys(transformations))(
    "has in every transformation the value of its first trace, by %s",
    (name) => {
      set(2);
      const f = make();
      const before = transformations[name]!(f);
      set(7);
      for (const [other, t] of Object.entries(transformations)) {
        // The value at the moment of tracing: a function made now has the other one.
        set(2);
        const wanted = t(make());
        set(7);
        expect({ other, value: t(f) }).toEqual({ other, value: wanted });
      }
      expect(transformations[name]!(f)).toBe(before);
      expect(transformations[name]!(make())).toBe((before / 2) * 7);
    },
  );

  test.each(Object.keys(transformations))(
    "is found by checkTraces in %s, which says what changed",
    (name) => {
      checkTraces("always");
      const t = transformations[name]!;
      set(2);
      const f = make();
      t(f);
      t(f);
      set(7);
      expect(() => t(f)).toThrow(
        /was traced before, and would be another program now: .* had .*2.* and has .*7.*\. What a function uses from outside/,
      );
    },
  );
});

test("checkTraces finds what changes in a function that is called by another", () => {
  checkTraces("always");
  let k = 2;
  const inner = jit((x: Scalar) => mul(x, k));
  const outer = jit((x: Scalar) => inner(mul(x, x)));
  outer(3);
  k = 3;
  expect(() => outer(3)).toThrow(/mul had float64 2 and has float64 3/);
});

test('checkTraces("rarely") traces again at the first, second and fourth time that a trace is found', () => {
  checkTraces("rarely");
  let traces = 0;
  const f = jit((x: Scalar) => {
    traces++;
    return x;
  });
  const after = Array.from({ length: 6 }, () => {
    f(1);
    return traces;
  });
  expect(after).toEqual([1, 2, 3, 3, 4, 4]);
});

const copies: Readonly<Record<string, (x: Float64Array) => Leaf>> = {
  "a typed array": (x) => x,
  "a tensor": (x) => tensorOf({ dtype: "float64", shape: [2], data: x }),
  "a strided array": (x) => ({
    data: x,
    shape: [2],
    stride: [1],
    offset: 0,
    size: 2,
    dtype: "float64",
  }),
};

test.each(Object.keys(copies))(
  "what vjp and linearize of %s gave is not changed with it",
  (kind) => {
    const square = (x: Tensor): Tensor => mul(x, x);
    const x = Float64Array.of(99, 2);
    const back = vjp(square, copies[kind]!(x) as never);
    const forward = linearize(square, copies[kind]!(x));
    x.set([0, 0]);
    expect(numbersOf(asTensor(back.vjp(Float64Array.of(1, 1) as never)[0] as Leaf))).toEqual([
      198, 4,
    ]);
    expect(numbersOf(forward.jvp(Float64Array.of(1, 1)))).toEqual([198, 4]);
    expect(numbersOf(back.value)).toEqual([99 ** 2, 4]);
  },
);

test.each([
  ["a scalar", 2n ** 60n + 1n],
  ["an array", BigInt64Array.of(2n ** 60n + 1n, 3n)],
] as const)("checkTraces compares %s of int64 that no number equals", (_, value) => {
  checkTraces("always");
  let k = value;
  const f = jit((x: Leaf) => sum(mul(asTensor(x), constantOf(k))));
  const constantOf = (x: typeof k): Tensor =>
    typeof x === "bigint" ? scalarTensor("int64", x) : asTensor(x);
  const x = BigInt64Array.of(1n, 2n);
  f(x);
  expect(f(x).dtype).toBe("int64");
  k = typeof k === "bigint" ? k + 1n : BigInt64Array.of(2n ** 60n + 2n, 3n);
  expect(() => f(x)).toThrow(
    /had int64.* \[?1152921504606846977.* and has int64.* \[?1152921504606846978/,
  );
});

test("checkTraces tells 0 from -0, takes NaN for NaN, and does not print what is long", () => {
  checkTraces("always");
  let k = Float64Array.of(0, NaN);
  const f = jit((x: Leaf) => sum(mul(asTensor(x), asTensor(k))));
  const x = new Float64Array(2);
  f(x);
  k = Float64Array.of(0, NaN);
  f(x);
  k = Float64Array.of(-0, NaN);
  expect(() => f(x)).toThrow("mul had float64[2] [0,NaN] and has float64[2] [-0,NaN]");

  let long = new Float64Array(100);
  const g = jit((y: Leaf) => sum(mul(asTensor(y), asTensor(long))));
  g(new Float64Array(100));
  long = new Float64Array(100).fill(1);
  expect(() => g(new Float64Array(100))).toThrow("mul has another float64[100]");
});
