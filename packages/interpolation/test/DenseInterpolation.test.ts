import { tensor } from "@diffrax-ts/array";
import { grad, jit } from "@diffrax-ts/autodiff";
import {
  DenseInterpolation,
  type DenseInterpolationFields,
  localLinearInterpolation,
} from "@diffrax-ts/interpolation";
import type { Solver } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

/** As much of a solver as an interpolation asks for. */
const solver = part("test/linear", {
  interpolation: localLinearInterpolation,
}) as unknown as Solver;

// A broken line with a jump at 2: 0 → 1 over [0, 1], 1 → 3 over [1, 2], and 10 → 14 over [2, 4].
const fields: DenseInterpolationFields = {
  ts: tensor([0, 1, 2, 4]),
  infos: { y0: { y: tensor([0, 1, 10]) }, y1: { y: tensor([1, 3, 14]) } },
  count: 3,
  solver,
  direction: 1,
  y0: { y: tensor(0) },
};

const y = (tree: unknown): number => (tree as { readonly y: Tensor }).y.item();

/** The same, padded as inside a traced function: every question is asked there. */
const padded = {
  ts: tensor([0, 1, 2, 4, Infinity, Infinity]),
  infos: {
    y0: { y: tensor([0, 1, 10, Infinity, Infinity]) },
    y1: { y: tensor([1, 3, 14, Infinity, Infinity]) },
  },
  y0: { y: tensor(0) },
};

interface Asked {
  evaluate(t: number, t1?: number | null, left?: boolean): number;
  derivative(t: number, left?: boolean): number;
}

function inTrace(count: number, direction: 1 | -1): Asked {
  const dense = (data: typeof padded, n: Tensor): DenseInterpolation =>
    DenseInterpolation({ ...data, count: n, solver, direction });
  const n = tensor(count, { dtype: "int32" });
  return {
    evaluate: (t, t1 = null, left = true) =>
      jit((data: typeof padded, n: Tensor, at: Scalar): Tensor => {
        return (dense(data, n).evaluate(at, t1, left) as { readonly y: Tensor }).y;
      })(padded, n, t).item(),
    derivative: (t, left = true) =>
      jit((data: typeof padded, n: Tensor, at: Scalar): Tensor => {
        return (dense(data, n).derivative(at, left) as { readonly y: Tensor }).y;
      })(padded, n, t).item(),
  };
}

function onHost(direction: 1 | -1): Asked {
  const dense = DenseInterpolation({ ...fields, direction });
  return {
    evaluate: (t, t1 = null, left = true) => y(dense.evaluate(t, t1, left)),
    derivative: (t, left = true) => y(dense.derivative(t, left)),
  };
}

const places: readonly { readonly where: string; readonly make: (direction: 1 | -1) => Asked }[] = [
  { where: "at top level", make: onHost },
  { where: "inside jit", make: (direction) => inTrace(3, direction) },
];

describe.each(places)("DenseInterpolation $where", ({ make }) => {
  test("has value and slope of the step that a time lies in", () => {
    const dense = make(1);
    expect([0, 0.5, 1, 1.5, 3, 4].map((t) => dense.evaluate(t))).toEqual([0, 0.5, 1, 2, 12, 14]);
    expect([0.5, 1.5, 3].map((t) => dense.derivative(t))).toEqual([1, 2, 2]);
  });

  test("has two limits at the end of a step, but one at the ends of the solve", () => {
    const dense = make(1);
    expect([dense.evaluate(2, null, true), dense.evaluate(2, null, false)]).toEqual([3, 10]);
    expect([dense.derivative(1, true), dense.derivative(1, false)]).toEqual([1, 2]);
    expect([dense.evaluate(4, null, true), dense.evaluate(4, null, false)]).toEqual([14, 14]);
    expect([dense.evaluate(0, null, true), dense.evaluate(0, null, false)]).toEqual([0, 0]);
    expect([dense.derivative(4, false), dense.derivative(0, true)]).toEqual([2, 1]);
  });

  test("has increments", () => {
    const dense = make(1);
    expect([dense.evaluate(0.5, 3), dense.evaluate(3, 0.5)]).toEqual([11.5, -11.5]);
    expect([dense.evaluate(0, 2, true), dense.evaluate(0, 2, false)]).toEqual([3, 10]);
  });

  test("is not a number outside of the solve", () => {
    const dense = make(1);
    for (const t of [-1e-9, 4.000001, Number.NaN, Infinity]) {
      expect([dense.evaluate(t), dense.derivative(t)]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test("turns time round for a solve that ran backward", () => {
    const dense = make(-1);
    expect([0, -0.5, -1.5, -4].map((t) => dense.evaluate(t))).toEqual([0, 0.5, 2, 14]);
    expect([-0.5, -1.5].map((t) => dense.derivative(t))).toEqual([-1, -2]);
    expect(dense.evaluate(0.5)).toBeNaN();
  });
});

test("DenseInterpolation of a solve without a step is its start", () => {
  const empty = { y: tensor(new Float64Array(0)) };
  const dense = DenseInterpolation({
    ...fields,
    ts: tensor([1]),
    infos: { y0: empty, y1: empty },
    count: 0,
    y0: { y: tensor(7) },
  });
  expect([y(dense.evaluate(1)), y(dense.evaluate(1.5)), y(dense.derivative(1))]).toEqual([
    7,
    Number.NaN,
    Number.NaN,
  ]);
});

test("dense.t0 and dense.t1 are the ends of the solve, as time ran", () => {
  const ends = (direction: 1 | -1): number[] => {
    const dense = DenseInterpolation({ ...fields, direction });
    return [dense.t0.item(), dense.t1.item()];
  };
  expect(ends(1)).toEqual([0, 4]);
  expect(ends(-1)).toEqual([-0, -4]);
});

test("grad of dense.evaluate(t) with respect to t is dense.derivative(t)", () => {
  const dense = DenseInterpolation(fields);
  const value = (t: Scalar): Scalar => (dense.evaluate(t) as { readonly y: Scalar }).y;
  expect([0.5, 1.5, 3].map((t) => grad(value)(t))).toEqual([1, 2, 2]);
});

test("a dense interpolation is asked for one time, not for several", () => {
  const dense = DenseInterpolation(fields);
  for (const t of [[0.1, 0.2], "0.1", undefined, tensor([1, 2])]) {
    expect(() => dense.evaluate(t as never)).toThrow("interpolation: t must be one number, got");
    expect(() => dense.derivative(t as never)).toThrow("for many times take saveat.ts, or vmap");
  }
});
