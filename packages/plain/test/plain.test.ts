import { expect, test } from "vitest";
import { cases } from "./cases.ts";
import { expectSameValues } from "./compare.ts";

test.each(Object.entries(cases))("plain(f) has the values of f: %s", (_, example) => {
  expect.hasAssertions();
  expectSameValues(example);
});
