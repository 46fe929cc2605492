import { explain, grad, jit, noinline, scan, vmap } from "@diffrax-ts/autodiff";
import { apply, mul, tanh, tensorOf } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const size = 40;
const w = tensorOf({
  dtype: "float64",
  shape: [size, size],
  data: Float64Array.from({ length: size * size }, (_, i) => Math.sin(i) / 8),
});
const y0 = Float64Array.from({ length: size }, (_, i) => Math.cos(i));

/** The sum of the last of the states `yₙ₊₁ = tanh(W yₙ)²`. */
const loss = (weight: Tensor, start: Tensor): Scalar => {
  const { carry } = scan(
    (y: Tensor) => {
      const [product] = apply("dotGeneral", [weight, y], {
        contract: [[1], [0]],
        batch: [[], []],
      });
      const z = tanh(product!);
      return { carry: mul(z, z), row: null };
    },
    start,
    null,
    { length: 5 },
  );
  return apply("reduceSum", [carry], { axes: [0] })[0] as Scalar;
};
const args = [w, tensorOf({ dtype: "float64", shape: [size], data: y0 })] as const;

describe("explain", () => {
  test("says what a function becomes, whatever it was transformed by", () => {
    for (const f of [loss, jit(loss), jit(noinline(loss))]) {
      const { code, main, reverse } = explain(f, ...args);
      expect(code.instructions).toBeGreaterThan(100);
      expect(main.steps.length).toBeGreaterThan(0);
      expect(reverse).toEqual([]);
    }
    const slope = grad((x: Scalar) => tanh(x));
    const slopes = explain(vmap(slope), args[1]);
    expect(slopes.main.steps).toHaveLength(1);
  });

  test("says what reverse mode remembers of a loop, and what it computes again for each turn", () => {
    const { reverse } = explain(grad(loss), ...args);
    expect(reverse).toHaveLength(1);
    const [{ mostTurns, bytes, remembered, recomputed }] = reverse as [(typeof reverse)[0]];
    const row = { dtype: "float64", shape: [size], turns: 5 };
    expect(mostTurns).toBe(5);
    expect(remembered).toEqual([
      { ...row, madeBy: null },
      { ...row, madeBy: "tanh" },
    ]);
    expect(bytes).toBe(2 * 5 * size * 8);
    expect(recomputed.map(({ name }) => name)).not.toContain("tanh");
    expect(recomputed).toContainEqual({
      name: "1 - x²",
      dtype: "float64",
      shape: [size],
      count: 1,
    });
  });

  test("is text, too", () => {
    const text = String(explain(grad(loss), ...args));
    expect(text).toContain("reverse mode of a loop of at most 5 turns:");
    expect(text).toContain("float64[40], by tanh, of 5 turns");
    expect(text).toContain("1 × 1 - x² float64[40]");
  });

  test("does not run the function", () => {
    const never = (x: Scalar): Tensor =>
      scan((y: Scalar) => ({ carry: y, row: null }), x, null, { length: 2 ** 30 }).carry;
    expect(explain(never, 1).main.steps).toMatchObject([{ kind: "loop", mostTurns: 2 ** 30 }]);
  });

  test("refuses a function of which nothing depends on the arguments", () => {
    expect(() => explain(() => jit(loss)(...args))).toThrow(
      "explain: nothing that the function computes depends on its arguments",
    );
    expect(() => explain(3 as never)).toThrow(TypeError);
  });
});
