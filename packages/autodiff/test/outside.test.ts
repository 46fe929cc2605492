import { add, greater, less, mul, neg, tensorOf } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { cond, scan, whileLoop } from "../src/index.ts";

const xs = tensorOf({ dtype: "float64", shape: [3], data: Float64Array.of(1, 2, 3) });

test("cond outside of a traced function runs one branch at once", () => {
  const size = (x: Tensor): number =>
    cond(
      greater(x, 0),
      (y: Tensor) => y,
      (y) => neg(y),
      x,
    ).item();
  expect([xs.at(1), neg(xs.at(2))].map(size)).toEqual([2, 3]);
});

test("whileLoop and scan outside of a traced function run at once, with what they use from outside", () => {
  const factor = xs.at(1);
  const last = whileLoop(
    (x) => less(x, 100),
    (x) => mul(x, factor) as Scalar,
    xs.at(2) as Scalar,
  );
  expect(last.item()).toBe(192);
  const { carry, rows } = scan(
    (total: Tensor, x: Tensor) => ({ carry: add(total, mul(x, factor)), row: total }),
    xs.at(0),
    xs,
  );
  expect(carry.item()).toBe(13);
  expect(rows.toArray()).toEqual([1, 3, 7]);
});
