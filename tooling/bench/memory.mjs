import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { printTable } from "./table.mjs";

/** Solves of more and more functions, some of which fail: what stays has to come to an end. */
export async function memory() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const settled = async () => {
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process.memoryUsage();
  };
  const solver = Tsit5();
  const readings = [];
  let made = 0;
  for (const goal of [500, 1000, 2000, 3000]) {
    for (; made < goal; made++) {
      // The length varies too: functions that differ only in constants share their machine code.
      const text = `return [${made} * y, -x - ${made % 7} * y${" * x".repeat(made % 11)}]`;
      // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- what is new has to be made
      const field = new Function("t", "[x, y]", text);
      for (let k = 0; k < 10; k++) {
        diffeqsolve(field, solver, { t0: 0, t1: 1, dt0: 0.1, y0: [k, 1], throw: false });
      }
    }
    readings.push([`after ${goal}`, await settled()]);
  }
  const mega = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  printTable(
    ["Memory, 10 solves of each function", "heap", "external", "array buffers", "resident"],
    readings.map(([name, m]) => [
      name,
      mega(m.heapUsed),
      mega(m.external),
      mega(m.arrayBuffers),
      mega(m.rss),
    ]),
  );
}
