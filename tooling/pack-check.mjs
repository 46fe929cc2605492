// Packs every package, looks the tarballs over with publint and attw, installs them into an empty
// folder as a user of npm does, and there imports them all, compiles against their declarations,
// and runs the first example of the README of core, as TypeScript and as JavaScript, and that of
// ensemble, whose workers have to find their script.
//
//   node tooling/pack-check.mjs
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { transform } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { blocks } from "./doctest/blocks.mjs";
import { npmCommand } from "./npm.mjs";
import { packageFolders, readText, root } from "./files.mjs";

const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-pack-"));
const tarballs = join(folder, "tarballs");
const consumer = join(folder, "consumer");
let passed = 0;
let failed = 0;

try {
  mkdirSync(tarballs);
  mkdirSync(consumer);
  await check("pack", pack);
  for (const file of readdirSync(tarballs).toSorted()) {
    await check(`publint ${file}`, () => lintTarball(join(tarballs, file)));
    await check(`attw ${file}`, () => checkTypes(join(tarballs, file)));
  }
  await check("install into an empty folder", install);
  await check("import every package", importAll);
  await check("compile against the declarations", compile);
  const example = blocks(readText("packages/core/README.md"))[0]?.code;
  if (example !== undefined) {
    await check("README of core: TypeScript", () => compileExample(example));
    await check("README of core: JavaScript", () => runExample(example));
  }
  await check("README of core: the page without a bundler", runPage);
  const threads = blocks(readText("packages/ensemble/README.md"))[0]?.code;
  if (threads !== undefined)
    await check("README of ensemble: JavaScript", () => runExample(threads));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} name
 * @param {() => void | Promise<void>} body Throws if the check fails.
 */
async function check(name, body) {
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    console.log(`${name}: failed\n${error instanceof Error ? error.message : String(error)}`);
  }
}

function pack() {
  run("pnpm", ["--filter", "./packages/*", "pack", "--pack-destination", tarballs], root);
  const [found, wanted] = [readdirSync(tarballs).length, packageFolders().length];
  if (found !== wanted) throw new Error(`${found} tarballs of ${wanted} packages`);
}

/** @param {string} file */
async function lintTarball(file) {
  const bytes = readFileSync(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  if (messages.length > 0) {
    throw new Error(messages.map((message) => formatMessage(message, pkg)).join("\n"));
  }
}

/**
 * The packages are ESM only: how they would look to `require`, or to resolvers that know no
 * `exports`, does not count.
 *
 * @param {string} file
 */
async function checkTypes(file) {
  const result = await checkPackage(
    createPackageFromTarballData(new Uint8Array(readFileSync(file))),
  );
  if (!result.types) throw new Error("has no types");
  const problems = result.problems.filter(
    (problem) =>
      !("resolutionKind" in problem) || !/^node(10|16-cjs)$/.test(problem.resolutionKind),
  );
  if (problems.length > 0) throw new Error(JSON.stringify(problems, undefined, 2));
}

/** Nothing is downloaded: what the packages need from outside is copied from our own node_modules. */
function install() {
  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const [npm, args] = npmCommand("npm");
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  const options = ["--offline", "--install-links", "--no-audit", "--no-fund", "--ignore-scripts"];
  run(npm, [...args, "install", ...options, ...files, ...externals()], consumer);
}

/**
 * The folders of all packages that ours depend on and that are not ours.
 *
 * @returns {string[]}
 */
function externals() {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @type {(folder: string, modules: string) => void} */
  const visit = (folder, modules) => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (dependency.startsWith("@diffrax-ts/")) continue;
      const found = realpathSync(join(modules, dependency));
      if (folders.has(found)) continue;
      folders.add(found);
      // pnpm lays out what a package needs beside it: .pnpm/<package>/node_modules/*
      visit(found, found.slice(0, found.lastIndexOf(join("node_modules", dependency)) + 12));
    }
  };
  for (const name of packageFolders()) {
    const folder = join(root, "packages", name);
    visit(folder, join(folder, "node_modules"));
  }
  // Copies, for npm does not take folders that lie in a node_modules.
  return [...folders].map((found, i) => {
    const copy = join(folder, "externals", String(i));
    cpSync(found, copy, { recursive: true });
    return copy;
  });
}

function importAll() {
  const lines = packageFolders().map((name) => `await import("@diffrax-ts/${name}");\n`);
  writeFileSync(join(consumer, "all.js"), lines.join(""));
  run(process.execPath, ["all.js"], consumer);
}

function compile() {
  const lines = packageFolders().map(
    (name, i) => `export * as _${i} from "@diffrax-ts/${name}";\n`,
  );
  writeFileSync(join(consumer, "all.ts"), lines.join(""));
  tsc("all.ts");
}

/** @param {string} code */
function compileExample(code) {
  writeFileSync(join(consumer, "example.ts"), code);
  tsc("example.ts");
}

/** @param {string} code */
async function runExample(code) {
  const { code: js } = await transform(code, { loader: "ts", format: "esm" });
  writeFileSync(join(consumer, "example.js"), js);
  run(process.execPath, ["example.js"], consumer);
}

/** The script of the page, with what it writes into the page on the console. */
function runPage() {
  const html = /```html\n(.*?)```/su.exec(readText("packages/core/README.md"))?.[1] ?? "";
  const script = /<script type="module">(.*?)<\/script>/su.exec(html)?.[1] ?? "";
  const code = script
    .replace(/"https:[^"]*\/dist\/bundle\.js"/u, '"@diffrax-ts/core/bundle"')
    .replace(/document\.querySelector\(.*\)\.textContent = (.*);/u, "console.log($1);");
  if (!code.includes("core/bundle")) throw new Error("it does not import the bundle");
  writeFileSync(join(consumer, "page.js"), code);
  run(process.execPath, ["page.js"], consumer);
  // One file: it runs where nothing else is.
  const alone = join(folder, "alone");
  mkdirSync(alone);
  cpSync(join(consumer, "node_modules/@diffrax-ts/core/dist/bundle.js"), join(alone, "bundle.mjs"));
  writeFileSync(join(alone, "page.mjs"), code.replace("@diffrax-ts/core/bundle", "./bundle.mjs"));
  run(process.execPath, ["page.mjs"], alone);
}

/** @param {string} file */
function tsc(file) {
  const bin = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--noEmit"];
  run(process.execPath, [bin, ...options, file], consumer);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}
