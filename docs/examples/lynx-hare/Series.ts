import type { Observations } from "./Observations.ts";
import type { Curves } from "./solveModel.ts";

/** A value at a time. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/** What a model says of one species. */
interface Line {
  readonly name: string;
  readonly points: readonly Point[];
}

/** One species: what was counted, and what models say of it. */
export interface Series {
  readonly kind: "prey" | "predator";
  readonly name: string;
  readonly points: readonly Point[];
  /** The one that matters, and perhaps another to compare it with. */
  readonly lines: readonly Line[];
  /** The highest value that is shown. */
  readonly highest: number;
}

/** A model over time, and what it is called. */
export interface NamedCurves {
  readonly name: string;
  readonly curves: Curves;
}

/** What is drawn, a panel for each species. A second line that goes very high is cut off, lest it dwarf the rest. */
export function seriesOf(
  observations: Observations,
  models: readonly NamedCurves[],
): readonly Series[] {
  return (["prey", "predator"] as const).map((kind): Series => {
    const name = observations.names[kind];
    const points = pointsOf(observations.times, observations[kind]);
    const lines = models.map(({ name, curves }) => ({
      name,
      points: pointsOf(curves.times, curves[kind]),
    }));
    const enough = highestOf([...points, ...lines[0]!.points]);
    const all = highestOf([...points, ...lines.flatMap((line) => line.points)]);
    return { kind, name, points, lines, highest: Math.min(1.5 * enough, all) };
  });
}

function pointsOf(times: readonly number[], values: readonly number[]): readonly Point[] {
  return times.map((time, i) => ({ time, value: values[i]! }));
}

function highestOf(points: readonly Point[]): number {
  return points.reduce((most, { value }) => Math.max(most, value), 0);
}
