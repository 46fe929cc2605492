import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Runs a program of `test/memory` in a process of its own that can collect garbage, and gives what it prints as JSON. */
export async function runAlone(program: string, args: readonly number[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-memory-"));
  try {
    const outfile = join(folder, "program.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "../memory", program)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "es2023",
      conditions: ["@diffrax-ts/source"],
    });
    const flags = ["--expose-gc", outfile, ...args.map(String)];
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
