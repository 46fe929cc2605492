import { spawnSync } from "node:child_process";
import { benchOf, onOneCore, ours } from "./builds.mjs";
import { cases } from "./cases.mjs";
import { Contestant } from "./Contestant.mjs";
import { median } from "./statistics.mjs";
import { printTable, time } from "./table.mjs";

/** Slower by more than this, and by more than the old build differs from itself, is marked. */
const allowed = 0.03;

/**
 * This build beside that of another checkout, which takes part twice: how much it differs from itself is the spread.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function against(settings) {
  const old = benchOf(settings.other ?? "");
  const builds = [benchOf(ours), old, old];
  /** @type {[name: string, readings: number[][]][]} */
  const all = [];
  for (const name of Object.keys(cases)) {
    if (settings.cases.test(name)) all.push([name, await inRounds(builds, name, settings)]);
  }
  all.push(...inNewProcesses(builds, settings));

  const rows = all.map(([name, [now, before, again]]) => {
    const [ratios, spreads] = [now, again].map((list) => list.map((x, i) => x / before[i]));
    const sorted = spreads.toSorted((a, b) => a - b);
    const quarter = Math.floor(sorted.length / 4);
    const spread = Math.max(1 - sorted[quarter], sorted.at(-1 - quarter) - 1, 0);
    const ratio = median(ratios);
    return [
      name,
      time(median(before)),
      time(median(now)),
      ratio.toFixed(3),
      median(spreads).toFixed(3),
      `${(100 * spread).toFixed(1)} %`,
      ratio - 1 > Math.max(allowed, spread) ? "slower" : "",
    ];
  });
  printTable(["Against another build", "old", "new", "new/old", "old/old", "quartiles", ""], rows);
}

/**
 * Everybody in turn, round after round, each in a process of its own.
 *
 * @param {readonly string[]} builds
 * @param {string} name
 * @param {import("./main.mjs").Settings} settings
 */
async function inRounds(builds, name, { rounds, milliseconds, clock }) {
  const contestants = builds.map(
    (folder) => new Contestant(...onOneCore(["serve.mjs", name, "case"]), folder),
  );
  /** @type {number[][]} */
  const readings = builds.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < builds.length; turn++) {
      const who = (turn + round + 1) % builds.length; // nobody is always the first
      const answer = await contestants[who].ask(
        0,
        round < 0 ? Math.max(500, milliseconds) : milliseconds,
      );
      if (round >= 0) readings[who].push(answer?.[clock] ?? NaN);
    }
  }
  for (const contestant of contestants) contestant.leave();
  return readings;
}

/**
 * The import, the first solve and the first gradient: what passes inside a new process, whose own start does not count.
 *
 * @param {readonly string[]} builds
 * @param {import("./main.mjs").Settings} settings
 * @returns {[name: string, readings: number[][]][]}
 */
function inNewProcesses(builds, { rounds }) {
  const scripts = { solve: ["first.mjs", "ours", "plain"], gradient: ["firstGradient.mjs"] };
  return Object.entries(scripts).flatMap(([part, args]) => {
    const answers = builds.map(() => []);
    for (let round = -1; round < rounds; round++) {
      for (const [who, cwd] of builds.entries()) {
        const { stdout } = spawnSync(...onOneCore(args), { cwd, encoding: "utf8" });
        if (round >= 0) answers[who].push(JSON.parse(stdout)); // before that the caches of the disk are filled
      }
    }
    return ["import", part].map((key) => [
      `new process: ${key === part ? `first ${part}` : `import for it (${part})`}`,
      answers.map((list) => list.map((answer) => answer[key] * 1e6)),
    ]);
  });
}
