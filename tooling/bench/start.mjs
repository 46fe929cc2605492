import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";
import { printTable, time } from "./table.mjs";

/** Who is started, by name. */
const starters = {
  "diffrax-ts, plain": ["ours", "plain"],
  "diffrax-ts, traced": ["ours", "traced"],
  "JavaScript, arrays": ["typedArray"],
  "ode45-cash-karp": ["cashKarp"],
  dopri: ["dopri"],
  odex: ["odex"],
};
const processes = 15;

/** New processes, one after the other. */
export async function start() {
  firstSolves();
  newForms();
}

/** The import, and the first solve of Lotka–Volterra. */
function firstSolves() {
  const first = fileURLToPath(new URL("contestants/first.mjs", import.meta.url));
  /** @type {Map<string, Record<"start" | "import" | "solve", number>[]>} */
  const readings = new Map(Object.keys(starters).map((name) => [name, []]));
  for (let i = 0; i <= processes; i++) {
    for (const [name, args] of Object.entries(starters)) {
      const { status, stdout } = spawnSync(process.execPath, [first, ...args], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`bench: ${name} failed in a process of its own`);
      if (i > 0) readings.get(name)?.push(JSON.parse(stdout)); // the first one fills the caches of the disk
    }
  }
  printTable(
    [`In a new process (${processes} each)`, "Node itself", "import", "first solve", "least"],
    [...readings].map(([name, all]) => [
      name,
      ["start", "import", "solve"].map((part) => time(median(all.map((one) => one[part])) * 1e6)),
      time(Math.min(...all.map(({ solve }) => solve)) * 1e6),
    ]),
  );
}

/**
 * What a page meets that solves ten equations, each once: as long as the engine has optimised nothing, the tenth takes longer than in a
 * process that has been busy.
 */
function newForms() {
  const script = fileURLToPath(new URL("contestants/newForms.mjs", import.meta.url));
  /** @type {Record<string, (reading: { import: number, times: number[] }) => number>} */
  const parts = {
    import: (reading) => reading.import,
    "the first": ({ times }) => times[0] ?? NaN,
    "2nd to 10th, the median": ({ times }) => median(times.slice(1)),
    "2nd to 10th, the worst": ({ times }) => Math.max(...times.slice(1)),
  };
  /** @type {Record<string, string[]>} */
  const kinds = {
    solves: ["solve"],
    "solves, core/bundle": ["solve", "core/bundle"],
    gradients: ["gradient"],
  };
  /** @param {string[]} args */
  const inNewProcess = (...args) => {
    const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    if (status !== 0) throw new Error(`bench: ${args.join(" ")} failed in a process of its own`);
    return JSON.parse(stdout);
  };
  const rows = Object.entries(kinds).flatMap(([kind, args]) => {
    // The first one fills the caches of the disk.
    const readings = Array.from({ length: processes + 1 }, () => inNewProcess(...args)).slice(1);
    const { calls } = inNewProcess(...args, "--calls");
    const times = Object.entries(parts).map(([name, part]) => {
      const all = readings.map((reading) => part(reading) * 1e6);
      return [`${kind}: ${name}`, time(median(all)), time(Math.min(...all))];
    });
    return times.concat([[`${kind}: calls of functions for one`, `${Math.round(calls)}`, ""]]);
  });
  printTable(
    [`Of ten forms in a new process, with PIDController (${processes} each)`, "median", "least"],
    rows,
  );
}
