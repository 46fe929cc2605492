// Runs a case once and prints what was compiled for it, as JSON.
//
//   node instructions.mjs "MLP, batched state"
import process from "node:process";
import { innerPrograms, leafType, traceProgram } from "@diffrax-ts/program";
import { flatten, leaves, unflatten } from "@diffrax-ts/pytree";
import { countInstructions } from "../countInstructions.mjs";

/** @type {Uint8Array[]} */
const modules = [];
const { Module } = WebAssembly;
WebAssembly.Module = /** @type {any} */ (
  function (/** @type {Uint8Array} */ bytes) {
    modules.push(bytes.slice());
    return new Module(bytes);
  }
);

const { cases } = await import("../cases.mjs");
const [f, ...args] = cases[process.argv[2] ?? ""]();
f(...args);
const compiled = [...modules];

const flat = flatten(args);
const { program } = traceProgram(
  flat.leaves.map((leaf) => leafType(leaf)),
  (...inputs) => leaves(f(...unflatten(flat.structure, inputs))),
);
process.stdout.write(
  JSON.stringify({
    equations: count(program),
    instructions: compiled.reduce((sum, bytes) => sum + countInstructions(bytes), 0),
    bytes: compiled.reduce((sum, bytes) => sum + bytes.length, 0),
  }),
);

/** Equations, with those of the programs inside. */
function count({ equations }) {
  return equations.reduce(
    (sum, equation) => innerPrograms(equation).reduce((inner, one) => inner + count(one), sum),
    equations.length,
  );
}
