import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import process from "node:process";

/**
 * How to start `npm` or `npx` of the npm that runs us, or of the one beside Node: the command, and
 * the arguments that come first. No shell stands in between, so that spaces in paths are harmless.
 *
 * @param {"npm" | "npx"} name
 * @returns {[command: string, args: string[]]}
 */
export function npmCommand(name) {
  const beside = join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js"); // Windows
  const cli = [process.env["npm_execpath"] ?? "", beside].find(
    (path) => path.endsWith("npm-cli.js") && existsSync(path),
  );
  if (cli === undefined) return [name, []];
  return [process.execPath, [cli.replace(/npm-cli\.js$/, `${name}-cli.js`)]];
}
