import { allPrimitives } from "@diffrax-ts/program";
import { describe, expect, test } from "vitest";
import { checkPrograms } from "./support/checkPrograms.ts";
import { primitiveCases } from "./support/primitiveCases.ts";

const cases = primitiveCases();

test("primitiveCases() has every primitive", () => {
  expect(Object.keys(cases).toSorted()).toEqual(allPrimitives().toSorted());
});

describe.each(allPrimitives())("%s", (primitive) => {
  const { dtypes, build } = cases[primitive];
  test.each(dtypes)("of %s gives the same bits evaluated, lowered and compiled", (dtype) => {
    checkPrograms(20, (builder) => build(builder, dtype));
  });
});
