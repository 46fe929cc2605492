import { expect, test } from "vitest";
import type { Usage } from "./memory/solveMany.ts";
import type { TrainingUsage } from "./memory/train.ts";
import { runAlone } from "./support/runAlone.ts";

// What belongs to one function takes some 100 kB, so 3 MB are what 30 of the 720 would leave, or 300 bytes for each solve. Base
// line and rest differ by half of that at most: V8 still learns of the types in code that is not run often.
test("10 000 solves of 1000 different functions, nested, interleaved and failing ones among them, leave nothing behind", async () => {
  const usages = (await runAlone("solveMany.ts", [280, 720, 6])) as [Usage, Usage, Usage];
  const [start, before, after] = usages;
  expect(before.functions + after.functions).toBe(1000);
  expect(before.solves + after.solves).toBeGreaterThan(10_000);
  expect(after.failures).toBeGreaterThan(1000);
  expect(after.alive).toBe(0);
  expect(after.wasmInUse).toBe(0);
  expect(after.wasm).toBeLessThanOrEqual(4 * 1024 * 1024); // as much is kept when nothing runs
  expect(after.heap - before.heap).toBeLessThan(3e6);
  expect(after.external - start.external).toBeLessThan(3e6); // with the last modules; a large solve alone has used 33 MB
}, 240_000);

test("a training loop of 45 000 steps traces and compiles in its first step alone, and its memory stays flat", async () => {
  const [first, early, late] = (await runAlone("train.ts", [5_000, 40_000, 0])) as TrainingUsage[];
  expect(first!.traces).toBeGreaterThan(0);
  expect([late!.traces, late!.modules]).toEqual([first!.traces, first!.modules]);
  expect(late!.loss).toBeLessThan(first!.loss / 100);
  // One number for each step would be 320 kB.
  expect(late!.heap - early!.heap).toBeLessThan(1.6e5);
  expect(late!.external - early!.external).toBeLessThan(1.6e5);
  expect(late!.wasmInUse).toBe(0);
}, 120_000);

test("after 100 large gradients memory comes back to its base line", async () => {
  const [, before, after] = (await runAlone("train.ts", [1, 1, 100])) as TrainingUsage[];
  expect(after!.heap - before!.heap).toBeLessThan(1e6);
  expect(after!.external - before!.external).toBeLessThan(1e6); // one of them remembers 200 states of 2000 numbers: 3 MB
  expect(after!.wasm).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(after!.wasmInUse).toBe(0);
}, 120_000);
