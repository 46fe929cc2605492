import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "./files.mjs";

/**
 * The script behind a command of an installed package, to be run by `process.execPath`.
 *
 * @param {string} name
 * @param {string} [command]
 * @returns {string}
 */
export function bin(name, command = name) {
  const folder = join(root, "node_modules", name);
  const field = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).bin;
  return join(folder, typeof field === "string" ? field : field[command]);
}

/**
 * Runs a command to its end; with `show`, its output goes to ours and not into the result.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly show?: boolean }} [options]
 * @returns {Promise<{ status: number, output: string }>}
 */
export function run(command, args, { cwd = root, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const quiet = { TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...quiet },
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr?.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}
