import {
  cond,
  diffeqsolve,
  grad,
  isEvent,
  isOkay,
  isSuccessful,
  jit,
  np,
  RESULTS,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Result } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

test("isOkay, isSuccessful and isEvent answer for the name of a result, and for its number in traced code", () => {
  const names = Object.keys(RESULTS) as Result[];
  const codes = np.astype(np.arange(names.length), "int32");
  for (const ask of [isOkay, isSuccessful, isEvent]) {
    const answers = jit((code: Tensor): Tensor => ask(code as never) as never)(codes);
    expect([answers.dtype, [...answers]]).toEqual(["bool", names.map((name) => Number(ask(name)))]);
  }
});

test("inside a traced function a solve that failed is told from one that did not", () => {
  const end = (t1: Scalar): Tensor => {
    const { ys, result } = diffeqsolve((_t, y) => -y, Tsit5(), {
      t0: 0,
      t1,
      dt0: 0.1,
      y0: 1,
      maxSteps: 12,
      throw: false,
    });
    return np.where(isSuccessful(result), ys.at(0), -1);
  };
  const [reached, missed] = vmap(end)(Float64Array.of(1, 2));
  expect(reached).toBeCloseTo(Math.exp(-1), 7);
  expect(missed).toBe(-1);
});

const solveTo = (t1: Scalar) =>
  diffeqsolve((_t, y) => -y, Tsit5(), { t0: 0, t1, dt0: 0.1, y0: 1, maxSteps: 12, throw: false });

/** Functions that take a result for what it is at top level. */
const mistaken: Readonly<Record<string, (t1: Scalar) => Tensor>> = {
  "compared with a text": (t1) => {
    const { ys, result } = solveTo(t1);
    return (result as unknown) === "successful" ? ys.at(0) : np.tensor(-1);
  },
  "compared where the solve throws": (t1) => {
    const solution = diffeqsolve((_t, y) => -y, Tsit5(), { t0: 0, t1, dt0: 0.1, y0: 1 });
    return (solution.result as unknown) === "successful" ? solution.ys.at(0) : np.tensor(-1);
  },
  "compared in a branch": (t1) => {
    const { ys, result } = solveTo(t1);
    return cond(
      np.greater(t1, 0),
      () => ((result as unknown) === "successful" ? ys.at(0) : np.tensor(-1)),
      () => np.tensor(0),
    );
  },
  "compared through the solution": (t1) => {
    const solution = solveTo(t1);
    return (solution.result as unknown) === "successful" ? solution.ys.at(0) : np.tensor(-1);
  },
};

/** The same for counts. */
const miscounted: Readonly<Record<string, (t1: Scalar) => Tensor>> = {
  numSteps: (t1) => {
    const { ys, stats } = solveTo(t1);
    return (stats.numSteps as unknown) === 10 ? ys.at(0) : np.tensor(-1);
  },
  numRejectedSteps: (t1) => {
    const { ys, stats } = solveTo(t1);
    return stats.numRejectedSteps ? np.tensor(-1) : ys.at(0);
  },
};
const transformations: Readonly<Record<string, (f: (t1: Scalar) => Tensor) => unknown>> = {
  jit: (f) => jit(f)(1),
  vmap: (f) => vmap(f)(Float64Array.of(1, 2)),
  grad: (f) => grad(f)(1),
  "jit of grad": (f) => jit((x: Scalar) => grad(f)(x))(1),
};
const pairs = Object.keys(transformations).flatMap((name) =>
  Object.keys(mistaken).map((kind) => [name, kind] as const),
);

test.each(pairs)("in %s a result %s is an error that names isSuccessful", (name, kind) => {
  expect(() => transformations[name]!(mistaken[kind]!)).toThrow(
    /the result of a solve was asked for and not used; .*write isSuccessful\(result\)/,
  );
});

test.each(Object.keys(transformations))("in %s a count that is asked for is used", (name) => {
  for (const [count, f] of Object.entries(miscounted))
    expect(() => transformations[name]!(f)).toThrow(
      new RegExp(`stats.${count} of a solve was asked for and not used`, "u"),
    );
});

test("what logic makes of comparisons is no condition of an if either", () => {
  const okay = (t1: Scalar): Tensor => {
    const { ys, result } = solveTo(t1);
    return isOkay(result) ? ys.at(0) : np.tensor(-1);
  };
  const either = (x: Scalar): Tensor =>
    np.logicalOr(np.less(x, -1), np.greater(x, 1)) ? np.tensor(1) : x;
  const neither = (x: Scalar): Tensor => (np.logicalNot(np.less(x, 0)) ? np.tensor(1) : x);
  for (const f of [okay, either, neither])
    for (const run of Object.values(transformations))
      expect(() => run(f)).toThrow(/the result of a comparison \((or|not)\) was not used/);
});

test("a solve of what is known says by name how it ended, inside a traced function too", () => {
  const known = (x: Scalar): Tensor => {
    const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1 };
    const { ys, result, stats } = diffeqsolve((_t, y) => -y, Tsit5(), options);
    return result === "successful" && stats.numSteps === 10 ? np.mul(x, ys.at(0)) : np.tensor(-1);
  };
  expect(jit(known)(2).item()).toBeCloseTo(2 * Math.exp(-1), 6);
  expect([...vmap(known)(Float64Array.of(0, 1))][1]).toBeCloseTo(Math.exp(-1), 6);
  expect(grad(known)(2)).toBeCloseTo(Math.exp(-1), 6);
});

test("a result that is used or returned, and a solution that is returned, are no errors", () => {
  expect(jit((t1: Scalar) => solveTo(t1).result)(1).item()).toBe(0);
  expect(jit((t1: Scalar) => isSuccessful(solveTo(t1).result))(2).item()).toBe(0);
  expect(
    jit((t1: Scalar) => solveTo(t1).ys)(1)
      .at(0)
      .item(),
  ).toBeCloseTo(Math.exp(-1), 7);
  const { result, stats, ys } = jit((t1: Scalar) => solveTo(t1))(1);
  expect([result.item(), stats.numSteps.item()]).toEqual([0, 10]);
  expect(ys.at(0).item()).toBeCloseTo(Math.exp(-1), 7);
});

test("what a solution can do may be passed on, at top level and inside a traced function", () => {
  const dense = (y0: number | Scalar) =>
    diffeqsolve((_t, y: number) => -y, Tsit5(), {
      t0: 0,
      t1: 1,
      dt0: 0.1,
      y0: y0 as number,
      saveat: { dense: true },
    });
  const solution = dense(1);
  const { evaluate, derivative } = solution;
  expect([solution.ts, solution.ys]).toEqual([null, null]);
  expect(evaluate(0.5).item()).toBe(solution.evaluate(0.5).item());
  expect(derivative(0.5).item()).toBe(solution.derivative(0.5).item());
  const inside = jit((y0: Scalar, t: Scalar) => {
    const { evaluate: at } = dense(y0);
    return at(t);
  });
  expect(inside(1, 0.5).item()).toBeCloseTo(Math.exp(-0.5), 6);
  expect(
    jit((y0: Scalar) => dense(y0))(1)
      .evaluate(0.5)
      .item(),
  ).toBeCloseTo(Math.exp(-0.5), 6);
  expect([...vmap(evaluate as (t: Scalar) => Scalar)(Float64Array.of(0.25, 0.5))]).toEqual([
    evaluate(0.25).item(),
    evaluate(0.5).item(),
  ]);
  const { evaluate: none } = solveTo(np.tensor(1));
  expect(() => none(0.5)).toThrow(/was not kept; solve with saveat: \{ dense: true \}/);
});
