import type { Chart } from "../shared/chart.ts";
import { window } from "./fit.ts";

/** The concentration in the course of time, by several regimens. */
export function picture(
  ts: Float64Array,
  curves: readonly { readonly name: string; readonly y: readonly number[] }[],
): Chart {
  const ends = [ts[0]!, ts.at(-1)!];
  return {
    title: "A tablet every twelve hours",
    subtitle: [
      "How much of a drug is in the blood. Below the lower of the dashed lines it does nothing, above the upper one it",
      "is poisonous. With tablets that are all alike it takes days to get there; a larger first one is enough.",
    ],
    panels: [
      {
        xTitle: "time in hours",
        yTitle: "concentration in mg/l",
        curves: [
          ...curves.map(({ name, y }) => ({ name, x: ts, y })),
          ...Object.values(window).map((level) => ({
            name: "window",
            x: ends,
            y: [level, level],
            mark: "dashes" as const,
          })),
        ],
      },
    ],
  };
}
