import type { Tensor } from "@diffrax-ts/core";
import type { Chart, Curve } from "../shared/chart.ts";
import { densityAt, twoHills } from "./mixture.ts";
import type { Oscillation } from "./oscillator.ts";

/** The paths of two oscillators, and what was sampled. */
export function picture({ ts, xs }: Oscillation, samples: Tensor): Chart {
  const places = Array.from({ length: 241 }, (_, i) => -4 + i / 30);
  const rows = xs.toArray() as number[][];
  const oscillator = (name: string, i: number): Curve => ({
    name,
    x: ts,
    y: rows.map((row) => row[i]!),
  });
  return {
    title: "Underdamped Langevin dynamics",
    subtitle: [
      "Left: two particles in a bowl that are hit at random, with much friction and with little.",
      `Right: where ${samples.size} particles are found after a while, and the density that they sample.`,
    ],
    panels: [
      {
        xTitle: "t",
        yTitle: "position",
        curves: [oscillator("γ = 2", 0), oscillator("γ = 0.5", 1)],
      },
      {
        xTitle: "x",
        yTitle: "density",
        curves: [
          { name: "density", x: places, y: places.map((x) => densityAt(x, twoHills)) },
          { name: "samples", ...histogram(samples, -4, 4, 64), mark: "points" },
        ],
      },
    ],
  };
}

/** The share of samples in each of so many boxes, by the width of a box. */
function histogram(
  samples: Iterable<number>,
  from: number,
  to: number,
  boxes: number,
): Pick<Curve, "x" | "y"> {
  const counts = new Array<number>(boxes).fill(0);
  let all = 0;
  for (const x of samples) {
    const box = Math.floor(((x - from) / (to - from)) * boxes);
    if (box >= 0 && box < boxes) counts[box]!++;
    all++;
  }
  const width = (to - from) / boxes;
  return {
    x: counts.map((_, i) => from + (i + 0.5) * width),
    y: counts.map((count) => count / all / width),
  };
}
