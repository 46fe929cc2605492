import { clearCaches, compileEagerly, jit } from "@diffrax-ts/autodiff";
import { runEagerlyBy } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as np from "../src/index.ts";

beforeEach(compileEagerly);
afterEach(() => {
  runEagerlyBy(null);
  vi.unstubAllGlobals();
});

/** Numbers of all kinds, the same each time: small and large, both signs, and in floats zeros, infinities and NaN. */
function numbers(n: number, dtype: DType, seed: number): Tensor {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const special = [0, -0, Infinity, -Infinity, NaN, 1e-310, 1e308];
  const one = (): number => {
    if (dtype === "bool") return next() < 0.5 ? 0 : 1;
    if (dtype === "int32" || dtype === "int64") return Math.floor((next() - 0.5) * 2 ** 20);
    if (dtype === "uint32") return Math.floor(next() * 2 ** 32);
    const x =
      next() < 0.02 ? special[Math.floor(next() * 7)]! : (next() - 0.5) * 10 ** (8 * next() - 4);
    return dtype === "float32" ? Math.fround(x) : x;
  };
  return np.tensor(Array.from({ length: n }, one), { dtype });
}

/** What tells two arrays of one type apart, but for the bits of NaN, which the engine may choose. */
function bitsOf(x: Tensor): unknown {
  const { data } = np.tensor(x);
  return [
    x.dtype,
    x.shape,
    Array.from(data as ArrayLike<number>, (y) => (Object.is(y, -0) ? "-0" : y)),
  ];
}

/** Counts the modules that are compiled from now on. */
function countModules(): { count: number } {
  const compiled = { count: 0 };
  const { Module } = WebAssembly;
  vi.stubGlobal("WebAssembly", {
    ...Object.fromEntries(
      Object.getOwnPropertyNames(WebAssembly).map((name) => [name, WebAssembly[name as "Module"]]),
    ),
    Module: new Proxy(Module, {
      construct: (target, args: [BufferSource]) => {
        compiled.count++;
        return new target(...args);
      },
    }),
  });
  return compiled;
}

type Operation = (x: Tensor, y: Tensor) => Tensor;
const square = (x: Tensor): Tensor => np.reshape(x, [Math.floor(Math.sqrt(x.size)), -1]);

const onAll: Record<string, Operation> = {
  less: (x, y) => np.less(x, y),
  where: (x, y) => np.where(np.less(x, y), x, y),
  maximum: (x, y) => np.maximum(x, y),
  "astype float32": (x) => np.astype(x, "float32"),
  "astype int32": (x) => np.astype(x, "int32"),
  max: (x) => np.max(x),
  argmin: (x) => np.argmin(square(x), { axis: 0 }),
  transpose: (x) => np.transpose(square(x)),
  flip: (x) => np.flip(x),
  concatenate: (x, y) => np.concatenate([x, y, x]),
  slice: (x) => np.slice(x, [1, -1]),
  take: (x) => np.take(x, np.arange(x.size, { dtype: "int32" })),
  broadcast: (x) => np.broadcastTo(x, [3, x.size]),
  pad: (x) => np.pad(x, [[2, 5]]),
  roll: (x) => np.roll(x, 5),
};
const onNumbers: Record<string, Operation> = {
  add: (x, y) => np.add(x, y),
  "mul by a scalar": (x) => np.mul(3, x),
  "a method": (x, y) => x.mul(y).sub(1),
  neg: (x) => x.neg(),
  sum: (x) => np.sum(square(x), { axis: 1 }),
  prod: (x) => np.prod(square(x), { axis: 0 }),
  matmul: (x, y) => np.matmul(square(x), np.transpose(square(y))),
  dot: (x, y) => np.dot(x, y),
  outer: (x, y) => np.outer(np.slice(x, [0, 70]), np.slice(y, [0, 40])),
};
const onFloats: Record<string, Operation> = {
  div: (x, y) => np.div(x, y),
  sqrt: (x) => np.sqrt(x),
  round: (x) => np.round(x),
  exp: (x) => np.exp(x),
  sin: (x) => np.sin(x),
  pow: (x, y) => np.pow(np.abs(x), y),
  std: (x) => np.std(x),
};

