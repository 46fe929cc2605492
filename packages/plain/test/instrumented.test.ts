import type { Callable } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { cases } from "./cases.ts";
import { expectSameValues } from "./compare.ts";
import { instrumented } from "./instrumented.ts";
import { run, script } from "./scripts.ts";

const counters = `
  var cov_1lgbm1ypuy = () => ({ f: {}, s: {}, b: new Proxy({}, { get: () => ({}) }) });
`;

test.each(Object.entries(cases))(
  "plain(f) has the values of f, with the counters of Istanbul in it: %s",
  (_, example) => {
    const read: Callable = run(counters + instrumented(script(example.f)));
    expect(String(read)).toContain("cov_1lgbm1ypuy().");
    expectSameValues(example, read);
  },
);
