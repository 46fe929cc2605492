import type { Chart, Curve } from "../shared/chart.ts";
import { moments } from "./exact.ts";
import { quantiles } from "../shared/quantiles.ts";
import type { Paths, Simulation } from "./rate.ts";

/** A band of a fan holds the middle of the paths: so great a share of them. */
const shares = [0.9, 0.7, 0.5, 0.3, 0.1];

/** How the rates spread: a fan, and two of the paths. */
export function picture({ model, r0, years }: Simulation, { ts, rates }: Paths): Chart {
  const percent = (values: Iterable<number>) => Array.from(values, (x) => 100 * x);
  const ends = quantiles(
    rates,
    shares.flatMap((share) => [(1 - share) / 2, (1 + share) / 2]),
  ).map(percent);
  const fan = shares.map((_, i): Curve => ({
    name: "10, 30, 50, 70 and 90 % of the paths",
    x: ts,
    y: ends[2 * i]!,
    to: ends[2 * i + 1]!,
    mark: "band",
  }));
  const means = percent(Array.from(ts, (t) => moments(model, r0, t).mean));
  const single = [0, 1].map((i) => ({ name: "two of them", x: ts, y: percent(rates.at(i)) }));
  const [count] = rates.shape;
  return {
    title: "Where an interest rate may go",
    subtitle: [
      `${count} paths of the model of Cox, Ingersoll and Ross over ${years} years, from ${100 * r0} %`,
    ],
    panels: [
      {
        xTitle: "years",
        yTitle: "rate, in percent",
        curves: [
          ...fan,
          ...single,
          { name: "mean, by its formula", x: ts, y: means, mark: "dashes" },
        ],
      },
    ],
  };
}
