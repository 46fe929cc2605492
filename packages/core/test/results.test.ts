import {
  diffeqsolve,
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
