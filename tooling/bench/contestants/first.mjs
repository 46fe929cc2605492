// In a new process: how long the import takes, and the first solve after it.
//
//   node first.mjs ours plain
import process from "node:process";
import { problems } from "../problems.mjs";

const [who, variant = ""] = process.argv.slice(2);
const key = "lotkaVolterra";
const times = [performance.now()];
const { prepare } = await import(`./${who}.mjs`);
times.push(performance.now());
prepare(problems[key], 1e-6, key, variant)();
times.push(performance.now());
console.log(
  JSON.stringify({ start: times[0], import: times[1] - times[0], solve: times[2] - times[1] }),
);
