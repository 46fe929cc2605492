import { np, vmap } from "@diffrax-ts/core";
import type { Chart } from "../shared/chart.ts";
import { endOfPrey } from "./endOfPrey.ts";

/** What is known of the end at one start, if only the prey is changed. */
export interface Known {
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
}

/** The end for many starts of the prey, and what the derivatives at one of them say of it. */
export function picture(
  start: { readonly prey: number; readonly predator: number },
  { value, slope, curvature }: Known,
): Chart {
  const preys = np.linspace(start.prey - 1, start.prey + 1, 81);
  const ends = vmap(endOfPrey, { inAxes: [{ prey: 0, predator: null }] })({
    ...start,
    prey: preys,
  });
  const steps = [...preys].map((prey) => prey - start.prey);
  return {
    title: "What derivatives know of a solve",
    subtitle: [
      "Prey and predators after Lotka and Volterra, from 10 predators;",
      "the derivatives are those at 10 prey",
    ],
    panels: [
      {
        xTitle: "prey at the time 0",
        yTitle: "prey at the time 140",
        curves: [
          { name: "81 solves", x: preys, y: ends },
          {
            name: "first derivative",
            x: preys,
            y: steps.map((h) => value + slope * h),
            mark: "dashes",
          },
          {
            name: "second derivative too",
            x: preys,
            y: steps.map((h) => value + slope * h + (curvature * h * h) / 2),
            mark: "dashes",
          },
        ],
      },
    ],
  };
}
