import { np, type Tensor } from "@diffrax-ts/core";
import { type Key, normal } from "@diffrax-ts/random";
import type { Chart } from "../shared/chart.ts";
import { decode, encode, type LatentODE } from "./model.ts";
import { type Paths, pathFrom } from "./oscillators.ts";

/** A model after some steps of training. */
export interface Stage {
  readonly steps: number;
  readonly model: LatentODE;
}

/** What is drawn from the model on its way, and how it continues a path that was not in training. */
export function picture(stages: readonly Stage[], { ts, ys }: Paths, key: Key): Chart {
  const latent = normal(key, [16]);
  const long = np.linspace(0, 12, 300);
  const drawn = [stages[0]!, stages[1]!, stages.at(-1)!].map(({ steps, model }) => ({
    name: steps === 0 ? "untrained" : `after ${steps} steps`,
    x: long,
    y: x(decode(model, long, latent)),
  }));

  const { model } = stages.at(-1)!;
  const [times, path] = [ts.at(0), ys.at(0)];
  const { mean } = encode(model, times, path);
  const after = np.linspace(times.at(0), 12, 300);
  return {
    title: "An equation for paths seen at random times",
    subtitle: ["In training all paths end between the times 2 and 3; here they go on to 12"],
    panels: [
      { xTitle: "t", yTitle: "x of a path that the model draws", curves: drawn },
      {
        xTitle: "t",
        yTitle: "x of a path that it continues",
        curves: [
          { name: "truth", x: after, y: x(pathFrom(path.at(0), after)), mark: "dashes" },
          { name: "model", x: after, y: x(decode(model, after, mean)) },
          { name: "seen", x: times, y: x(path), mark: "points" },
        ],
      },
    ],
  };
}

function x(path: Tensor): Tensor {
  return np.slice(path, null, 0);
}
