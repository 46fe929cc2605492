import type { Solution, Tensor } from "@diffrax-ts/core";
import type { Chart } from "../shared/chart.ts";

/** A force, and what it does. */
export interface Response {
  readonly name: string;
  readonly force: (t: number) => number;
  /** Saved at the times of the picture. */
  readonly solution: Solution<Tensor, Tensor<readonly [number]>>;
}

/** The forces and what they do, beside each other. */
export function picture(ts: Tensor, responses: readonly Response[]): Chart {
  return {
    title: "Forces, and what they do",
    subtitle: ["y' = −y + force(t), from y(0) = 1"],
    panels: responses.map(({ name, force, solution }) => ({
      xTitle: "t",
      yTitle: name,
      curves: [
        { name: "force", x: ts, y: [...ts].map(force), mark: "dashes" },
        { name: "y", x: ts, y: solution.ys },
      ],
    })),
  };
}
