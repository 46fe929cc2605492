import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 }); // whole processes, on machines that are busy

const examples = fileURLToPath(new URL("../..", import.meta.url));
const program = join(examples, "temp/lynx-hare.test.mjs");
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lynx-hare-"));
  await build({
    entryPoints: [join(examples, "lynx-hare/main.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["@diffrax-ts/source"],
    external: ["vega", "vega-lite", "csv-parse"],
    logLevel: "error",
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(program);
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });
}

test("npm start prints table, errors, steps, times and a chart, and writes a picture", () => {
  const { status, stdout, stderr } = run("--svg", "pictures/pelts.svg");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain("1903   77.4    59.4   35.2    32.7\n");
  expect(stdout).toContain("root-mean-square error   hare 9.64, lynx 6.38\n");
  expect(stdout).toMatch(/steps +52 accepted, 11 rejected\n/);
  expect(stdout).toMatch(/time to first solution +[\d.]+ ms/);
  expect(stdout).toMatch(/time of the next one +[\d.]+ ms/);
  expect(stdout).toContain("● solid: hare   ◆ dotted: lynx\n");
  expect(stdout).not.toContain("\u001B");
  expect(stdout).toMatch(/picture written to pictures.pelts\.svg\n$/);
  expect(readFileSync(join(folder, "pictures/pelts.svg"), "utf8")).toMatch(/^<svg /);
});

test("npm start -- file.csv says where the numbers of its model come from", () => {
  writeFileSync(join(folder, "own.csv"), "t,vole,owl\n0,500,20\n1,900,30\n2,400,70\n3,300,40\n");
  const { status, stdout } = run("own.csv", "--beta", "0.02", "--svg", "own.svg");
  expect(status).toBe(0);
  expect(stdout).toMatch(/α +0\.55 +published\n/);
  expect(stdout).toMatch(/β +0\.02 +--beta\n/);
  expect(stdout).toMatch(/δ +0\.0016 +scaled to the mean of vole\n/); // 0.84 / 525
  expect(stdout).toMatch(/vole, owl at t 0 +500, 20 +the first row\n/);
  expect(stdout).toContain("Not fitted to these data.");
});

test.each([
  [["missing.csv"], "missing.csv: there is no such file\n"],
  [["broken.csv"], 'broken.csv: line 3, lynx: "n/a" is not a number, expected one such as 30.5\n'],
  [["--svg", "broken.csv/a.svg"], "the picture cannot be written to "],
])("npm start -- %s fails with one message and no stack", (args, message) => {
  writeFileSync(join(folder, "broken.csv"), "year,hare,lynx\n1900,30,4\n1901,47,n/a\n");
  const { status, stderr } = run(...args);
  expect(status).toBe(1);
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("npm start -- --help names every option", () => {
  const { status, stdout } = run("--help");
  expect(status).toBe(0);
  for (const name of ["alpha", "beta", "gamma", "delta", "start", "svg", "help"]) {
    expect(stdout).toContain(`--${name}`);
  }
});
