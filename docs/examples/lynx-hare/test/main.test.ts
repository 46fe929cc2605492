import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const examples = fileURLToPath(new URL("../..", import.meta.url));
const program = join(examples, "temp/lynx-hare.test.mjs");
const own = "t,vole,owl\n0,500,20\n1,900,30\n2,400,70\n3,300,40\n";
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

test("npm start fits the model, prints numbers, table, errors, steps, times and charts, and writes a picture", () => {
  const { status, stdout, stderr } = run("--svg", "pictures/pelts.svg");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/α +0\.5402 ± 0\.059 +0\.7161 +the best speed tried\n/);
  expect(stdout).toMatch(/hare at year 1900 +34\.60 ± 2\.8 +30\.00 +the first row\n/);
  expect(stdout).toMatch(/iterations +\d+ = \d+ \+ \d+ \+ \d+ \+ \d+\n/);
  expect(stdout).toContain("1903   77.4    66.0   35.2    29.8\n");
  expect(stdout).toContain("root-mean-square error   hare 5.09, lynx 4.18\n");
  expect(stdout).toMatch(/steps +124 accepted, 16 rejected\n/);
  expect(stdout).toMatch(/time to first solution +[\d.]+ ms/);
  expect(stdout).toMatch(/time of the next one +[\d.]+ ms/);
  expect(stdout).toMatch(/time of the fit +[\d.]+ ms/);
  expect(stdout).toContain("● hare   solid: fit   dotted: first guess\n");
  expect(stdout).toContain("◆ lynx   solid: fit   dotted: first guess\n");
  expect(stdout).not.toContain("\u001B");
  expect(stdout).toMatch(/picture written to pictures.pelts\.svg\n$/);
  expect(readFileSync(join(folder, "pictures/pelts.svg"), "utf8")).toMatch(/^<svg /);
});

test("npm start -- file.csv says where the fit began, and where those numbers come from", () => {
  writeFileSync(join(folder, "own.csv"), own);
  const { status, stdout } = run("own.csv", "--beta", "0.02", "--svg", "own.svg");
  expect(status).toBe(0);
  expect(stdout).toMatch(/β +[\d.]+ ± [\d.]+ +0\.02000 +--beta\n/);
  expect(stdout).toMatch(/δ +[\d.]+ ± [\d.]+ +[\d.]+ +γ \/ mean\(vole\)\n/);
  expect(stdout).toMatch(/owl at t 0 +[\d.]+ ± [\d.]+ +20\.00 +the first row\n/);
});

test("npm start -- file.csv --no-fit draws what a fit would begin with", () => {
  writeFileSync(join(folder, "own.csv"), own);
  const { status, stdout } = run("own.csv", "--no-fit", "--alpha", "1", "--svg", "own.svg");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ +not fitted\nα +1\.000 +--alpha\n/m);
  expect(stdout).not.toMatch(/±|time of the fit|first guess/);
  expect(stdout).toContain("● vole   solid: model\n");
});

test("npm start -- file.csv with prey and predator in each other's place fails, and says what may help", () => {
  const pelts = readFileSync(join(examples, "lynx-hare/pelts.csv"), "utf8");
  const swapped = pelts.replaceAll(/^(\w+),(.+),(.+)$/gm, "$1,$3,$2");
  writeFileSync(join(folder, "swapped.csv"), swapped);
  const { status, stderr } = run("swapped.csv");
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^the fit did not converge: [^]*What may help:\n {2}- columns in the order/,
  );
});

test.each([
  [["zero.csv"], "zero.csv: line 3, hare: 0 has no logarithm, "],
  [["missing.csv"], "missing.csv: there is no such file\n"],
  [["broken.csv"], 'broken.csv: line 3, lynx: "n/a" is not a number, expected one such as 30.5\n'],
  [["--svg", "broken.csv/a.svg"], "the picture cannot be written to "],
])("npm start -- %s fails with one message and no stack", (args, message) => {
  writeFileSync(join(folder, "broken.csv"), "year,hare,lynx\n1900,30,4\n1901,47,n/a\n");
  writeFileSync(join(folder, "zero.csv"), "year,hare,lynx\n1900,30,4\n1901,0,6\n");
  const { status, stderr } = run(...args);
  expect(status).toBe(1);
  expect(stderr.startsWith(message)).toBe(true);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("npm start -- --help names every option", () => {
  const { status, stdout } = run("--help");
  expect(status).toBe(0);
  for (const name of ["alpha", "beta", "gamma", "delta", "start", "no-fit", "svg", "help"]) {
    expect(stdout).toContain(`--${name}`);
  }
});
