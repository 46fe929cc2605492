import { spawnSync } from "node:child_process";
import { benchOf, onOneCore, ours } from "./builds.mjs";
import { cliffs } from "./cliffCases.mjs";
import { median } from "./statistics.mjs";
import { printTable, time } from "./table.mjs";

/**
 * What must not cost much more than the same work done otherwise: here, and in another checkout if one is named.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function cliffsOf({ rounds, milliseconds, other, cases }) {
  const folders = [ours, ...(other === null ? [] : [other])].map(benchOf);
  const rows = Object.keys(cliffs)
    .filter((name) => cases.test(name))
    .map((name) => {
      const answers = folders.map((cwd) => {
        const args = ["cliff.mjs", name, String(rounds), String(milliseconds)];
        const { stdout, stderr } = spawnSync(...onOneCore(args), { cwd, encoding: "utf8" });
        if (stdout === "") console.error(`${name}: ${stderr}`);
        return stdout === "" ? null : JSON.parse(stdout);
      });
      const ratios = answers.map((answer) =>
        answer === null ? NaN : median(answer[1].map((x, i) => x / answer[0][i])),
      );
      const { most } = cliffs[name];
      return [
        name,
        (answers[0] ?? [[NaN], [NaN]]).map((times) => time(median(times))),
        `${most}x`,
        ratios.map((ratio, i) => `${ratio.toFixed(2)}x${i === 0 && !(ratio <= most) ? " !" : ""}`),
      ];
    });
  const head = ["Cliffs", "without", "with", "at most", "is", ...(other === null ? [] : ["was"])];
  printTable(head, rows);
}
