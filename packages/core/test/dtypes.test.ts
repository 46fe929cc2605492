// Which numbers a solve computes with: those of y0, which are float64 unless they are float32.
import {
  BacksolveAdjoint,
  diffeqsolve,
  jit,
  np,
  ODETerm,
  PIDController,
  plain,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const options = { t0: 0, t1: 1, dt0: 0.1 };
const adjoints = [
  ["the default adjoint", {}],
  ["BacksolveAdjoint()", { adjoint: BacksolveAdjoint() }],
] as const;

const float32 = Float32Array.of(1, 2);
const float64 = Float64Array.of(0.5, 0.25);
const int32 = Int32Array.of(3, -2);

test.each<[string, (t: number, y: readonly number[], args: never) => unknown, unknown, unknown]>([
  ["constants, on a condition", (t, y) => y.map((v) => (v > -5 && t < 2 ? -1 : 1)), float32, null],
  ["constants of the time", (t) => [t < 0.5 ? 0 : 1, 2], float32, null],
  ["float64 args", (_t, y, k: readonly number[]) => y.map((v, i) => v * k[i]!), float32, float64],
  ["float32 args", (_t, y, k: readonly number[]) => y.map((v, i) => v * k[i]!), float64, float32],
  ["all of them", (t, y, k: readonly number[]) => [k[0]!, y[1]! + t], float32, float64],
  ["an integer of args", (_t, _y, n: readonly number[]) => [n[0]!, n[1]!], float64, int32],
  ["integers of args and a float", (_t, y, n: readonly number[]) => [n[0]!, y[1]!], float32, int32],
  ["Math.fround", (_t, y) => y.map(Math.fround), float32, null],
])("what a plain function makes of %s takes the dtype of the state", (_, f, y0, args) => {
  const { ys } = solveParts(f, Tsit5(), { ...options, y0, args });
  const strict = solveParts(plain(f), Tsit5(), { ...options, y0, args });
  expect(strict.ys.toArray()).toEqual(ys.toArray());
  expect(strict.ys.dtype).toBe(ys.dtype);
  const double = solveParts(f, Tsit5(), {
    ...options,
    y0: Float64Array.from(y0 as Float64Array),
    args,
  });
  expect(ys.dtype).toBe(y0 === float32 ? "float32" : "float64");
  expect(np.max(np.abs(np.sub(np.astype(ys, "float64"), double.ys))).item()).toBeLessThan(2e-6);
});

test("what saveat.fn makes of constants takes the dtype of the state, read or called back", () => {
  const outer = 1;
  vi.spyOn(console, "warn").mockReturnValue();
  const read = (t: number, y: readonly number[]): unknown => {
    return { a: y[0]! > 0 ? 1 : 2, b: t, c: 3, d: true };
  };
  const called = (t: number): unknown => ({ a: outer, b: t * outer, c: 3, d: true });
  for (const fn of [read, plain(read), called]) {
    const saveat = { t1: true, fn };
    const { ys } = solveParts((_t: number, y: readonly number[]) => y.map((v) => -v), Tsit5(), {
      ...options,
      y0: float32,
      saveat,
    });
    const { a, b, c, d } = ys as unknown as Record<string, Tensor>;
    expect([a, b, c, d].map((x) => [x!.dtype, x!.toArray()])).toEqual([
      ["float32", [1]],
      ["float32", [1]],
      ["float32", [3]],
      ["bool", [1]],
    ]);
  }
});

test("a field that is called back may solve with itself", () => {
  vi.spyOn(console, "warn").mockReturnValue();
  let depth = 0;
  const field = (_t: number, y: Float64Array): number[] => {
    if (depth > 0) return [...y];
    depth++;
    const inner = solveParts(field, Tsit5(), { ...options, y0: Float64Array.of(100, 200) });
    depth--;
    return [y[0]! + inner.ys.at(0, 0).item() - 100 * Math.E, -y[1]!];
  };
  const { ys } = solveParts(field, Tsit5(), { ...options, y0: Float64Array.of(1, 2) });
  expect(ys.at(0, 0).item()).toBeCloseTo(Math.E, 3);
  expect(ys.at(0, 1).item()).toBeCloseTo(2 / Math.E, 5);
});

describe.each(adjoints)("with %s", (_, adjoint) => {
  test.each([
    ["a plain function", (_t: number, y: readonly number[]) => y.map((v) => -v)],
    ["a traced one", traced((_t: Scalar, y: Tensor) => np.neg(y))],
  ])("an int32 y0 becomes float64: %s", (_name, field) => {
    const { ys } = solveParts(field, Tsit5(), { ...options, y0: Int32Array.of(1, 3), ...adjoint });
    const same = solveParts(field, Tsit5(), { ...options, y0: Float64Array.of(1, 3), ...adjoint });
    expect(ys.dtype).toBe("float64");
    expect(ys.toArray()).toEqual(same.ys.toArray());
  });

  test.each([
    ["in an object", { k: 2 }, (p: { k: Scalar }) => p.k],
    ["in a list", [2], ([k]: readonly Scalar[]) => k!],
    ["alone", 2, (k: Scalar) => k],
  ])("a number in ODETerm's params takes the float32 of the state: %s", (_name, params, read) => {
    const seen = new Set<string>();
    const field = traced((_t: Scalar, y: Tensor, _args: unknown, p: never): Tensor => {
      const k = (read as (p: never) => Scalar)(p);
      seen.add(k.dtype);
      return np.mul(k, y);
    });
    const ends = [Float32Array.of(1), Float64Array.of(1)].map(
      (y0) =>
        solveParts(ODETerm(field as never, params as never), Tsit5(), {
          ...options,
          y0,
          ...adjoint,
        }).ys,
    );
    expect(ends.map((ys) => ys.dtype)).toEqual(["float32", "float64"]);
    expect([...seen].sort()).toEqual(["float32", "float64"]);
    // 70 stages rounded to 2⁻²⁴, and the error of steps of 0.1 with y' = 2 y: below (2 · 0.1)⁶ / 6! each, ten of them.
    const single = 70 * 2 ** -24 + 10 * (0.2 ** 6 / 720);
    for (const ys of ends)
      expect(Math.abs(ys.at(0, 0).item() / Math.exp(2) - 1)).toBeLessThan(single);
  });

  test("a tensor in ODETerm's params keeps its dtype, and one of float64 is refused with a float32 state", () => {
    const field = traced((_t: Scalar, y: Tensor, _args: unknown, k: Scalar) => np.mul(k, y));
    const term = (dtype: "float32" | "float64"): unknown =>
      ODETerm(field as never, np.tensor(2, { dtype }) as never);
    const y0 = Float32Array.of(1);
    const run = (dtype: "float32" | "float64") =>
      solveParts(term(dtype), Tsit5(), { ...options, y0, ...adjoint }).ys;
    expect(run("float32").dtype).toBe("float32");
    expect(() => run("float64")).toThrow(/float64 met float32|float32 met float64/);
  });
});

test("a dense solution has the dtype that the state was converted to, at its start too", () => {
  const decay = traced((_t: Scalar, y: Tensor) => np.neg(y));
  const dense = { ...options, saveat: { dense: true } };
  const start = jit((y0: Tensor): Tensor => {
    const solution = diffeqsolve(decay, Tsit5(), { ...dense, y0 });
    return solution.evaluate(0);
  });
  expect(start(np.tensor(3, { dtype: "int32" })).dtype).toBe("float64");
  const mixed = diffeqsolve(
    traced((_t: Scalar, y: readonly [Tensor, Tensor]) => y),
    Tsit5(),
    { ...dense, t1: 0, y0: [1, np.tensor(2, { dtype: "float32" })] as const } as never,
  ) as { evaluate(t: number): readonly Tensor[] };
  expect(mixed.evaluate(0).map(({ dtype }) => dtype)).toEqual(["float32", "float32"]);
});

test("tolerances and times that are tensors take the dtype of the state", () => {
  const decay = traced((_t: Scalar, y: Tensor) => np.neg(y));
  const single = np.tensor(1, { dtype: "float32" });
  const end = (stepsizeController: object): number =>
    solveParts(decay, Tsit5(), { ...options, y0: single, stepsizeController })
      .ys.at(0)
      .item();
  expect(end(PIDController({ rtol: np.tensor(1e-4), atol: np.tensor(1e-5) }))).toBe(
    end(PIDController({ rtol: 1e-4, atol: 1e-5 })),
  );
  const until = (y0: Tensor | number) =>
    jit((t1: Scalar): Tensor => solveParts(decay, Tsit5(), { ...options, t1, y0 }).ys.at(0));
  for (const y0 of [1, single]) expect(until(y0)(single).item()).toBeCloseTo(Math.exp(-1), 6);
  const from = jit((t0: Scalar): Tensor =>
    solveParts(decay, Tsit5(), { ...options, t0, y0: 1 }).ys.at(0),
  );
  expect(from(np.tensor(0, { dtype: "int32" })).item()).toBeCloseTo(Math.exp(-1), 6);
});
