import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The checkout that this file is in. */
export const ours = join(here, "../..");

/**
 * A copy of this bench that imports the built packages of a checkout: two builds are asked the same, in the same way.
 *
 * @param {string} checkout
 * @returns {string} The folder with its contestants.
 */
export function benchOf(checkout) {
  const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-build-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(here, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const scope = join(folder, "node_modules/@diffrax-ts");
  mkdirSync(scope, { recursive: true });
  const packages = join(checkout, "packages");
  for (const name of readdirSync(packages))
    symlinkSync(join(packages, name), join(scope, name), "junction");
  return join(folder, "contestants");
}

/**
 * A command that starts Node, or another program, on one core, the same for everybody, where `taskset` is there to see to it.
 *
 * @param {readonly string[]} args
 * @returns {readonly [command: string, args: readonly string[]]}
 */
export function onOneCore(args, program = process.execPath) {
  core ??= firstCore();
  return core === null ? [program, args] : ["taskset", ["--cpu-list", core, program, ...args]];
}

/** @type {string | null | undefined} */
let core;

function firstCore() {
  if (spawnSync("taskset", ["--version"]).status !== 0) return null;
  const status = readFileSync("/proc/self/status", "utf8");
  return /^Cpus_allowed_list:\s*(\d+)/m.exec(status)?.[1] ?? null;
}
