// In the tests of our packages traces that are found are made again and compared, often enough to find a function that uses what
// changes. Tests that count traces switch it off.
import fc from "fast-check";
import { afterEach, expect } from "vitest";
import { checkTraces } from "../../packages/autodiff/src/checkTraces.ts";

// oxlint-disable-next-line vitest/no-standalone-expect -- it alone knows which file is being run
if (expect.getState().testPath?.includes("/docs/examples/") !== true) checkTraces("rarely");

// A run of the tests is repeated to the last value that they draw. SEED=random draws others, which the error of a failure then names.
const { SEED } = process.env;
if (SEED !== "random") fc.configureGlobal({ seed: Number(SEED ?? 1) });

// A warning belongs to a test that expects it, and spies on console.warn. One is left out here: tests make functions anew for each example.
const warnings: string[] = [];
console.warn = (...words: unknown[]) => {
  const text = words.join(" ");
  if (!text.includes("functions with one source were compiled")) warnings.push(text);
};
afterEach(() => {
  // oxlint-disable-next-line vitest/no-standalone-expect -- of every test
  expect(warnings.splice(0)).toEqual([]);
});
