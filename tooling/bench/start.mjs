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

/** New processes, one after the other: the import, and the first solve of Lotka–Volterra. */
export async function start() {
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
