import { cpuMilliseconds } from "./clock.mjs";
import { median } from "./statistics.mjs";

/**
 * Medians over rounds in which everybody has a turn.
 *
 * @param {import("./main.mjs").Settings} settings
 * @param {Record<string, (() => unknown) | [run: () => unknown, per: number]>} cases
 */
export function measure({ rounds, milliseconds, clock }, cases) {
  /** @type {Map<string, number[]>} */
  const times = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, one] of Object.entries(cases)) {
      const [run, per] = typeof one === "function" ? [one, 1] : one;
      const [start, cpuStart] = [performance.now(), cpuMilliseconds()];
      let [count, elapsed] = [0, 0];
      do {
        for (let i = 0; i < 2 ** Math.min(count, 6); i++) run();
        count++;
        elapsed = performance.now() - start;
      } while (elapsed < milliseconds);
      const calls = count <= 7 ? 2 ** count - 1 : 127 + 64 * (count - 7);
      const spent = clock === "ns" ? elapsed : cpuMilliseconds() - cpuStart;
      if (round >= 0) times.get(name)?.push((spent / calls / per) * 1e6);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}
