import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { hash } from "../hash.mjs";
import { items } from "../items.mjs";

const file = new URL("../hashes.json", import.meta.url);
const hashes = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;
const warn = vi.spyOn(console, "warn");

test.each(Object.entries(items))("the bits of %s are those of hashes.json", (name, run) => {
  expect(hash(run())).toBe(hashes[name]);
});

test("hashes.json names what is computed, no more and no less", () => {
  expect(Object.keys(hashes)).toEqual(Object.keys(items));
});

test("no function was called back, which warns", () => {
  const calledBack = warn.mock.calls
    .flat()
    .filter((text) => String(text).includes("called from compiled code"));
  expect(calledBack).toEqual([]);
});

test("hash(result) tells results apart by every bit, dtype, shape and key, but not NaN from NaN", () => {
  const results = [
    0,
    -0,
    1,
    "1",
    true,
    null,
    [1],
    [[1]],
    [1, 1],
    { a: 1 },
    { b: 1 },
    NaN,
    Infinity,
  ];
  expect(new Set(results.map((one) => hash(one))).size).toBe(results.length);
  const others = new Float64Array(
    new BigUint64Array([0xfff8000000000001n, 0x7ff8000000000002n]).buffer,
  );
  expect(hash(others[0])).toBe(hash(NaN));
  expect(hash(others[1])).toBe(hash(NaN));
  expect(hash({ a: 1, b: 2 })).toBe(hash({ b: 2, a: 1 }));
});
