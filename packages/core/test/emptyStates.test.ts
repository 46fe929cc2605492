// States without numbers, and batches without elements, are solved as Diffrax solves them.
import {
  Euler,
  grad,
  jit,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import { isTensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const options = { t0: 0, t1: 1, dt0: 0.1 };
const still = traced((_t: Scalar, y: Tree) => treeMap((x) => np.neg(x), y));
/** The shapes of the tensors in a tree, in their places. */
const shapes = (ys: Tree): unknown => {
  if (ys === null) return null;
  if (isTensor(ys)) return ys.shape;
  return Array.isArray(ys)
    ? ys.map(shapes)
    : Object.fromEntries(Object.entries(ys).map(([key, child]) => [key, shapes(child)]));
};

describe("a state without numbers is solved:", () => {
  test.each([
    ["null", null, null],
    ["an object without keys", {}, {}],
    ["a list of nothing", [null, []], [null, []]],
    ["an array without elements", new Float64Array(0), [2, 0]],
    ["a matrix without columns", np.zeros([2, 0]), [2, 2, 0]],
    ["one in float32", np.zeros([0], { dtype: "float32" }), [2, 0]],
  ])("%s", (_, y0, expected) => {
    const saveat = { t0: true, t1: true };
    for (const stepsizeController of [undefined, PIDController({ rtol: 1e-3, atol: 1e-3 })]) {
      const { ts, ys, result, stats } = solveParts<unknown>(still, Tsit5(), {
        ...options,
        y0,
        saveat,
        stepsizeController,
      });
      expect(result).toBe("successful");
      expect([...ts]).toEqual([0, 1]);
      expect(shapes(ys as Tree)).toEqual(expected);
      expect(stats.numSteps).toBe(stepsizeController === undefined ? 10 : 2);
    }
    const dense = solveParts<unknown>(still, Tsit5(), { ...options, y0, saveat: { dense: true } });
    expect(() => dense.evaluate(0.5)).not.toThrow();
  });

  test.each<[string, unknown, (k: number) => unknown]>([
    ["null", null, (k) => (_t: number, y: null) => (k > 0 ? y : null)],
    ["a list of nothing", [], (k) => () => (k > 0 ? [] : [])],
    [
      "an array without elements",
      new Float64Array(0),
      (k) => (_t: number, y: readonly number[]) => y.map((x) => k * x),
    ],
  ])("%s, with a function that is called back", (_, y0, make) => {
    const { result, stats } = solveParts<unknown>(make(1), Tsit5(), { ...options, y0 });
    expect([result, stats.numSteps]).toEqual(["successful", 10]);
  });

  test("inside jit, beside a state that has some", () => {
    const end = (x: Scalar) =>
      solveParts<unknown>(still, Euler(), { ...options, y0: { x, none: null } }).ys as {
        x: Tensor;
      };
    expect(jit((x: Scalar) => end(x).x.at(0))(1)).toBeCloseTo(0.9 ** 10, 14);
    expect(grad((x: Scalar) => end(x).x.at(0) as Scalar)(1)).toBeCloseTo(0.9 ** 10, 14);
  });
});

test("a batch without elements is solved", () => {
  const end = (y0: Scalar): Scalar => {
    const { ys } = solveParts<unknown>((_t: number, y: number) => -y, Tsit5(), { ...options, y0 });
    return (ys as Tensor).at(0) as Scalar;
  };
  expect(vmap(end)(new Float64Array(0)).shape).toEqual([0]);
  expect(vmap(grad(end))(new Float64Array(0)).shape).toEqual([0]);
});

describe("a state of a number and a float32 array", () => {
  const end = (y0: unknown): { a: Tensor; b: Tensor } =>
    solveParts<unknown>(
      (_t: number, { a, b }: { a: number; b: number }) => ({ a: -a, b: -b }),
      Tsit5(),
      {
        ...options,
        y0,
      },
    ).ys as never;
  const single = np.tensor(1, { dtype: "float32" });

  test("is float32, at top level and inside grad alike", () => {
    expect(end({ a: 1, b: single }).a.dtype).toBe("float32");
    const slopes = grad((y0: unknown) => {
      const { a, b } = end(y0);
      return np.add(a.at(0), b.at(0)) as Scalar;
    })({ a: 1, b: single } as never) as unknown as { a: number; b: Tensor };
    expect(slopes.a).toBeCloseTo(Math.exp(-1), 6);
    expect(slopes.b.item()).toBeCloseTo(Math.exp(-1), 6);
  });

  test("two arrays of different floats are refused in both", () => {
    const y0 = { a: Float64Array.of(1), b: Float32Array.of(1) };
    const message = "y0 holds float32 and float64 arrays";
    expect(() => end(y0)).toThrow(message);
    expect(() => jit(end as never)(y0 as never)).toThrow(message);
  });

  test.each([
    ["a plain field", (_t: number, y: number, k: number) => -k * y],
    ["a traced one", traced((_t: Scalar, y: Tensor, k: Scalar) => np.neg(np.mul(k, y)))],
  ])("a number in args takes its float32 at top level and inside grad: %s", (_, field) => {
    const run = (args: unknown): Scalar =>
      solveParts(field, Tsit5(), { ...options, y0: single, args }).ys.at(0) as Scalar;
    expect(run(0.7).item()).toBeCloseTo(Math.exp(-0.7), 6);
    expect(grad((k: Scalar) => run(k))(0.7)).toBeCloseTo(-Math.exp(-0.7), 6);
  });
});
