import { grad, jvp } from "@diffrax-ts/autodiff";
import * as program from "@diffrax-ts/program";
import { astype, tensorOf } from "@diffrax-ts/program";
import type { DType, Scalar, Tensor } from "@diffrax-ts/pytree";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** A place, and the first, second and third derivative there. */
type Row = readonly [x: number, first: number, second: number, third: number];

interface Figures {
  readonly functions: Readonly<Record<string, readonly Row[]>>;
}

/** Calculated with mpmath: see "origin" there. */
const { functions } = JSON.parse(
  readFileSync(new URL("figures/slopes.json", import.meta.url), "utf8"),
) as Figures;

type Unary = (x: Scalar) => Scalar;

const tangent =
  (f: Unary): Unary =>
  (x) =>
    jvp(f, [x], [1]).tangent;
const gradient =
  (f: Unary): Unary =>
  (x) =>
    grad(f)(x);

/**
 * The numbers that can be told apart: `tanh` and `logistic` are 1 where they are nearly 1, and their slopes are
 * calculated from that, as those of JAX are.
 */
const saturated: Readonly<Record<string, number>> = { tanh: 4, logistic: 1 };

/** What is in the middle of this range has its third derivatives, and the powers that they are made of, within the whole. */
const kinds = [
  { dtype: "float64", epsilon: 2 ** -52, smallest: 1e-290, largest: 1e90 },
  { dtype: "float32", epsilon: 2 ** -23, smallest: 1e-30, largest: 1e8 },
] as const;

describe.each(kinds)("of $dtype", ({ dtype, epsilon, smallest, largest }) => {
  const at = (f: Unary, x: number): number => f(scalarOf(dtype, x)).item();

  test.each(Object.keys(functions))(
    "%s keeps its digits in derivatives of orders 1, 2 and 3",
    (name) => {
      const f = (program as unknown as Record<string, Unary>)[name]!;
      const orders: readonly (readonly Unary[])[] = [
        [gradient(f), tangent(f)],
        [gradient(gradient(f)), tangent(gradient(f)), gradient(tangent(f)), tangent(tangent(f))],
        [gradient(gradient(gradient(f))), tangent(tangent(tangent(f)))],
      ];
      let checked = 0;
      for (const [x, ...wanted] of functions[name]!) {
        if (Math.fround(x) !== x && dtype === "float32") continue;
        for (const [order, derivatives] of orders.entries()) {
          const number = wanted[order]!;
          const isInRange = [x, number].every(
            (n) => Math.abs(n) >= smallest && Math.abs(n) <= largest,
          );
          if (!isInRange) continue;
          const room = 500 * epsilon * Math.abs(number) + (saturated[name] ?? 0) * epsilon;
          for (const derivative of derivatives) {
            const got = at(derivative, x);
            expect(
              Math.abs(got - number),
              `order ${order + 1} at ${x}: ${got} for ${number}`,
            ).toBeLessThanOrEqual(room);
            checked++;
          }
        }
      }
      expect(checked).toBeGreaterThan(50);
    },
  );
});

function scalarOf(dtype: DType, x: number): Scalar {
  const tensor: Tensor = tensorOf({ dtype: "float64", shape: [], data: Float64Array.of(x) });
  return astype(tensor, dtype) as Scalar;
}
