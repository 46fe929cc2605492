// Goes on with an integrator that another process has saved: its text comes on the standard input, and its end is printed as JSON.
import { integrator } from "@diffrax-ts/core";
import { readFileSync } from "node:fs";
import process from "node:process";
import { longSolve } from "../support/longSolve.ts";

/** What the other process compares. */
export interface End {
  readonly mu: number;
  readonly t: number;
  readonly ts: readonly number[];
  readonly x: readonly number[];
  readonly numSteps: number;
}

const { terms, solver, options } = longSolve();
const saved = readFileSync(0, "utf8");
const live = integrator.fromJSON(saved, terms, solver, options);
await live.advance();
const { ts, ys, stats } = live.solution();
const end: End = {
  mu: live.args.mu,
  t: live.t,
  ts: ts.toArray(),
  x: ys.x.toArray(), // shortest decimals, which say all bits
  numSteps: stats.numSteps,
};
process.stdout.write(JSON.stringify(end));
