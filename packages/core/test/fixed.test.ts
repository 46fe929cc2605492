import { diffeqsolve, Euler, fixed, grad, type Scalar } from "@diffrax-ts/core";
import { expect, test, vi } from "vitest";

test("a number that is fixed in args is one for the vector field, and what is beside it stays data", () => {
  const warn = vi.spyOn(console, "warn");
  const powers = (_t: number, y: number, { n, rate }: { n: number; rate: number }) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += rate * y;
    return -sum;
  };
  const end = (n: number, rate: number) =>
    diffeqsolve(powers, Euler(), { t0: 0, t1: 1, dt0: 1, y0: 1, args: { n: fixed(n), rate } })
      .ys.at(0)
      .item();
  expect([end(3, 0.1), end(3, 0.2), end(2, 0.1)]).toEqual([
    1 - (0.1 + 0.1 + 0.1),
    1 - (0.2 + 0.2 + 0.2),
    1 - (0.1 + 0.1),
  ]);
  expect(warn).not.toHaveBeenCalled();
  const slope = grad((rate: Scalar) =>
    diffeqsolve(powers, Euler(), {
      t0: 0,
      t1: 1,
      dt0: 1,
      y0: 1,
      args: { n: fixed(3), rate },
    }).ys.at(0),
  );
  expect(slope(0.1)).toBe(-3);
});
