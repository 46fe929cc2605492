import type { Chart, Curve } from "../shared/chart.ts";
import type { Paths, Series } from "./data.ts";
import { quantile } from "./sorted.ts";

/** Some paths of both kinds, and how all of them are spread. */
export function picture(ts: Series, data: Paths, generated: Paths): Chart {
  const kinds = Object.entries({ data, generated });
  const curves = (of: (paths: Paths, name: string) => Curve[]): Curve[] =>
    kinds.flatMap(([name, paths]) => of(paths, name));
  return {
    title: "Paths that a neural equation has learnt to make",
    subtitle: [
      "Left, twenty paths of each kind; right, what 5 %, 50 % and 95 % of all paths are below",
    ],
    panels: [
      {
        xTitle: "t",
        yTitle: "y",
        curves: curves((paths, name) =>
          Array.from({ length: 20 }, (_, i) => ({ name, x: ts, y: paths.at(i), mark: "thin" })),
        ),
      },
      {
        xTitle: "t",
        yTitle: "y",
        curves: curves((paths, name) =>
          [0.05, 0.5, 0.95].map((p) => ({ name, x: ts, y: quantile(paths, p) })),
        ),
      },
    ],
  };
}
