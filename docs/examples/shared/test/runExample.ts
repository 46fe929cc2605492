import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a run of an example left behind. */
export interface ExampleRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The picture; empty if there is none. */
  readonly svg: string;
}

const examples = fileURLToPath(new URL("../..", import.meta.url));

/** Runs an example as a process of its own, from source, with the given options. */
export async function runExample(name: string, ...args: string[]): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const program = join(examples, `temp/${name}-${process.pid}.test.mjs`);
  try {
    await build({
      entryPoints: [join(examples, name, "main.ts")],
      outfile: program,
      bundle: true,
      format: "esm",
      platform: "node",
      conditions: ["@diffrax-ts/source"],
      external: ["vega", "vega-lite"],
      logLevel: "error",
    });
    const options = { cwd: folder, encoding: "utf8" } as const;
    const command = [program, "--svg", "pictures/a.svg", ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return { status, stdout, stderr, svg: status === 0 ? readSvg(folder) : "" };
  } finally {
    rmSync(program, { force: true });
    rmSync(folder, { recursive: true });
  }
}

function readSvg(folder: string): string {
  try {
    return readFileSync(join(folder, "pictures/a.svg"), "utf8");
  } catch {
    return "";
  }
}