describe.each<[DType, Record<string, Operation>]>([
  ["float64", { ...onAll, ...onNumbers, ...onFloats }],
  ["float32", { ...onAll, ...onNumbers, ...onFloats }],
  ["int32", { ...onAll, ...onNumbers }],
  ["uint32", { ...onAll, ...onNumbers }],
  ["int64", { ...onAll, ...onNumbers }],
  ["bool", onAll],
])("of %s", (dtype, operations) => {
  test.each(Object.entries(operations))(
    "%s has the same bits with and without compiled code",
    (_, f) => {
      const [x, y] = [numbers(2500, dtype, 1), numbers(2500, dtype, 2)];
      runEagerlyBy(null);
      const expected = bitsOf(f(x, y));
      compileEagerly();
      for (let i = 0; i < 3; i++) {
        expect(bitsOf(f(x, y))).toEqual(expected);
        for (let j = 0; j < 60; j++) f(x, y);
      }
    },
  );
});

describe("an operation outside of jit", () => {
  test("compiles code once for the same shapes, and none for few elements", () => {
    clearCaches();
    const compiled = countModules();
    const [few, many] = [np.ones([20]), np.ones([40, 1000])];
    for (let i = 0; i < 300; i++) np.sum(few, { axis: 0 });
    expect(compiled.count).toBe(0);
    for (let i = 0; i < 300; i++) np.sum(many, { axis: 1 });
    expect(compiled.count).toBe(1);
  });

  test("that goes element by element compiles a few blocks for 10 000 lengths", () => {
    clearCaches();
    const compiled = countModules();
    for (let n = 1; n <= 10_000; n++) np.exp(np.full([n], 0.5));
    // Blocks of 256, 512, … 16 384
    expect(compiled.count).toBeLessThanOrEqual(7);
  });

  test("that does little compiles nothing for 10 000 lengths", () => {
    clearCaches();
    const compiled = countModules();
    for (let n = 1; n <= 10_000; n++) np.sum(np.full([n], 0.5));
    expect(compiled.count).toBe(0);
  });

  test("is run by the evaluator where there is no WebAssembly", () => {
    clearCaches();
    vi.stubGlobal("WebAssembly", undefined);
    expect(
      np
        .sqrt(np.full([500_000], 4))
        .at(-1)
        .item(),
    ).toBe(2);
    expect(
      np
        .matmul(np.ones([100, 100]), np.ones([100, 100]))
        .at(5, 5)
        .item(),
    ).toBe(100);
  });

  test("has errors of its own", () => {
    const x = np.ones([500, 500]);
    expect(() => np.matmul(x, np.ones([400, 400]))).toThrow(/matmul: /);
    expect(() => np.add(x, np.ones([500, 500], { dtype: "float32" }))).toThrow(
      "float64 met float32",
    );
  });

  test("gives arrays of their own, which nothing else writes to", () => {
    const x = np.arange(50_000, { dtype: "float64" });
    const results = Array.from({ length: 20 }, (_, i) => np.add(x, i));
    for (const [i, result] of results.entries())
      expect([result.at(0).item(), result.at(-1).item()]).toEqual([i, 49_999 + i]);
    const buffers = new Set([x, ...results].map(({ data }) => data.buffer));
    expect(buffers.size).toBe(21);
    expect(results[0]!.data.byteLength).toBe(results[0]!.data.buffer.byteLength);
  });

  test("on an array of other strides, or on a view, has the bits that it has on a copy", () => {
    const x = numbers(40_000, "float64", 3);
    const turned = np.transpose(np.reshape(x, [200, 200]));
    const view = np.tensor(new Float64Array((x.data as Float64Array).buffer, 8, 39_999));
    for (let i = 0; i < 100; i++) np.exp(turned);
    const exact = jit((y: Tensor) => np.exp(y));
    expect(bitsOf(np.exp(turned))).toEqual(bitsOf(exact(turned)));
    expect(bitsOf(np.exp(view))).toEqual(bitsOf(exact(view)));
  });
});
