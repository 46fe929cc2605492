// Compiles the type tests, here and in packages/*/test/types, against the built declarations of the
// packages, with every TypeScript that is supported; and has each of them explain the mistakes of mistakes.mjs.
//
//   node tooling/types/check.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "../files.mjs";
import { run } from "../process.mjs";
import { mistakes, mostCharacters, mostLines } from "./mistakes.mjs";

const compilers = {
  "TypeScript 5.4": "typescript-5.4/bin/tsc",
  "TypeScript 5.9": "typescript-5.9/bin/tsc",
  "TypeScript 7": "typescript/bin/tsc",
};

const imports =
  'import { diffeqsolve, diffeqsolveAsync, grad, integrator, Tsit5 } from "@diffrax-ts/core";';
const compilerOptions = {
  module: "nodenext",
  target: "es2022",
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
};

const results = await Promise.all(
  Object.entries(compilers).map(async ([name, bin]) => {
    const tsc = join(root, "node_modules", bin);
    const { status, output } = await run(process.execPath, [
      tsc,
      "-p",
      join(root, "tooling/types"),
    ]);
    console.log(`${name}: ${status === 0 ? "passed" : `failed\n${output}`}`);
    const complaints = await explain(tsc);
    for (const complaint of complaints) console.log(`${name}: ${complaint}`);
    const wrong = (status === 0 ? 0 : 1) + complaints.length;
    return { passed: 1 + Object.keys(mistakes).length - wrong, failed: wrong };
  }),
);
const sum = (/** @type {"passed" | "failed"} */ key) =>
  results.reduce((total, counts) => total + counts[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") > 0 ? 1 : 0;

/**
 * Compiles the mistakes, each a file of its own.
 *
 * @param {string} tsc
 * @returns {Promise<string[]>} What is wrong with the messages: too long, or without the point.
 */
async function explain(tsc) {
  // Within this folder, so that packages are found.
  const cache = join(root, "tooling/types/node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "mistakes-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const names = Object.keys(mistakes);
    for (const [i, name] of names.entries())
      writeFileSync(
        join(folder, `m${i}.ts`),
        `${imports}\nvoid [diffeqsolve, diffeqsolveAsync, grad, integrator, Tsit5];\nexport const made = ${mistakes[name]?.[0]};\n`,
      );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, include: ["*.ts"] }),
    );
    const { output } = await run(process.execPath, [tsc, "-p", "."], { cwd: folder });
    // A message begins with the file, and goes on with lines that are indented.
    const messages = output.split(/^(?=\S)/mu);
    return names.flatMap((name, i) => {
      const text = messages.filter((message) => message.startsWith(`m${i}.ts(`)).join("");
      const lines = text.trimEnd().split("\n").length;
      const isShort = lines <= mostLines && text.length <= mostCharacters;
      const size = `${lines} lines, ${text.length} characters`;
      return [
        ...(isShort ? [] : [`${name}: the message is too long, ${size}:\n${text}`]),
        ...(mistakes[name]?.[1].test(text)
          ? []
          : [`${name}: the message misses the point:\n${text}`]),
      ].slice(0, 1);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
