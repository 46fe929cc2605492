import { np, type Tensor } from "@diffrax-ts/core";
import type { Chart, Curve } from "../shared/chart.ts";
import { type Model, solve } from "./model.ts";

/** Some of the paths that were not in training, `[times, paths, 2]`: one against time, and four in the plane. */
export function picture(model: Model, ts: Tensor, unseen: Tensor): Chart {
  const data = np.slice(unseen, [0, null, 3], [0, 4]);
  const someTs = np.slice(ts, [0, null, 3]);
  const smoothTs = np.linspace(0, ts.at(-1).item(), 200);
  const learnt = solve(model, smoothTs, data.at(0));

  const x = (paths: Tensor, i: number): Tensor => np.slice(paths, null, i, 0);
  const y = (paths: Tensor, i: number): Tensor => np.slice(paths, null, i, 1);
  return {
    title: "A vector field learnt from paths",
    subtitle: ["From places that were not in training: the equations, and the network"],
    panels: [
      {
        xTitle: "t",
        yTitle: "x and y of one path",
        curves: [x, y].flatMap((z): Curve[] => [
          { name: "model", x: smoothTs, y: z(learnt, 0) },
          { name: "data", x: someTs, y: z(data, 0), mark: "points" },
        ]),
      },
      {
        xTitle: "x",
        yTitle: "y",
        curves: [0, 1, 2, 3].flatMap((i): Curve[] => [
          { name: "model", x: x(learnt, i), y: y(learnt, i) },
          { name: "data", x: x(data, i), y: y(data, i), mark: "points" },
        ]),
      },
    ],
  };
}
