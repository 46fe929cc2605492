// Compares the bits of the built packages without SIMD, and on other versions of Node: on 24, or on 22 where this is 24. What is not there yet
// comes from the package registry, once: 45 MB, which a dependency would cost everybody who wants to see the example run.
//
//   node tooling/bits/otherNodes.mjs [20 22 26 …]
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { root } from "../files.mjs";
import { npmCommand } from "../npm.mjs";
import { run } from "../process.mjs";

const main = fileURLToPath(new URL("main.mjs", import.meta.url));
const another = process.versions.node.startsWith("24.") ? "22" : "24";
const given = process.argv.slice(2);
let passed = 0;
let failed = 0;

// A processor without SSE4.1, as V8 sees it, has no SIMD in WebAssembly either.
if (given.length === 0 && process.arch === "x64")
  await compare(process.execPath, "--no-enable-sse4-1");
for (const version of given.length > 0 ? given : [another]) await compare(await nodeOf(version));
console.log(`${passed} passed, ${failed} failed`);

/**
 * @param {string} node
 * @param {readonly string[]} options
 */
async function compare(node, ...options) {
  const { status, output } = await run(node, [...options, main]);
  console.log(`${options.join(" ")}\n${output.trimEnd()}`.trimStart());
  const counts = /(\d+) passed, (\d+) failed/.exec(output);
  passed += Number(counts?.[1] ?? 0);
  failed += Number(counts?.[2] ?? 1);
  if (status !== 0) process.exitCode = 1;
}

/**
 * The executable of a version of Node, from the package that holds it for this system (what the package `node` installs
 * by a script, and scripts may be switched off).
 *
 * @param {string} version
 * @returns {Promise<string>}
 */
async function nodeOf(version) {
  const { arch } = process;
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `${system === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${system}-${arch}`;
  const folder = join(root, "node_modules/.cache/diffrax-ts", `node-${version}`);
  const file = join(folder, "node_modules", name, "bin", system === "win" ? "node.exe" : "node");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const [npm, args] = npmCommand("npm");
    const options = ["--prefix", folder, "--no-save", "--no-package-lock", "--no-audit"];
    const all = [...args, "install", ...options, "--ignore-scripts", `${name}@${version}`];
    const { status, output } = await run(npm, all);
    if (status !== 0 || !existsSync(file))
      throw new Error(`${name}@${version} could not be installed:\n${output}`);
  }
  return file;
}
