import { spawnSync } from "node:child_process";
import process from "node:process";
import { benchOf, ours } from "./builds.mjs";
import { cases } from "./cases.mjs";
import { printTable } from "./table.mjs";

/**
 * What is compiled for the cases, beside what another build compiles: equations, instructions and bytes of the modules.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function instructions(settings) {
  const builds = [benchOf(settings.other ?? ""), benchOf(ours)];
  const names = Object.keys(cases).filter((name) => settings.cases.test(name));
  const rows = names.map((name) => {
    const [old, now] = builds.map((cwd) => {
      const { stdout, stderr } = spawnSync(process.execPath, ["instructions.mjs", name], {
        cwd,
        encoding: "utf8",
      });
      if (stdout === "") throw new Error(`bench: ${name}: ${stderr}`);
      return JSON.parse(stdout);
    });
    return [
      name,
      ["equations", "instructions", "bytes"].flatMap((what) => [
        String(old[what]),
        now[what] === old[what] ? "=" : `${now[what]}${now[what] > old[what] ? " +" : " -"}`,
      ]),
    ];
  });
  const head = ["equations", "instructions", "bytes"].flatMap((what) => [what, "now"]);
  printTable(["Compiled (+ where it grew)", ...head], rows);
}
