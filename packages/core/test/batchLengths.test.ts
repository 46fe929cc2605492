// Batches of many lengths: what loops over the elements of a batch is compiled for the first length, and once for all others.
import { checkTraces } from "@diffrax-ts/autodiff";
import { diffeqsolve, grad, np, PIDController, Tsit5, vmap } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test, vi } from "vitest";

const solve = (y0: Scalar, k: Scalar): Tensor =>
  diffeqsolve(((_t: number, y: number, rate: number) => -rate * y) as never, Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.1,
    y0,
    args: k,
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }),
  } as never).ys as Tensor;
const end = (y0: Scalar, k: Scalar): Scalar => solve(y0, k).at(0) as Scalar;

/** The bits of some numbers, as a text. */
const bits = (x: Tensor): string =>
  new BigUint64Array(Float64Array.from(x as unknown as Iterable<number>).buffer).join();

const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 1 + i / 7);

test.each<[string, (y0: Scalar, k: Scalar) => Tensor]>([
  ["solves", end],
  ["gradients of solves", (y0, k) => grad(end)(y0, k)],
])("%s have the same bits in a batch of any length", (_, f) => {
  const one = vmap(f, { inAxes: [0, null] });
  for (const n of [3, 1, 2, 40, 1500, 0, 3]) {
    const alone = vmap((y0: Scalar, k: Scalar) => f(y0, k), { inAxes: [0, null] });
    const both = [one, alone].map((g) => g(numbers(n), 0.7));
    expect(both[0]!.shape).toEqual([n]);
    expect(bits(both[0]!)).toBe(bits(both[1]!));
  }
});

test("50 lengths in turn compile for the first and for the others", () => {
  const checks = checkTraces("never"); // traces are compared there, and compiled again
  const { Module } = WebAssembly;
  const made = vi.spyOn(WebAssembly, "Module").mockImplementation(function (
    bytes: Uint8Array<ArrayBuffer>,
  ) {
    return new Module(bytes);
  } as never);
  const all = vmap((y0: Scalar) => end(y0, np.tensor(0.25)));
  for (let n = 1; n <= 50; n++)
    expect(all(numbers(n)).at(0).item()).toBeCloseTo(Math.exp(-0.25), 3);
  expect(made.mock.calls.length).toBe(2);
  made.mockRestore();
  checkTraces(checks);
});

test("trees, several arguments, other dtypes and errors are as for one length", () => {
  const counted = vmap(({ y, n }: { y: Tensor; n: Tensor }) => {
    const { ys, stats } = diffeqsolve(
      ((_t: number, x: readonly number[]) => x.map((v) => -v)) as never,
      Tsit5(),
      {
        t0: 0,
        t1: 1,
        dt0: 0.25,
        y0: y,
      } as never,
    ) as never as { ys: Tensor; stats: { numSteps: Tensor } };
    return { sum: np.sum(ys), steps: stats.numSteps, twice: np.mul(n, 2), same: np.greater(n, 1) };
  });
  for (const n of [2, 5, 3]) {
    const y = np.tensor(
      Array.from({ length: n }, (_, i) => [i, 1]),
      { dtype: "float32" },
    );
    const given = { y, n: Int32Array.from({ length: n }, (_, i) => i) };
    const { sum, steps, twice, same } = counted(given) as unknown as Record<string, Tensor>;
    expect([sum!.dtype, steps!.dtype, twice!.dtype, same!.dtype]).toEqual([
      "float32",
      "int32",
      "int32",
      "bool",
    ]);
    expect(steps!.toArray()).toEqual(Array.from({ length: n }, () => 4));
    expect(twice!.toArray()).toEqual(Array.from({ length: n }, (_, i) => 2 * i));
    expect(same!.toArray()).toEqual(Array.from({ length: n }, (_, i) => Number(i > 1)));
    expect(sum!.at(n - 1).item()).toBeCloseTo(n * Math.exp(-1), 3);
  }
  const limited = vmap(
    (y0: Scalar) =>
      diffeqsolve(((_t: number, y: number) => -y) as never, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.1,
        y0,
        maxSteps: 2,
      } as never).ys as Tensor,
  );
  for (const n of [1, 2, 3]) expect(() => limited(numbers(n))).toThrow(/max/i);
});
