import type { Curve } from "./chart.ts";

/**
 * The lengths of the steps of a solve over the times at which they end: for logarithmic axes, so that of many steps only some are left,
 * as far from each other as 2 % of the time.
 */
export function stepsOf(name: string, ends: Iterable<number>): Curve {
  const [x, y]: [number[], number[]] = [[], []];
  let before: number | undefined;
  for (const end of ends) {
    if (before !== undefined && end >= 1.02 * (x.at(-1) ?? 0)) {
      x.push(end);
      y.push(end - before);
    }
    before = end;
  }
  return { name, x, y };
}
