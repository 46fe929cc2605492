// What is too large or too deep: errors name the call, and the shape or the place.
import {
  diffeqsolve,
  grad,
  jit,
  np,
  random,
  type Scalar,
  type Tensor,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const large = "a float64 tensor of shape [1000000, 1000000] has 1000000000000 elements";

describe("an array for which there is no room is an error that names the call and the shape:", () => {
  test.each<[string, () => unknown]>([
    ["zeros", () => np.zeros([1e6, 1e6])],
    ["ones", () => np.ones([1e6, 1e6])],
    ["full", () => np.full([1e6, 1e6], 3)],
    ["eye", () => np.eye(1e6)],
    ["broadcastTo", () => np.broadcastTo(np.zeros([1e6]), [1e6, 1e6])],
    ["matmul", () => np.matmul(np.zeros([1e6, 1]), np.zeros([1, 1e6]))],
    ["repeat", () => np.repeat(np.zeros([1e6, 1]), 1e6, { axis: 1 })],
  ])("%s", (name, make) => {
    expect(make).toThrow(name === "repeat" ? /^repeat: a float64 tensor/u : `${name}: ${large}`);
    expect(make).toThrow("for which there is no room; make smaller ones");
  });

  test("arange, linspace and random numbers", () => {
    expect(() => np.arange(1e12)).toThrow("arange: a float64 tensor of shape [1000000000000] has");
    expect(() => np.linspace(0, 1, 1e12)).toThrow("linspace: a float64 tensor of shape [1000");
    expect(() => random.normal(random.key(0), [1e6, 1e6])).toThrow(
      "random: a uint32 tensor of shape [1000000, 1000000] has",
    );
  });
});

describe("what compiled code has no memory for is an error that names the call and the largest array:", () => {
  const outer = (x: Tensor): Scalar => np.sum(np.sin(np.mul(x, np.reshape(x, [1e6, 1]))));
  const asked =
    /\d{13,} bytes of memory are needed, most of all for \w+, float64\[1000000,1000000\]/u;

  test("jit, grad", () => {
    const x = new Float64Array(1e6);
    const calls = { jit: () => jit(outer)(x), grad: () => grad(outer)(x) };
    for (const [name, call] of Object.entries(calls)) {
      expect(call).toThrow(asked);
      expect(call).toThrow(new RegExp(`^${name}: `, "u"));
    }
  });

  test("a solve whose state does not fit into memory with its stages", () => {
    const solve = (rate: Scalar) =>
      np.sum(
        diffeqsolve((t, y, k) => k * y, Tsit5(), {
          t0: 0,
          t1: 1,
          dt0: 0.1,
          y0: 1,
          args: rate,
          saveat: { steps: true },
          maxSteps: 2 ** 30,
        }).ys,
      );
    expect(() => jit(solve)(1)).toThrow(/^jit: \d+ bytes of memory .*float64\[1073741824\]/u);
  });
});

describe("a tree that is nested too deeply is an error that names it:", () => {
  const chain = (): object => {
    let chain: object = { value: 1 };
    for (let i = 0; i < 50_000; i++) chain = { next: chain };
    return chain;
  };
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };

  test("in args, in y0 and in an argument of jit", () => {
    const solve = (more: object) => () =>
      solveParts((_t: number, y: number) => -y, Tsit5(), { ...options, ...more });
    const why = "the tree is nested more than 1000 levels deep";
    expect(solve({ args: chain() })).toThrow(`diffeqsolve: args: ${why}`);
    expect(solve({ y0: chain() })).toThrow(`diffeqsolve: y0.next.next.next: ${why}`);
    expect(() => jit((x: unknown) => x)(chain() as never)).toThrow(
      `jit: arguments[0].next.next: ${why}`,
    );
  });

  test("and one of a thousand levels is solved", () => {
    let args: { next?: unknown; value: number } = { value: 1 };
    for (let i = 0; i < 999; i++) args = { next: args, value: 2 };
    const field = (_t: number, y: number, { value }: { value: number }): number => -value * y;
    const { ys } = solveParts(field, Tsit5(), { ...options, args });
    expect(ys.at(0).item()).toBeCloseTo(Math.exp(-2), 5);
  });
});
