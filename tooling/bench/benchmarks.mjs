import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { rows } from "./benchmarkRows.mjs";
import { bounds } from "./bounds.mjs";
import { ours as checkout } from "./builds.mjs";
import { python } from "./peers.mjs";
import { median } from "./statistics.mjs";
import { time } from "./table.mjs";

/**
 * Every row in one run. Where none is left out, docs/benchmarks.md is written.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function benchmarks(settings) {
  process.env["XLA_FLAGS"] ??= "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1";
  process.env["JAX_PLATFORMS"] ??= "cpu";
  const wanted = rows.filter(({ what }) => settings.cases.test(what));
  const load = [loadavg()[0]];
  const lines = [];
  for (const row of wanted) {
    const line = lineOf(row, await measured(row, settings));
    console.log(`  ${line.join(" | ")}`);
    lines.push(line);
  }
  load.push(loadavg()[0]);
  if (wanted.length === rows.length)
    writeFileSync(join(checkout, "docs/benchmarks.md"), documentOf(lines, load, settings));
}

/**
 * Both sides in turn, round after round: times in ns of what is compared.
 *
 * @param {import("./benchmarkRows.mjs").Row} row
 * @param {import("./main.mjs").Settings} settings
 * @returns {Promise<Record<"ours" | "theirs", number[]> | null>}
 */
async function measured({ tol = 0, parts = [1, 1], ...row }, { rounds, milliseconds, clock }) {
  const sides = [row.ours(), row.theirs()];
  if (sides.includes(null)) {
    for (const side of sides) side?.leave();
    return null;
  }
  /** @type {number[][]} */
  const readings = [[], []];
  for (let round = -2; round < rounds; round++) {
    for (const who of round % 2 === 0 ? [0, 1] : [1, 0]) {
      // Before the first round that counts everybody compiles, and gets warm.
      const answer = await sides[who].ask(tol, Math.max(round < 0 ? 500 : 0, milliseconds));
      if (round >= 0) readings[who].push(answer[clock] / (answer.steps || 1) / parts[who]);
    }
  }
  for (const side of sides) side.leave();
  return { ours: readings[0], theirs: readings[1] };
}

const head = ["what", "against", "ours", "theirs", "ratio", "quartiles", "at most", "reached"];

/**
 * @param {import("./benchmarkRows.mjs").Row} row
 * @param {Awaited<ReturnType<typeof measured>>} found
 */
function lineOf({ what, against, atMost, isBytes, isBest = false }, found) {
  const asked = atMost === null ? "–" : String(atMost);
  if (found === null) return [what, against, "not available", "", "", "", asked, ""];
  const best = (all) => (isBest ? all.map(() => Math.min(...all)) : all);
  const [ours, theirs] = [best(found.ours), best(found.theirs)];
  const ratios = ours.map((ns, i) => ns / theirs[i]).toSorted((a, b) => a - b);
  const quarter = Math.floor(ratios.length / 4);
  const show = isBytes ? (ns) => `${(1 / ns).toFixed(1)} GB/s` : time;
  return [
    what,
    against,
    show(median(ours)),
    show(median(theirs)),
    median(ratios).toFixed(2),
    `${ratios[quarter].toFixed(2)}–${ratios.at(-1 - quarter).toFixed(2)}`,
    asked,
    atMost === null ? "–" : median(ratios) <= atMost ? "yes" : "**no**",
  ];
}

/**
 * @param {readonly string[][]} lines
 * @param {readonly number[]} load
 * @param {import("./main.mjs").Settings} settings
 */
function documentOf(lines, load, { rounds, clock }) {
  const isShort = (part) => lines.some((line) => line.at(-1) === "**no**" && part.test(line[0]));
  const notes = bounds.filter(({ rows: part }) => isShort(part));
  return `# Benchmarks

Written by \`npm run bench -- table\`, all rows in one run on ${new Date().toISOString().slice(0, 10)}. Each row is two processes on one
core, asked in turn: the median of the ratios of ${rounds} rounds. What has no step is compared by the call.
Times are those of the ${clock === "ns" ? "wall" : "processor, as others kept the machine busy"}.

${machine().join("\n")}
- load averages before and after the run: ${load.map((x) => x.toFixed(1)).join(" and ")}

${tableOf([head, ...lines])}

## What bounds the rows that fall short

${notes.map(({ title, text }) => `### ${title}\n\n${text.trim()}\n`).join("\n")}`;
}

function machine() {
  const said = (program, ...args) => {
    const { stdout } = spawnSync(program, args, { encoding: "utf8" });
    return stdout?.split("\n")[0] || null;
  };
  const peers =
    "import diffrax, jax; print(f'Diffrax {diffrax.__version__}, JAX {jax.__version__}')";
  const boost = "echo BOOST_LIB_VERSION | c++ -E -P -include boost/version.hpp -x c++ - | tail -1";
  return [
    `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${process.platform}-${process.arch}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    said("cc", "--version"),
    said("sh", "-c", boost)
      ?.replace(/"(.*)"/, "Boost $1")
      .replace(/^BOOST_LIB_VERSION$/, ""),
    said(python, "-c", peers),
  ].flatMap((line) => (line ? [`- ${line}`] : []));
}

/** As oxfmt writes it. @param {readonly string[][]} cells */
function tableOf(cells) {
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const lines = cells.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return lines.toSpliced(1, 0, rule).join("\n");
}
