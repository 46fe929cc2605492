import { traced } from "@diffrax-ts/protocol";
import type { Callable } from "@diffrax-ts/pytree";
import { ODETerm } from "@diffrax-ts/terms";
import { expect, test } from "vitest";
import type { Reader } from "../src/Reader.ts";
import { readTerms } from "../src/readTerms.ts";

const readerOf = (readField: (f: Callable) => Callable): Reader => ({
  readField,
  readFunctions: (tree) => tree,
});
const reader = readerOf((f) => traced(f));
const term = ODETerm(traced(() => 1) as unknown as () => never);

test("terms that were read with a reader are not taken for read without one, or with another", () => {
  const plain = ODETerm((_t: number, y: number) => y);
  const first = readTerms(plain, reader);
  expect(() => readTerms(plain, null)).toThrow("functions of numbers are read by the diffeqsolve");
  expect(
    readTerms(
      plain,
      readerOf((f) => traced(f)),
    ).terms,
  ).not.toBe(first.terms);
  expect(readTerms(plain, reader)).toBe(first);
});

test("a list within a list of terms is refused, and not flattened", () => {
  expect(() => readTerms([[term, term], term], null)).toThrow(
    "diffeqsolve: terms[0] is a list within the list of terms",
  );
  expect(() => readTerms([term, [term]], null)).toThrow(
    "diffeqsolve: terms[1] is a list within the list of terms",
  );
  expect(() => readTerms([term, []], null)).toThrow("terms[1] is a list");
  expect(readTerms([term, term], null).terms).toEqual([term, term]);
});
