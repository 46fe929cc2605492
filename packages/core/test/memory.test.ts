import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Usage } from "./memory/solveMany.ts";

/** What is left in a new process at its start, and after each of two rounds of solves. */
async function usagesOf(first: number, second: number, turns: number): Promise<readonly Usage[]> {
  const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-memory-"));
  try {
    const outfile = join(folder, "solveMany.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "memory/solveMany.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2023",
      conditions: ["@diffrax-ts/source"],
    });
    const args = ["--expose-gc", outfile, first, second, turns].map(String);
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout) as Usage[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What belongs to one function takes some 100 kB, so 3 MB are what 30 of the 720 would leave, or 300 bytes for each solve. Base
// line and rest differ by half of that at most: V8 still learns of the types in code that is not run often.
test("10 000 solves of 1000 different functions, nested, interleaved and failing ones among them, leave nothing behind", async () => {
  const [start, before, after] = (await usagesOf(280, 720, 6)) as [Usage, Usage, Usage];
  expect(before.functions + after.functions).toBe(1000);
  expect(before.solves + after.solves).toBeGreaterThan(10_000);
  expect(after.failures).toBeGreaterThan(1000);
  expect(after.alive).toBe(0);
  expect(after.wasmInUse).toBe(0);
  expect(after.wasm).toBeLessThanOrEqual(4 * 1024 * 1024); // as much is kept when nothing runs
  expect(after.heap - before.heap).toBeLessThan(3e6);
  expect(after.external - start.external).toBeLessThan(3e6); // with 256 modules; a large solve alone has used 33 MB
}, 240_000);
