// Every check and every test, one after the other. The last line says how many passed and failed.
//
//   node tooling/test.mjs
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { packageFolders, readText, root } from "./files.mjs";
import { bin, run } from "./process.mjs";
import { prune } from "./prune.mjs";

/** @typedef {{ readonly passed: number, readonly failed: number, readonly output?: string }} Outcome */

const node = process.execPath;
let passed = 0;
let failed = 0;

// What is left in dist/ of deleted sources must not help any check to pass.
for (const name of packageFolders()) prune(join(root, "packages", name));
const built = await check("build", () => turbo("build"));
await check("types", () => one([bin("typescript", "tsc"), "-b"]));
await check("package graph", () => one([join(root, "tooling/check-graph.mjs")]));
await check("circles of imports", () => one([join(root, "tooling/check-circles.mjs")]));
await check("lint", () => one([bin("oxlint"), "--type-aware", "--deny-warnings"]));
await check("format", () => one([bin("oxfmt"), "--check"]));
await check("unused code", () => one([bin("knip"), "--no-config-hints"]));
if (built) {
  await check("API reports", () => turbo("check:api"));
  await check("types as users see them", () => turbo("check:types"));
  await check("packages as users get them", () => turbo("check:packages"));
  await check("types of the examples", () => one([join(root, "tooling/doctest/check.mjs")]));
  await check("sizes", sizes);
  await check("bits on another Node", bits);
}
await check("tests and examples", tests);

if (!built)
  console.log("\nThe build failed: what reads dist/ was not checked, or is of an older build.");
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} name
 * @param {() => Promise<Outcome>} body
 * @returns {Promise<boolean>} Whether nothing failed.
 */
async function check(name, body) {
  process.stdout.write(`${name} … `);
  const start = performance.now();
  const outcome = await body();
  passed += outcome.passed;
  failed += outcome.failed;
  const time = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const counts = `${outcome.passed} passed, ${outcome.failed} failed`;
  console.log(
    outcome.failed === 0 ? `${counts} (${time})` : `${counts} (${time})\n${outcome.output ?? ""}`,
  );
  return outcome.failed === 0;
}

/**
 * A command that counts as one check.
 *
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
async function one(args) {
  const { status, output } = await run(node, args);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output };
}

/**
 * A task of turbo.json, which is not run again while its inputs stay the same. It counts as one
 * check, or as many as its output says it counted.
 *
 * @param {string} task
 * @returns {Promise<Outcome>}
 */
async function turbo(task) {
  const logs = task === "build" ? "errors-only" : "full";
  const { status, output } = await run(node, [bin("turbo"), "run", task, `--output-logs=${logs}`]);
  return counted(status, output);
}

/**
 * What the last line with counts says; without one, one check.
 *
 * @param {number} status
 * @param {string} output
 * @returns {Outcome}
 */
function counted(status, output) {
  const counts = [...output.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  if (counts !== undefined) return { passed: Number(counts[1]), failed: Number(counts[2]), output };
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output };
}

/** One check for every entry of .size-limit.json. */
async function sizes() {
  if (JSON.parse(readText(".size-limit.json")).length === 0) return { passed: 0, failed: 0 };
  const { output } = await run(node, [bin("size-limit"), "--json"]);
  /** @type {{ name: string, passed: boolean, size: number, sizeLimit: number }[]} */
  const entries = JSON.parse(output.slice(output.indexOf("[")));
  const bad = entries.filter((entry) => !entry.passed);
  const lines = bad.map(
    ({ name, size, sizeLimit }) => `${name}: ${size} bytes, limit ${sizeLimit}`,
  );
  return { passed: entries.length - bad.length, failed: bad.length, output: lines.join("\n") };
}

/** Every result counts whose bits are compared. */
async function bits() {
  const { status, output } = await run(node, [join(root, "tooling/bits/otherNodes.mjs")]);
  return counted(status, output);
}

/** Every test counts, and every file that could not be loaded is one failure. */
async function tests() {
  const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-test-"));
  try {
    const file = join(folder, "results.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const vitest = [bin("vitest"), "run", "--passWithNoTests", ...reporters];
    console.log();
    const { status } = await run(node, vitest, { show: true });
    if (!existsSync(file)) return { passed: 0, failed: 1, output: "vitest came to no end" };
    const results = JSON.parse(readFileSync(file, "utf8"));
    const broken = results.testResults.filter(
      (/** @type {{ status: string, assertionResults: unknown[] }} */ suite) =>
        suite.status === "failed" && suite.assertionResults.length === 0,
    ).length;
    const bad = results.numFailedTests + broken;
    process.stdout.write("tests and examples … ");
    return { passed: results.numPassedTests, failed: status === 0 ? bad : Math.max(1, bad) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
