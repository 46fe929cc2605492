// Compiles the type tests, here and in packages/*/test/types, against the built declarations of the
// packages, with every TypeScript that is supported.
//
//   node tooling/types/check.mjs
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { root } from "../files.mjs";

const compilers = {
  "TypeScript 5.4": "typescript-5.4/bin/tsc",
  "TypeScript 5.9": "typescript-5.9/bin/tsc",
  "TypeScript 7": "typescript/bin/tsc",
};

const results = await Promise.all(
  Object.entries(compilers).map(async ([name, bin]) => {
    const tsc = join(root, "node_modules", bin);
    const child = spawn(process.execPath, [tsc, "-p", join(root, "tooling/types")]);
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    const status = await new Promise((resolve) => child.on("close", resolve));
    console.log(`${name}: ${status === 0 ? "passed" : `failed\n${output}`}`);
    return status === 0;
  }),
);
const failed = results.filter((passed) => !passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
