import { np } from "@diffrax-ts/core";
import { type Key, normal, splitList } from "@diffrax-ts/random";
import type { Chart, Panel } from "../shared/chart.ts";
import { carry, type Flow } from "./flow.ts";
import { type Image, type Points, pointsOf } from "./image.ts";

const size = 600;

/** Normal points on their way to the image, and points of the image. */
export function picture(flow: Flow, image: Image, key: Key): Chart {
  const [startKey, imageKey] = splitList(key);
  const [start, half, end] = carry(flow, normal(startKey, [size, 2]), np.tensor([0, 0.5, 1]));
  const panel = (xTitle: string, name: string, points: Points): Panel => ({
    xTitle,
    yTitle: "",
    range: [-2.5, 2.5],
    curves: [{ name, x: np.slice(points, null, 0), y: np.slice(points, null, 1), mark: "dots" }],
  });
  return {
    title: "A flow from noise to an image",
    subtitle: [`${size} normal points that the equation carries, and as many points of the image`],
    height: 190,
    panels: [
      panel("t = 0", "flow", start!),
      panel("t = 1/2", "flow", half!),
      panel("t = 1", "flow", end!),
      panel("the image", "image", pointsOf(image, size, imageKey)),
    ],
  };
}
