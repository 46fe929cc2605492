import type { Chart } from "../shared/chart.ts";
import { neuron, rateOf } from "./neuron.ts";

/** What was recorded of a neuron. */
interface Record {
  readonly ts: Iterable<number>;
  readonly potentials: Iterable<number>;
  readonly spikes: Iterable<number>;
}

/** How fast it fires. */
interface Rate {
  readonly mean: number;
  readonly rate: number;
}

/** The potential of a neuron in the course of time, and how often it fires. */
export function picture({ ts, potentials, spikes }: Record, rates: readonly Rate[]): Chart {
  const x = rates.map(({ mean }) => mean);
  const fine = Array.from({ length: 401 }, (_, i) => x[0]! + (i / 400) * (x.at(-1)! - x[0]!));
  const fired = [...spikes];
  return {
    title: "A neuron that integrates and fires",
    subtitle: [
      "Left: its potential under a current that swings. At the threshold it fires, and is reset.",
      "Right: how often it fires under a constant current, beside the closed form.",
    ],
    panels: [
      {
        xTitle: "time in ms",
        yTitle: "potential in mV",
        curves: [
          { name: "potential", x: ts, y: potentials },
          { name: "spikes", x: fired, y: fired.map(() => neuron.threshold), mark: "points" },
        ],
      },
      {
        xTitle: "current in mV",
        yTitle: "spikes a second",
        curves: [
          { name: "closed form", x: fine, y: fine.map(rateOf) },
          { name: "solved", x, y: rates.map(({ rate }) => rate), mark: "points" },
        ],
      },
    ],
  };
}
