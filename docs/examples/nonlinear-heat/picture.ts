import type { Tensor } from "@diffrax-ts/core";
import type { Chart } from "../shared/chart.ts";
import { stepsOf } from "../shared/stepsOf.ts";

/** What is seen of one solve: the states at some times, and the ends of its steps. */
interface Solved {
  readonly ts: {
    readonly shown: Tensor<readonly [number]>;
    readonly steps: Tensor<readonly [number]>;
  };
  readonly ys: { readonly shown: Tensor<readonly [number, number]> };
}

/** The solution at a few times, and the steps of each solver. */
export function picture(x: Iterable<number>, found: Readonly<Record<string, Solved>>): Chart {
  const [first] = Object.values(found);
  return {
    title: "Heat that spreads more slowly the warmer it is",
    subtitle: [
      "Left: u over x. Right: the steps of a solver written in the example, and of two others.",
    ],
    panels: [
      {
        xTitle: "x",
        yTitle: "u",
        curves: [...first!.ts.shown].map((t, i) => ({
          name: `t = ${t}`,
          x,
          y: first!.ys.shown.at(i),
        })),
      },
      {
        xTitle: "t",
        yTitle: "step",
        xScale: "log",
        yScale: "log",
        curves: Object.entries(found).map(([name, { ts }]) => stepsOf(name, ts.steps)),
      },
    ],
  };
}
