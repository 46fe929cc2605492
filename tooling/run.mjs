// What `npm start`, `npm run example`, `npm test` and `npm run test:browser` do, on a machine with nothing but Node and
// npm: get the pinned pnpm, install from the lockfile, build, run. Every step that has nothing to
// do is skipped, so the second time takes seconds.
//
//   node tooling/run.mjs start [arguments of the main example]
//   node tooling/run.mjs example NAME [options]
//   node tooling/run.mjs test
//   node tooling/run.mjs test:browser
//   node tooling/run.mjs update:api
//   node tooling/run.mjs bench [sections and options of tooling/bench/main.mjs]
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { filesBelow, readText, root } from "./files.mjs";
import { npmCommand } from "./npm.mjs";
import { bin, run } from "./process.mjs";

const jobs = { start, example, test, "test:browser": testBrowser, "update:api": updateApi, bench };
const [name = "", ...args] = process.argv.slice(2);
const job = Object.entries(jobs).find(([key]) => key === name)?.[1];
if (job === undefined)
  fail(`run.mjs: there is no job "${name}", only ${Object.keys(jobs).join(", ")}`);

if (job === example) checkExample();
checkNode();
await install();
await job();

async function start() {
  await runExample("lynx-hare", args);
}

async function example() {
  const [which = "", ...options] = args;
  await runExample(which, options);
}

/**
 * @param {string} which
 * @param {readonly string[]} options
 */
async function runExample(which, options) {
  await build();
  const main = join(root, "docs/examples/dist", which, "main.js");
  const cwd = process.env["INIT_CWD"] ?? process.cwd(); // where the user typed `npm start`
  process.exitCode = (await run(process.execPath, [main, ...options], { cwd, show: true })).status;
}

/** Says what there is, unless the user has named one of them. */
function checkExample() {
  const names = filesBelow("docs/examples", /^docs\/examples\/[^/]+\/main\.ts$/).map(
    (file) => file.split("/")[2] ?? "",
  );
  const [which] = args;
  if (which !== undefined && names.includes(which)) return;
  const problem =
    which === undefined ? "Which example? There are" : `There is no example "${which}". There are`;
  fail(`${problem}\n\n${names.map((one) => `    npm run example -- ${one}\n`).join("")}`);
}

async function test() {
  process.exitCode = (
    await run(process.execPath, [join(root, "tooling/test.mjs")], { show: true })
  ).status;
}

async function testBrowser() {
  await build();
  const main = join(root, "tooling/browser/run.mjs");
  process.exitCode = (await run(process.execPath, [main], { show: true })).status;
}

async function bench() {
  await build();
  const main = join(root, "tooling/bench/main.mjs");
  process.exitCode = (await run(process.execPath, [main, ...args], { show: true })).status;
}

async function updateApi() {
  await build();
  const main = join(root, "tooling/api.mjs");
  process.exitCode = (await run(process.execPath, [main, "--update"], { show: true })).status;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const fits = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major > 22;
  if (!fits) {
    fail(`diffrax-ts needs Node 20.19 or newer (22.12 or newer of the 22 line); this is ${process.version}.
Get one from https://nodejs.org, or try: npx --yes -p node@24 -- npm ${name.includes(":") ? `run ${name}` : name}`);
  }
}

/** Installs what the lockfile names, unless the last installation was of the same lockfile. */
async function install() {
  const notes = join(root, "node_modules/.cache/diffrax-ts/installed.json");
  const inputs = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"];
  for (const folder of ["packages", "tooling", "docs"]) {
    inputs.push(...filesBelow(folder, /(^|\/)package\.json$/));
  }
  const hash = createHash("sha256");
  for (const file of inputs) hash.update(`${file}\n${readText(file)}\n`);
  const wanted = hash.digest("hex");

  const last = existsSync(notes) ? JSON.parse(readFileSync(notes, "utf8")) : {};
  let { pnpm } = last;
  if (last.wanted !== wanted || !existsSync(pnpm)) {
    const [npx, npxArgs] = npmCommand("npx");
    const pinned = JSON.parse(readText("package.json")).packageManager;
    const withPnpm = [...npxArgs, "--yes", `--package=${pinned}`];

    say(`getting ${pinned}`);
    const where = await run(npx, [...withPnpm, "-c", "node -p process.env.PATH"]);
    if (where.status !== 0) failDownload(where.output);
    pnpm = where.output
      .split("\n")
      .flatMap((line) => line.split(delimiter))
      .find((path) => path.includes("_npx"));
    if (pnpm === undefined) fail(`could not find the pnpm that npx installed:\n${where.output}`);

    say("installing packages (the first time downloads some 250 MB)");
    const installed = await run(npx, [...withPnpm, "--", "pnpm", "install", "--frozen-lockfile"]);
    if (installed.status !== 0) failDownload(installed.output);
    mkdirSync(dirname(notes), { recursive: true });
    writeFileSync(notes, JSON.stringify({ wanted, pnpm }));
  }
  process.env["PATH"] = [join(root, "node_modules/.bin"), pnpm, process.env["PATH"]].join(
    delimiter,
  );
}

async function build() {
  say("building (what has not changed is taken from the cache)");
  const turbo = await run(process.execPath, [
    bin("turbo"),
    "run",
    "build",
    "--output-logs=errors-only",
  ]);
  if (turbo.status !== 0) fail(`The build failed.\n${turbo.output}`);
}

/**
 * @param {string} output
 * @returns {never}
 */
function failDownload(output) {
  const offline =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|error sending request|dns error|network/i;
  const reason = offline.test(output)
    ? "The packages could not be downloaded: the registry was not reached. The first run needs the network\n(behind a proxy, set HTTPS_PROXY). Later runs do without."
    : "The packages could not be installed.";
  return fail(`${output.trim()}\n\n${reason}`);
}

/** @param {string} what */
function say(what) {
  console.log(`diffrax-ts: ${what}`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
