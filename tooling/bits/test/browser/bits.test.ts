import { expect, test } from "vitest";
import { hash } from "../../hash.mjs";
import hashes from "../../hashes.json" with { type: "json" };
import { items } from "../../items.mjs";

for (const [name, run] of Object.entries(items)) {
  test(`the bits of ${name} are those of Node`, () => {
    expect(hash(run())).toBe((hashes as Readonly<Record<string, string>>)[name]);
  });
}
