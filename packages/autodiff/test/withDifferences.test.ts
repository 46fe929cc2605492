import { grad, jacfwd, jit, jvp, noinline, withDifferences } from "@diffrax-ts/autodiff";
import { apply, arrayType, asTensor, sub } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

/** `(x₀², x₀ x₁)`, by a function that is called back. */
function called(x: Tensor): Tensor {
  const call = ({ f64 }: { f64: Float64Array }, input: number, output: number): void => {
    const [a, b] = [f64[input]!, f64[input + 1]!];
    f64[output] = a * a;
    f64[output + 1] = a * b;
  };
  const type = arrayType(x.dtype, [2]);
  return apply("hostCallback", [x], { name: "called", outputs: [type], call })[0]!;
}

const jacobian = (f: (x: Tensor) => Tensor) =>
  jit((x: Tensor) => withDifferences(() => jacfwd(f)(x)));
const point = asTensor(new Float64Array([3, 0.5]), "x");

describe("withDifferences(f)", () => {
  test("has a Jacobian of what is called back, to half of the digits", () => {
    const matrix = jacobian(called)(point).toArray() as number[][];
    for (const [i, row] of [
      [6, 0],
      [0.5, 3],
    ].entries())
      // prettier-ignore
      for (const [j, x] of row.entries()) expect(Math.abs(matrix[i]![j]! - x)).toBeLessThan(1e-6);
  });

  test("goes through a function that is kept out of line", () => {
    const matrix = jacobian(noinline(called))(point).toArray() as number[][];
    expect(Math.abs(matrix[0]![0]! - 6)).toBeLessThan(1e-6);
  });

  test("tells whether there was something that is called back, again and again", () => {
    const kept = noinline(called);
    for (const f of [called, kept, called, kept]) {
      const usage = { used: false };
      jit((x: Tensor) => withDifferences(() => jvp(f, [x], [x]).tangent, usage))(point);
      expect(usage.used).toBe(true);
    }
    const usage = { used: false };
    jit((x: Tensor) =>
      withDifferences(() => jvp((y: Tensor) => sub(y, 1), [x], [x]).tangent, usage),
    )(point);
    expect(usage.used).toBe(false);
  });

  test("ends with f: outside of it there are no derivatives of what is called back, even of what was differentiated inside", () => {
    const kept = noinline(called);
    jacobian(kept)(point);
    for (const f of [called, kept]) {
      expect(() => grad((x: Tensor) => f(x).at(0) as Scalar)(point)).toThrow(
        "called: a derivative cannot pass through a JavaScript function that is called back",
      );
    }
  });

  test("ends with f if that throws", () => {
    expect(() =>
      withDifferences(() => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(() => grad((x: Tensor) => called(x).at(0) as Scalar)(point)).toThrow(
      "called: a derivative",
    );
  });

  test("has a zero in a direction that does not move", () => {
    const still = jit((x: Tensor) => withDifferences(() => jvp(called, [x], [sub(x, x)]).tangent));
    expect(still(point).toArray()).toEqual([0, 0]);
  });
});
