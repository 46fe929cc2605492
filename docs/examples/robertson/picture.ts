import type { Saved, Tensor } from "@diffrax-ts/core";
import type { Chart } from "../shared/chart.ts";
import { stepsOf } from "../shared/stepsOf.ts";
import type { Shares } from "./robertson.ts";

/** The shares over time, and the steps of two solvers, by the times at which their steps end. */
export function picture(
  { ts, ys: [a, b, c] }: { readonly ts: Iterable<number>; readonly ys: Saved<Shares> },
  ends: Readonly<Record<string, Tensor<readonly [number]>>>,
): Chart {
  return {
    title: "Reactions of which one is a billion times faster than another",
    subtitle: [
      "Left: the shares of the substances. Right: the steps of an implicit and of an explicit solver",
    ],
    panels: [
      {
        xTitle: "t",
        yTitle: "share",
        xScale: "log",
        curves: [
          { name: "a", x: ts, y: a },
          { name: "10⁴ b", x: ts, y: Array.from(b, (share) => share * 1e4) },
          { name: "c", x: ts, y: c },
        ],
      },
      {
        xTitle: "t",
        yTitle: "step",
        xScale: "log",
        yScale: "log",
        curves: Object.entries(ends).map(([name, at]) => stepsOf(name, at)),
      },
    ],
  };
}
