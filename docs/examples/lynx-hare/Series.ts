import type { Observations } from "./Observations.ts";
import type { Curves } from "./solveModel.ts";

/** A value at a time. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/** One species: what was counted, and the line that the model draws. */
export interface Series {
  readonly kind: "prey" | "predator";
  readonly name: string;
  readonly points: readonly Point[];
  readonly line: readonly Point[];
  /** The highest value of all. */
  readonly highest: number;
}

/**
 * What is drawn, panel by panel: both species in one, or, where one would lie flat at the foot of the other, each in
 * a panel of its own.
 */
export function panelsOf(observations: Observations, model: Curves): Series[][] {
  const series = (["prey", "predator"] as const).map((kind): Series => {
    const points = pointsOf(observations.times, observations[kind]);
    const line = pointsOf(model.times, model[kind]);
    const highest = [...points, ...line].reduce((most, { value }) => Math.max(most, value), 0);
    return { kind, name: observations.names[kind], points, line, highest };
  });
  const [a, b] = series.map(({ highest }) => highest) as [number, number];
  return Math.max(a, b) < 5 * Math.min(a, b) ? [series] : series.map((one) => [one]);
}

function pointsOf(times: readonly number[], values: readonly number[]): Point[] {
  return times.map((time, i) => ({ time, value: values[i]! }));
}
