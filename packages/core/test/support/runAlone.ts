import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/**
 * Runs a program of `test/memory` in a process of its own that can collect garbage, and gives what it prints as JSON.
 *
 * @param input - What it finds on its standard input.
 */
export async function runAlone(
  program: string,
  args: readonly number[],
  input = "",
): Promise<unknown> {
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
    const running = promisify(execFile)(process.execPath, flags, { maxBuffer: 2 ** 26 });
    running.child.stdin!.end(input);
    return JSON.parse((await running).stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
