// `jit(f, { fma: true })`: which code it holds for, and how far results move.
import {
  diffeqsolve,
  grad,
  hasFma,
  jit,
  jvp,
  np,
  ODETerm,
  scan,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const numbers = (n: number, seed = 1): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(seed + i * i));
const matrix = (rows: number, columns: number, seed?: number): Tensor =>
  np.reshape(numbers(rows * columns, seed), [rows, columns]);

const data = ({ data }: { readonly data: ArrayLike<number | bigint> }): number[] =>
  Array.from(data, Number);

const largest = (all: readonly number[]): number => all.reduce((x, y) => Math.max(x, y), 0);

/** Whether two results have the same bits. */
const isSame = (a: Tensor, b: Tensor): boolean => data(a).every((x, i) => Object.is(x, data(b)[i]));

const a = matrix(24, 24);
const f = (x: Tensor) => np.tanh(np.add(np.matmul(x, x), x));
const loss = (x: Tensor) => np.sum(f(x));

describe.each<[DType, number]>([
  ["float64", 2 ** -53],
  ["float32", 2 ** -24],
])("products of matrices in %s", (dtype, unit) => {
  test("are off by no more than their roundings, with and without", () => {
    const sizes = fc.integer({ min: 1, max: 30 });
    const product = (x: Tensor, y: Tensor): Tensor => np.matmul(x, y);
    const once = jit(product, { fma: true });
    const twice = jit(product);
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.nat(100), (n, k, m, seed) => {
        const [x, y] = [matrix(n, k, seed), matrix(k, m, seed + 1)].map((z) => np.astype(z, dtype));
        const exact = np.matmul(np.abs(np.astype(x!, "float64")), np.abs(np.astype(y!, "float64")));
        const difference = data(once(x!, y!)).map((z, i) => Math.abs(z - data(twice(x!, y!))[i]!));
        // Each of the two has an error of at most k u / (1 - k u) of the sum of the sizes.
        const bound = (2 * k * unit) / (1 - k * unit);
        const over = data(exact).map((size, i) => difference[i]! - bound * size);
        expect(over.some((excess) => excess > 0)).toBe(false);
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

// oxfmt-ignore
const functions = [
  "acosh", "asin", "asinh", "acos", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "erfInv", "erfc", "exp", "expm1", "log", "log10", "log1p", "log2",
  "logistic", "sin", "sinh", "tan", "tanh",
] as const;

const functionOf = { ...np };

describe.each(functions)("%s", (name) => {
  const all = numbers(2000).map((x, i) => x * 2 ** (i % 25) * 2 ** -(i % 31));
  const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 5e-324, 1.7976931348623157e308];
  const [plain, once] = [jit(functionOf[name]), jit(functionOf[name], { fma: true })];

  test("stays within its bounds in float64: two results within 1.9 units of one number differ by at most 3", () => {
    const x = Float64Array.from([...all, ...special]);
    const [p, q] = [data(plain(x)), data(once(x))];
    expect(largest(p.map((value, i) => distance64(value, q[i]!)))).toBeLessThanOrEqual(3);
  });

  test("and in float32: two within 0.61 units differ by at most 1", () => {
    const x = np.tensor(Float32Array.from([...all, ...special]));
    const [p, q] = [data(plain(x)), data(once(x))];
    expect(largest(p.map((value, i) => distance32(value, q[i]!)))).toBeLessThanOrEqual(1);
  });

  test("gives the same at zeros, infinities and NaN", () => {
    const ends = [0, -0, Infinity, -Infinity, NaN];
    const x = Float64Array.from({ length: 40 }, (_, i) => ends[i % 5]!);
    expect(isSame(once(x), plain(x))).toBe(true);
  });
});

/** How many floats lie between two. */
function distance64(x: number, y: number): number {
  const [p, q] = new BigInt64Array(Float64Array.of(x, y).buffer);
  if (Number.isNaN(x) && Number.isNaN(y)) return 0;
  return Number(p! > q! ? p! - q! : q! - p!);
}
function distance32(x: number, y: number): number {
  const [p, q] = new Int32Array(Float32Array.of(x, y).buffer);
  return Number.isNaN(x) && Number.isNaN(y) ? 0 : Math.abs(p! - q!);
}

/** Whether this machine fuses what it is allowed to. */
const fuses = data(
  jit((x: Tensor) => np.sub(1, np.mul(x, x)), { fma: true })(
    new Float64Array(20).fill(1 + 2 ** -30),
  ),
).some((rest) => rest !== -(2 ** -29));

describe("who asks", () => {
  const plain = jit(f)(a);
  const wanted = jit(f, { fma: true })(a);
  const plainGradient = jit(grad(loss))(a);
  const gradient = jit(grad(loss), { fma: true })(a);

  test.runIf(fuses)("gets other bits, and nobody else does", () => {
    expect(isSame(wanted, plain)).toBe(false);
    expect(isSame(gradient, plainGradient)).toBe(false);
    expect(isSame(jit(f)(a), plain)).toBe(true);
    expect(isSame(grad(loss)(a), plainGradient)).toBe(true);
  });

  test("asks for all that it becomes part of, derivatives and batches too", () => {
    const [once, scalar] = [jit(f, { fma: true }), jit(loss, { fma: true })];
    expect(isSame(jit((x: Tensor) => once(x))(a), wanted)).toBe(true);
    expect(isSame(jit(once)(a), wanted)).toBe(true);
    expect(isSame(grad(scalar)(a), gradient)).toBe(true);
    expect(isSame(jit(grad((x: Tensor) => scalar(x)))(a), gradient)).toBe(true);
    const directions = [once, f].map((g, i) =>
      jit((x: Tensor) => jvp(g, [x], [x]).tangent, i === 0 ? {} : { fma: true })(a),
    );
    expect(isSame(directions[0]!, directions[1]!)).toBe(true);
    const batches = [vmap(once), jit(vmap(f), { fma: true })].map((g) => g(np.stack([a, a])));
    expect(isSame(batches[0]!, batches[1]!)).toBe(true);
    const turns = [once, f].map((g, i) =>
      jit(
        (x: Tensor) =>
          scan((y: Tensor) => ({ carry: g(y), row: null }), x, null, { length: 3 }).carry,
        i === 0 ? {} : { fma: true },
      )(a),
    );
    expect(isSame(turns[0]!, turns[1]!)).toBe(true);
  });

  test("asks for a whole solve, by its vector field or round it", () => {
    const field = (_: unknown, y: Tensor): Tensor => np.neg(f(y));
    const solve = (vf: typeof field, y0: Tensor): Tensor =>
      diffeqsolve(ODETerm(traced(vf)), Tsit5(), { t0: 0, t1: 1, dt0: 0.25, y0 }).ys;
    const byField = solve(jit(field, { fma: true }), a);
    expect(isSame(byField, jit((y0: Tensor) => solve(field, y0), { fma: true })(a))).toBe(true);
    expect(isSame(byField, solve(field, a))).toBe(!fuses);
  });

  test("is refused together with who asks for the same bits on every machine", () => {
    const refused = "{ fma: false } has the same bits on every machine";
    const asks = jit(loss, { fma: true });
    expect(() => jit((x: Tensor) => asks(x), { fma: false })(a)).toThrow(refused);
    expect(() => jit(grad(asks), { fma: false })(a)).toThrow(refused);
    const strict = jit(loss, { fma: false });
    expect(() => jit((x: Tensor) => strict(x), { fma: true })(a)).toThrow(refused);
    expect(() => jit((x: Tensor) => np.add(strict(x), asks(x)))(a)).toThrow(refused);
    expect(jit((x: Tensor) => strict(x))(a).item()).toBe(jit(loss)(a).item());
  });

  test("an engine that has no such instructions fuses nothing", () => {
    expect(hasFma() || !fuses).toBe(true);
  });

  test("has constants of other traced functions computed as these ask for", () => {
    const asks = jit(loss, { fma: true });
    const outer = jit((x: Tensor) => np.add(np.sum(x), asks(a)), { fma: false });
    expect(outer(np.zeros([3])).item()).toBe(jit(loss)(a).item());
  });

  test("asks with true or false", () => {
    expect(() => jit(loss, { fma: 1 as never })).toThrow("jit: fma must be true or false, got 1");
    expect(jit(loss, {})).toBe(jit(loss));
    expect(jit(loss, { fma: true })).toBe(jit(loss, { fma: true }));
  });
});
