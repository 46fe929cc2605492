// How long solves take: here, by hand, in C, with other packages, with Diffrax.
//
//   node main.mjs [compare] [precision] [stiff] [sde] [details] [gradients] [networks] [start] [memory] [--problems=lorenz,…] [--rounds=7] [--slice=50] [--cpu]
//
// What must not cost much more than the same work done otherwise, beside another checkout if one is named:
//
//   node main.mjs cliffs [--cases="in turn"] [--against=../base]
//
// What the project is measured by, all of it in some seven minutes, which writes docs/benchmarks.md:
//
//   DIFFRAX_PYTHON=… node main.mjs table --slice=100 [--cases="Lorenz"]
//
// Operations outside of jit, compiled and evaluated:
//
//   node main.mjs eager [--cases="sum|exp"]
//
// In Chromium, where there is one, for some minutes:
//
//   node main.mjs pages
//
// And against another checkout, which has to be built:
//
//   node main.mjs against instructions --against=../base [--cases="Lorenz|MLP"] [--rounds=15] [--slice=50] [--cpu]
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { problems } from "./problems.mjs";
import { stiffProblems } from "./stiffProblems.mjs";

/**
 * @typedef {object} Settings
 * @property {number} rounds How often everybody has a turn.
 * @property {number} milliseconds How long everybody is measured in every round.
 * @property {"ns" | "cpuNs"} clock The wall's, or the processor's.
 * @property {readonly string[]} problems The keys of those to be solved.
 * @property {string | null} other The other checkout, if there is one.
 * @property {RegExp} cases What is found in the names of the cases that are run against it.
 */

// Loaded when their turn comes: some of them import the packages, which may not be built.
/** @type {Record<string, (settings: Settings) => Promise<void>>} */
const sections = {
  compare: async (settings) => (await import("./compare.mjs")).compare(settings),
  precision: async (settings) => (await import("./workPrecision.mjs")).workPrecision(settings),
  stiff: async (settings) => (await import("./stiff.mjs")).stiff(settings),
  sde: async (settings) => (await import("./sde.mjs")).sde(settings),
  details: async (settings) => (await import("./details.mjs")).details(settings),
  gradients: async (settings) => (await import("./gradients.mjs")).gradients(settings),
  networks: async (settings) => (await import("./networks.mjs")).inBothDtypes(settings),
  start: async () => (await import("./start.mjs")).start(),
  memory: async () => (await import("./memory.mjs")).memory(),
  cliffs: async (settings) => (await import("./cliffs.mjs")).cliffsOf(settings),
  eager: async (settings) => (await import("./eager.mjs")).eager(settings),
  pages: async () => (await import("./pages.mjs")).pages(),
  against: async (settings) => (await import("./against.mjs")).against(settings),
  table: async (settings) => (await import("./benchmarks.mjs")).benchmarks(settings),
  instructions: async (settings) => (await import("./instructions.mjs")).instructions(settings),
};
const ofTwo = new Set(["against", "instructions"]);
/** Not among those that run where none is named: they want another checkout, a browser or minutes. */
const byName = new Set([...ofTwo, "cliffs", "eager", "pages", "table"]);

const known = Object.keys({ ...problems, ...stiffProblems });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    slice: { type: "string", default: "50" },
    problems: { type: "string", default: known.join() },
    against: { type: "string" },
    cases: { type: "string", default: "" },
    cpu: { type: "boolean", default: false }, // where others keep the machine busy: not the wall clock
  },
});
for (const name of positionals) {
  if (!(name in sections)) {
    throw new Error(`bench: there is no part "${name}", only ${Object.keys(sections).join(", ")}`);
  }
}
for (const name of values.problems.split(",")) {
  if (!known.includes(name))
    throw new Error(`bench: there is no problem "${name}", only ${known.join(", ")}`);
}
if (!existsSync(fileURLToPath(import.meta.resolve("@diffrax-ts/core")))) {
  throw new Error("bench: the packages are not built yet; run `npm run build` first");
}

const isOfTwo = positionals.some((name) => ofTwo.has(name));
if (isOfTwo && values.against === undefined)
  throw new Error("bench: --against=… names the other checkout, which has to be built");
const rounds = Number(values.rounds ?? (isOfTwo ? 15 : 7));

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${process.platform}-${process.arch}
Medians of ${rounds} interleaved rounds. Ratios are by the step where the steps are the same; by the solve where marked with *.\n`);

const base = process.env["INIT_CWD"] ?? process.cwd(); // where the user typed `npm run bench`
/** @type {Settings} */
const settings = {
  rounds,
  milliseconds: Number(values.slice),
  clock: values.cpu ? "cpuNs" : "ns",
  problems: values.problems.split(","),
  other: values.against === undefined ? null : resolve(base, values.against),
  cases: new RegExp(values.cases, "u"),
};
for (const [name, run] of Object.entries(sections)) {
  const isWanted = positionals.length === 0 ? !byName.has(name) : positionals.includes(name);
  if (isWanted) await run(settings);
}
