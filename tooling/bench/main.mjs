// How long solves take: here, by hand, in C, with other packages, with Diffrax.
//
//   node main.mjs [compare] [precision] [details] [gradients] [start] [memory] [--problems=lorenz,…] [--rounds=7] [--slice=50] [--cpu]
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { problems } from "./problems.mjs";

/**
 * @typedef {object} Settings
 * @property {number} rounds How often everybody has a turn.
 * @property {number} milliseconds How long everybody is measured in every round.
 * @property {"ns" | "cpuNs"} clock The wall's, or the processor's.
 * @property {readonly string[]} problems The keys of those to be solved.
 */

// Loaded when their turn comes: some of them import the packages, which may not be built.
/** @type {Record<string, (settings: Settings) => Promise<void>>} */
const sections = {
  compare: async (settings) => (await import("./compare.mjs")).compare(settings),
  precision: async (settings) => (await import("./workPrecision.mjs")).workPrecision(settings),
  details: async (settings) => (await import("./details.mjs")).details(settings),
  gradients: async (settings) => (await import("./gradients.mjs")).gradients(settings),
  start: async () => (await import("./start.mjs")).start(),
  memory: async () => (await import("./memory.mjs")).memory(),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    slice: { type: "string", default: "50" },
    problems: { type: "string", default: Object.keys(problems).join() },
    cpu: { type: "boolean", default: false }, // where others keep the machine busy: not the wall clock
  },
});
for (const name of positionals) {
  if (!(name in sections)) {
    throw new Error(`bench: there is no part "${name}", only ${Object.keys(sections).join(", ")}`);
  }
}
for (const name of values.problems.split(",")) {
  if (!(name in problems)) {
    throw new Error(
      `bench: there is no problem "${name}", only ${Object.keys(problems).join(", ")}`,
    );
  }
}
if (!existsSync(fileURLToPath(import.meta.resolve("@diffrax-ts/core")))) {
  throw new Error("bench: the packages are not built yet; run `npm run build` first");
}

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${process.platform}-${process.arch}
Medians of ${values.rounds} interleaved rounds. Ratios are by the step where the steps are the same; by the solve where marked with *.\n`);

/** @type {Settings} */
const settings = {
  rounds: Number(values.rounds),
  milliseconds: Number(values.slice),
  clock: values.cpu ? "cpuNs" : "ns",
  problems: values.problems.split(","),
};
for (const [name, run] of Object.entries(sections)) {
  if (positionals.length === 0 || positionals.includes(name)) await run(settings);
}
