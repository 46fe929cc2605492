// Builds the package in the current folder: dist/ receives the declarations, one file per source
// file, and index.js, everything in src/ rolled up into one module with a source map. Where the
// package exports "./bundle", bundle.js is that with all that it imports: one file for a page. Where
// there is a src/worker.ts, worker.js is what threads load.
//
//   node ../../tooling/build.mjs              packages/*
//   node ../../tooling/build.mjs a/main.ts    docs/examples: programs, each rolled up as dist/a/main.js
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { prune } from "./prune.mjs";

const folder = process.cwd();
const programs = process.argv.slice(2);

if (programs.length === 0) prune(folder);
const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const { status } = spawnSync(process.execPath, [tsc, "-b"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

if (programs.length === 0) {
  await rollUp("./src/index.ts", "dist/index.js");
  if (existsSync(join(folder, "src/worker.ts"))) await rollUp("./src/worker.ts", "dist/worker.js");
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if ("./bundle" in exports) await bundle("./src/index.ts", "dist/bundle.js");
}
for (const program of programs) {
  await rollUp(`./${program}`, `dist/${program.replace(/\.ts$/, ".js")}`);
}

/**
 * Everything that `entry` imports by a relative path goes into `file`; packages stay imports.
 *
 * @param {string} entry
 * @param {string} file
 */
async function rollUp(entry, file) {
  await build({
    cwd: folder,
    input: entry,
    platform: "neutral",
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    logLevel: "warn",
    output: {
      file,
      format: "esm",
      sourcemap: true,
      // Engines read every character before they run anything, and the first solve in a process mostly consists of
      // that. Names of functions stay, and so do lines: what an error shows of the code can be read.
      comments: { legal: true, annotation: true, jsdoc: false },
      minify: {
        compress: false,
        mangle: { toplevel: false, keepNames: { function: true, class: true } },
        codegen: { removeWhitespace: false, asciiOnly: true },
      },
      // The package holds src/, where the map points; a second copy in the map helps nobody.
      sourcemapExcludeSources: true,
      cleanDir: false,
    },
  });
}

/**
 * Everything that `entry` imports goes into `file`, minified: engines take a quarter less time to read it.
 * The map holds the sources, which lie in several packages.
 *
 * @param {string} entry
 * @param {string} file
 */
async function bundle(entry, file) {
  await build({
    cwd: folder,
    input: entry,
    platform: "neutral",
    resolve: { conditionNames: ["@diffrax-ts/source", "import"], mainFields: ["module", "main"] },
    logLevel: "warn",
    output: {
      file,
      format: "esm",
      sourcemap: true,
      comments: { legal: true, annotation: false, jsdoc: false },
      minify: {
        compress: true,
        mangle: { toplevel: true },
        codegen: { removeWhitespace: true, asciiOnly: true },
      },
      cleanDir: false,
    },
  });
}
