import type { Chart, Panel } from "../shared/chart.ts";
import { filtered, type Tuning } from "./kalmanFilter.ts";
import type { Observation } from "./oscillator.ts";

/** What an oscillator does, and what filters believe. */
export function picture(
  observation: Observation,
  tunings: Readonly<Record<string, Tuning<unknown>>>,
): Chart {
  const { ts, truth } = observation;
  const beliefs = Object.entries(tunings).map(
    ([name, tuning]) => [name, filtered(observation, tuning)] as const,
  );
  const panel = (i: 0 | 1, yTitle: string): Panel => ({
    xTitle: "t",
    yTitle,
    curves: [
      { name: "truth", x: ts, y: truth[i], mark: "dashes" },
      ...beliefs.map(([name, belief]) => ({ name, x: ts, y: belief[i] })),
    ],
  });
  return {
    title: "A Kalman filter that is tuned through its solve",
    subtitle: [
      "An oscillator whose velocity is measured with noise of the size 1, and what a filter believes of it.",
      "The filter takes the damping to be twice as strong as it is, and knows nothing of the start.",
    ],
    panels: [panel(0, "position, which nobody measures"), panel(1, "velocity")],
  };
}
