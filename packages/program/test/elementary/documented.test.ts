import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { claims } from "./claims.ts";

/** What a doc comment says of a function: `Within 0.95 ulp`, which may stand in two lines. */
function documentedBound(source: string, name: string): number {
  const end = source.search(new RegExp(`export function ${name}\\b`));
  const comment = source.slice(source.lastIndexOf("/**", end), end);
  const words = /Within ([\d.]+)[\s*]*ulp/.exec(comment);
  return Number(words?.[1]);
}

const bounds = {
  ...Object.fromEntries(Object.entries(claims).map(([name, { bound }]) => [name, bound])),
  pow: 1.45,
  atan2: 1.65,
};

describe("the documentation of operations.ts says the bound that is tested", () => {
  const source = readFileSync(new URL("../../src/operations.ts", import.meta.url), "utf8");
  test.each(Object.entries(bounds))("%s: within %d ulp", (name, bound) => {
    expect(documentedBound(source, name)).toBe(bound);
  });
});
