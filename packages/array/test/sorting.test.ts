// test/reference/figures/sorting.json was computed with JAX 0.10.2 on a CPU, with jax_enable_x64, and operation by operation (disable_jit).
import { readFileSync } from "node:fs";
import { grad, jit, vmap } from "@diffrax-ts/autodiff";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as np from "../src/index.ts";
import { agree } from "./support/agree.ts";

type Json = number | string | readonly Json[];

interface Case {
  readonly function: string;
  readonly dtype?: DType;
  readonly x: Json;
  readonly q?: Json;
  readonly options: object;
  readonly expected: Json;
}

const url = new URL("reference/figures/sorting.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(url, "utf8")) as { readonly cases: readonly Case[] };

/** NaN, infinities and -0 are texts. */
function numbers(x: Json): Json {
  return typeof x === "object" ? x.map(numbers) : Number(x);
}

function read(x: Json, dtype: DType = "float64"): Tensor {
  return np.tensor(numbers(x) as number[], { dtype });
}

/** Sums what comes out times 1, 2, 3, …: a gradient that tells elements apart. */
function weighed(x: Tensor): Tensor<readonly []> {
  return np.sum(np.mul(np.ravel(x), np.arange(1, x.size + 1)));
}

const functions: Record<string, (x: Tensor, one: Case) => Tensor> = {
  sort: (x, { options }) => np.sort(x, options),
  argsort: (x, { options }) => np.argsort(x, options),
  median: (x, { options }) => np.median(x, options),
  quantile: (x, { options, q }) =>
    np.quantile(
      x,
      np.tensor(q as number[], { dtype: x.dtype === "float32" ? "float32" : "float64" }),
      options,
    ),
  diag: (x, { options }) => np.diag(x, options),
  trace: (x, { options }) => np.trace(x, options),
};

describe.each(Object.keys(functions))("%s", (name) => {
  const f = functions[name]!;
  test.each(cases.filter((one) => one.function === name))(
    "of $dtype with $options has the numbers of JAX",
    (one) => {
      const result = agree((x) => f(x, one), read(one.x, one.dtype));
      expect(result.toArray()).toEqual(numbers(one.expected));
    },
  );

  test.each(cases.filter((one) => one.function === `grad ${name}`))(
    "has the gradient that JAX has, with $options",
    (one) => {
      const slope = grad((x: Tensor) => weighed(f(x, one)))(read(one.x));
      const expected = (numbers(one.expected) as readonly number[]).flat(3);
      // Sums of products are in another order there.
      const errors = (slope.toArray() as readonly number[])
        .flat(3)
        .filter((y, i) => !(Object.is(y, expected[i]) || Math.abs(y - expected[i]!) < 1e-14 * 20));
      expect(errors).toEqual([]);
    },
  );
});

test.each(cases.filter((one) => one.function === "meshgrid"))(
  "meshgrid with $options has the numbers of JAX",
  ({ x, options, expected }) => {
    const vectors = (x as readonly Json[]).map((one) => read(one));
    const results = agree((...xs) => np.meshgrid(xs, options), ...vectors);
    expect(results.map((one) => one.toArray())).toEqual(expected);
  },
);

describe("sort", () => {
  test("puts the largest and the least int64 at the ends", () => {
    const x = np.tensor([0n, 2n ** 63n - 1n, -1n, -(2n ** 63n), 1n]);
    expect(agree((y) => np.argsort(y), x).toArray()).toEqual([3, 2, 0, 4, 1]);
  });

  test("takes NaN of either sign for the same", () => {
    const bits = BigInt64Array.of(-1n, 0x7ff8000000000001n, 0x3ff0000000000000n);
    const x = np.tensor(new Float64Array(bits.buffer));
    expect(agree((y) => np.argsort(y), x).toArray()).toEqual([2, 0, 1]);
  });

  test("of many rows sorts each of them", () => {
    const numbersOf = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(numbersOf, fc.integer(), ([rows, n], seed) => {
        const x = Array.from({ length: rows }, (_, i) =>
          Array.from({ length: n }, (_, j) => Math.imul(seed + i * n + j, 0x9e3779b1) % 7),
        );
        const sorted = agree((y) => np.sort(y), np.tensor(x));
        expect(sorted.toArray()).toEqual(x.map((row) => row.toSorted((a, b) => a - b || 0)));
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  test("in a batch is that of each element", () => {
    const x = np.tensor([
      [3, 1, 2],
      [1, NaN, -1],
    ]);
    const each = (f: (y: Tensor) => Tensor) => {
      const batched = vmap(f)(x);
      expect(jit(vmap(f))(x).toArray()).toEqual(batched.toArray());
      return batched.toArray();
    };
    expect(each((y) => np.sort(y))).toEqual([
      [1, 2, 3],
      [-1, 1, NaN],
    ]);
    expect(each((y) => np.argsort(y, { descending: true }))).toEqual([
      [0, 2, 1],
      [1, 0, 2],
    ]);
    expect(each((y) => np.median(y))).toEqual([2, NaN]);
  });

  test("takes numbers and refuses what it cannot do", () => {
    expect(() => np.sort(1)).toThrow("sort: axis -1 is not one of shape []");
    expect(np.sort(1, { axis: null }).toArray()).toEqual([1]);
    expect(() => np.sort([1, 2] as never)).toThrow("sort: expected a tensor or a number");
    expect(() => np.quantile([1] as never, 0.5)).toThrow("quantile: expected a tensor");
    expect(() => np.quantile(np.ones([2]), 1.5)).toThrow(
      "quantile: q must be between 0 and 1, got 1.5",
    );
    expect(() => np.quantile(np.ones([2]), np.ones([2, 2]))).toThrow(
      "quantile: q must be a number or a vector",
    );
    expect(() => np.median(np.zeros([0]))).toThrow("median: shape [0] has no elements along [0]");
    expect(() => np.quantile(np.ones([2]), 0.5, { method: "best" as never })).toThrow(
      "quantile: method must be one of linear",
    );
    expect(() => np.diag(3)).toThrow("diag: expected a vector or a matrix, got shape []");
    expect(() => np.trace(np.ones([2]))).toThrow("trace: axis 1 is not one of shape [2]");
    expect(() => np.meshgrid([np.ones([2]), 1])).toThrow(
      "meshgrid: vectors[1] must be a vector, got shape []",
    );
  });
});
