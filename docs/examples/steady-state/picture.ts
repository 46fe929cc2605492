import type { Chart } from "../shared/chart.ts";
import { type Guess, measured } from "./fit.ts";
import { wayToRest } from "./toggle.ts";

/** The way to rest by the first and the last guess, and how far each of them was off. */
export function picture(guesses: readonly Guess[]): Chart {
  const [first, last] = [wayToRest(guesses[0]!.rates), wayToRest(guesses.at(-1)!.rates)];
  return {
    title: "A state of rest that is fitted",
    subtitle: [
      "Left: what two genes make until nothing changes any more, by the first and by the last guess.",
      "Right: the distance of the state of rest from what was measured.",
    ],
    panels: [
      {
        xTitle: "x",
        yTitle: "y",
        range: [0, 1.6],
        curves: [
          { name: "first guess", x: first.x, y: first.y },
          { name: "last guess", x: last.x, y: last.y },
          { name: "measured", x: [measured.x], y: [measured.y], mark: "points" },
        ],
      },
      {
        xTitle: "step of Newton's method",
        yTitle: "distance",
        yScale: "log",
        curves: [
          {
            name: "distance",
            x: guesses.map((_, i) => i),
            y: guesses.map(({ distance }) => distance),
          },
        ],
      },
    ],
  };
}
