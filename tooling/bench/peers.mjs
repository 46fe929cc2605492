import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Peer
 * @property {boolean} sameSteps Whether it takes the very steps of `Tsit5` with a `PIDController`: time is compared by the step.
 * @property {(problem: string) => string[] | null} command What starts it; `null` where this machine lacks something.
 */

/** @type {(sameSteps: boolean, ...args: string[]) => Peer} */
export const inNode = (sameSteps, who, ...args) => ({
  sameSteps,
  command: (problem) => [process.execPath, "serve.mjs", problem, who, ...args],
});

/** Who takes part, by the name that the tables show. */
export const peers = {
  "C -O3 -march=native": {
    sameSteps: true,
    command: (problem) => compiledC("tsit5", ["-O3", "-march=native", "-D", problem], problem),
  },
  "diffrax-ts, plain": inNode(true, "ours", "plain"),
  "diffrax-ts, traced": inNode(true, "ours", "traced"),
  "diffrax-ts, callback": inNode(true, "ours", "callback"),
  "diffrax-ts, Dopri8": inNode(false, "ours", "dopri8"),
  "JavaScript, scalars": inNode(true, "scalar"),
  "JavaScript, arrays": inNode(true, "typedArray"),
  "ode45-cash-karp": inNode(false, "cashKarp"),
  dopri: inNode(false, "dopri"),
  odex: inNode(false, "odex"),
  "Diffrax (Python)": { sameSteps: true, command: (problem) => inPython("diffrax", problem) },
};

/** @type {string | undefined} */
let programs;
/** @type {Map<string, string | null>} */
const absent = new Map();

/**
 * What starts a program in C, compiled here; `null` without a compiler.
 *
 * @param {string} source `"tsit5"`
 * @param {readonly string[]} flags
 * @param {string} name Of the program, if there are several of one source.
 */
export function compiledC(source, flags, name = source) {
  if (absent.has("cc")) return null;
  if (programs === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-bench-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    programs = folder;
  }
  const program = join(programs, name);
  const file = fileURLToPath(new URL(`contestants/${source}.c`, import.meta.url));
  const { status } = spawnSync("cc", [...flags, file, "-o", program, "-lm"]);
  return status === 0
    ? [program]
    : without("cc", `no C compiler \`cc\` that takes ${flags.join(" ")}: C is left out`);
}

/**
 * What starts a script in Python, if this machine has the module that it needs.
 *
 * @param {"diffrax" | "scipy"} module
 * @param {string[]} args
 */
export function inPython(module, ...args) {
  if (absent.has(module)) return null;
  const python = process.env["PYTHON"] ?? "python3";
  const { status } = spawnSync(python, ["-c", `import ${module}`]);
  return status === 0
    ? [python, `${module}_peer.py`, ...args]
    : without(module, `${python} has no ${module}: it is left out (PYTHON=… names another Python)`);
}

/**
 * @param {string} what
 * @param {string} why
 */
function without(what, why) {
  absent.set(what, why);
  console.log(`  (${why})\n`);
  return null;
}
