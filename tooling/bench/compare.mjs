import { enter } from "./Contestant.mjs";
import { peers } from "./peers.mjs";
import { problems } from "./problems.mjs";
import { median } from "./statistics.mjs";
import { printTable, ratio, time } from "./table.mjs";

const yardstick = "C -O3 -march=native";
const ours = "diffrax-ts, plain";
const { "diffrax-ts, Dopri8": _, ...others } = peers;

/**
 * Every problem at one tolerance, by everybody in turn, round after round.
 *
 * @param {import("./main.mjs").Settings} settings
 */
export async function compare(settings) {
  for (const key of settings.problems) if (key in problems) await compareOn(key, settings);
}

/**
 * @param {string} key
 * @param {import("./main.mjs").Settings} settings
 */
async function compareOn(key, { rounds, milliseconds, clock }) {
  const { name, tol } = problems[key];
  console.log(`${name}, tolerance ${tol}`);
  const contestants = enter(key, others);
  /** @type {Map<string, { perSolve: number[], steps: number }>} */
  const results = new Map();
  for (let round = -1; round < rounds; round++) {
    for (const [who, contestant] of contestants) {
      // Before the first round that counts everybody compiles, and gets warm.
      const answer = await contestant.ask(
        tol,
        round < 0 ? Math.max(300, milliseconds) : milliseconds,
      );
      if (answer === null) contestants.delete(who);
      else if (round < 0) results.set(who, { perSolve: [], steps: answer.steps });
      else results.get(who)?.perSolve.push(answer[clock]);
      if (answer === null) contestant.leave();
    }
  }
  for (const contestant of contestants.values()) contestant.leave();

  // By the step where the steps are the same, else by the solve; round by round, because machines drift.
  /** @type {(who: string, base: string) => number | null} */
  const against = (who, base) => {
    const [a, b] = [results.get(who), results.get(base)];
    if (a === undefined || b === undefined) return null;
    const steps = peers[who].sameSteps ? b.steps / a.steps : 1;
    return median(a.perSolve.map((x, i) => (x / b.perSolve[i]) * steps));
  };
  const base = results.has(ours) ? ours : "diffrax-ts, traced";
  printTable(
    ["", "a solve", "steps", "a step", "to C", "to ours"],
    [...results].map(([who, { perSolve, steps }]) => {
      const solve = median(perSolve);
      const mark = peers[who].sameSteps ? " " : "*";
      return [
        who,
        time(solve),
        String(steps),
        time(solve / steps),
        ratio(against(who, yardstick)) + mark,
        ratio(against(who, base)) + mark,
      ];
    }),
  );
}
