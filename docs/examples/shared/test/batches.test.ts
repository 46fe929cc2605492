import { key } from "@diffrax-ts/random";
import { expect, test } from "vitest";
import { batches } from "../batches.ts";

test("batches gives every number once before it gives one again, in an order that the key decides", () => {
  const draw = (seed: number): number[][] => {
    const order = batches(10, 3, key(seed));
    return Array.from({ length: 6 }, () => [...order.next().value]);
  };
  const first = draw(0);
  expect(first.map((batch) => batch.length)).toEqual([3, 3, 3, 3, 3, 3]);
  for (const round of [first.slice(0, 3), first.slice(3)]) {
    expect(new Set(round.flat()).size).toBe(9); // the tenth would not fill a batch
  }
  expect(first.slice(3)).not.toEqual(first.slice(0, 3));
  expect(draw(0)).toEqual(first);
  expect(draw(1)).not.toEqual(first);
});
