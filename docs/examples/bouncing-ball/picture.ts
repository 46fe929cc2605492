import type { Chart } from "../shared/chart.ts";
import { flightOf, type Properties } from "./ball.ts";

/** What is drawn of a fit. */
interface Flights {
  readonly heard: Float64Array;
  readonly first: Properties;
  readonly fitted: Properties;
}

/** The flights by the first guess and by the fit, and the impacts that were heard. */
export function picture({ heard, first, fitted }: Flights): Chart {
  const flights = { "first guess": first, fitted };
  return {
    title: "A ball that is listened to",
    subtitle: [
      "The height of a ball that is dropped, by the first guess and as it is fitted to the times at which",
      "impacts were heard. These are the points on the ground: nothing else was measured.",
    ],
    panels: [
      {
        xTitle: "time in seconds",
        yTitle: "height in metres",
        curves: [
          ...Object.entries(flights).map(([name, ball]) => {
            const { ts, heights } = flightOf(ball, heard.length);
            return {
              name,
              x: ts,
              y: heights,
              mark: name === "fitted" ? "line" : "dashes",
            } as const;
          }),
          { name: "heard", x: heard, y: heard.map(() => 0), mark: "points" },
        ],
      },
    ],
  };
}
