import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
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

export const native = ["-O3", "-march=native"];

/** Who takes part, by the name that the tables show. */
export const peers = {
  "C -O3 -march=native": {
    sameSteps: true,
    command: (problem) => compiled("tsit5.c", [...native, "-D", problem]),
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
  "Diffrax (Python)": {
    sameSteps: true,
    command: (problem) => inPython("diffrax", "diffrax_peer.py", problem),
  },
};

/** @type {string | undefined} */
let programs;
/** @type {Set<string>} */
const absent = new Set();

/**
 * What starts a program in C or C++, compiled here; `null` without a compiler, or without what the source includes.
 *
 * @param {string} source `"tsit5.c"`
 * @param {readonly string[]} flags
 */
export function compiled(source, flags) {
  if (absent.has(source)) return null;
  if (programs === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "diffrax-ts-bench-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    programs = folder;
  }
  const program = join(programs, [source, ...flags].join(""));
  if (existsSync(program)) return [program];
  const file = fileURLToPath(new URL(`contestants/${source}`, import.meta.url));
  const compiler = source.endsWith(".cpp") ? "c++" : "cc";
  const { status } = spawnSync(compiler, [...flags, file, "-o", program, "-lm"]);
  return status === 0
    ? [program]
    : without(source, `\`${compiler} ${flags.join(" ")} ${source}\` does not compile here`);
}

/**
 * What starts a script in Python, if this machine has the module that it needs.
 *
 * @param {"diffrax" | "scipy"} module
 * @param {string} script
 * @param {string[]} args
 */
export function inPython(module, script, ...args) {
  if (absent.has(module)) return null;
  return pythonHas(module)
    ? [python, script, ...args]
    : without(module, `${python} has no ${module} (DIFFRAX_PYTHON=… names another Python)`);
}

export const python = process.env["DIFFRAX_PYTHON"] ?? "python3";

/** @param {string} module */
function pythonHas(module) {
  return spawnSync(python, ["-c", `import ${module}`]).status === 0;
}

/**
 * @param {string} what
 * @param {string} why
 */
function without(what, why) {
  absent.add(what);
  console.log(`  (${why}: it is left out)\n`);
  return null;
}
