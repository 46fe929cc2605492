// One of the cliffs in a new process: prints how long both of its sides take, round by round, in nanoseconds of the processor, as JSON.
//
//   node cliff.mjs "200 shapes in turn" 7 50
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cliffs } from "../cliffCases.mjs";
import { cpuMilliseconds } from "../clock.mjs";

const [name = "", rounds = "7", milliseconds = "50"] = process.argv.slice(2);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const sides = cliffs[name].make();
/** @type {number[][]} */
const times = sides.map(() => []);
for (let round = -1; round < Number(rounds); round++) {
  for (const [i, { run, per = 1 }] of sides.entries()) {
    collect();
    const [start, cpuStart] = [performance.now(), cpuMilliseconds()];
    let calls = 0;
    do {
      run();
      calls++;
    } while (performance.now() - start < Number(milliseconds));
    if (round >= 0) times[i].push(((cpuMilliseconds() - cpuStart) / calls / per) * 1e6);
  }
}
console.log(JSON.stringify(times));
