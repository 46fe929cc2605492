import type { Tensor } from "@diffrax-ts/core";
import type { Chart, Curve } from "../shared/chart.ts";

/** Populations at some times. */
export interface Populations {
  readonly ts: Iterable<number>;
  readonly ys: readonly [prey: Tensor, predator: Tensor];
}

/** The populations over time, and the times that were asked for. */
export function picture(asked: Populations, smooth: Populations): Chart {
  const names = ["prey", "predator"];
  const curves = names.flatMap((name, i): Curve[] => [
    { name, x: smooth.ts, y: smooth.ys[i]! },
    { name, x: asked.ts, y: asked.ys[i]!, mark: "points" },
  ]);
  return {
    title: "Prey and predators",
    subtitle: ["Solved as odeint of JAX solves; the points are the times asked for"],
    panels: [{ xTitle: "t", yTitle: "population", curves }],
  };
}
