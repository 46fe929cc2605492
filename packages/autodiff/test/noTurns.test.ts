import { add, mul } from "@diffrax-ts/program";
import { grad, hessian, jvp, scan, whileLoop } from "@diffrax-ts/autodiff";
import { less } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

/** `x²`, and loops that make no turn, each of which would square it again. */
const loops: readonly [string, (x: Scalar) => Scalar][] = [
  [
    "a scan of length 0",
    (x) =>
      scan(
        (y: Scalar) => ({ carry: mul(y, mul(y, x)) as Scalar, row: y }),
        mul(x, x) as Scalar,
        null,
        {
          length: 0,
        },
      ).carry,
  ],
  [
    "a scan of no rows, which reads them",
    (x) =>
      scan(
        (y: Scalar, row: Tensor) => ({ carry: mul(y, mul(mul(y, row), x)) as Scalar, row: y }),
        mul(x, x) as Scalar,
        new Float64Array(0) as unknown as Tensor,
      ).carry,
  ],
  [
    "a whileLoop with maxSteps: 0",
    (x) =>
      whileLoop(
        (y) => less(y, 1e9),
        (y) => mul(y, mul(y, x)) as Scalar,
        mul(x, x) as Scalar,
        { maxSteps: 0 },
      ),
  ],
];

describe.each(loops)("through %s go", (_, f) => {
  test("a gradient", () => {
    expect(grad(f)(3)).toBe(6);
  });
  test("a tangent", () => {
    expect(jvp(f, [3], [1]).tangent.item()).toBe(6);
  });
  test("second derivatives, in each combination of modes", () => {
    expect(hessian(f)(3)).toBe(2);
    expect(grad((x: Scalar) => grad(f)(x))(3)).toBe(2);
    expect(grad((x: Scalar) => add(jvp(f, [x], [1]).tangent, 0) as Scalar)(3)).toBe(2);
  });
});
