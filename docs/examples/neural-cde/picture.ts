import { CubicInterpolation, np, type Scalar, type Tensor, vmap } from "@diffrax-ts/core";
import { sigmoid } from "@diffrax-ts/nn";
import { map } from "@diffrax-ts/pytree";
import type { Chart, Curve } from "../shared/chart.ts";
import { logOdds, type NeuralCDE } from "./model.ts";
import type { Spirals } from "./spirals.ts";

/** A path of each class in the plane, and what the model makes of a few of them while it reads. */
export function picture(model: NeuralCDE, ts: Tensor, { coeffs, labels }: Spirals): Chart {
  const classes = [
    { name: "turns to the left", first: 0 },
    { name: "turns to the right", first: labels.length / 2 },
  ];
  const smoothTs = np.linspace(0, ts.at(-1).item(), 500);
  const curve = (name: string, i: number): Curve => {
    const path = CubicInterpolation(
      ts,
      map((x) => x.at(i), coeffs),
    );
    const points = vmap((t: Scalar) => path.evaluate(t))(smoothTs);
    return { name, x: np.slice(points, null, 1), y: np.slice(points, null, 2) };
  };
  const reading = (name: string, i: number): Curve => {
    const odds = logOdds(
      model,
      ts,
      map((x) => x.at(i), coeffs),
      { ts },
    );
    return { name, x: ts, y: sigmoid(odds) };
  };
  return {
    title: "Which way does it turn?",
    subtitle: [
      "Spirals that were not in training, and what the network says of some while it reads",
    ],
    panels: [
      {
        xTitle: "x",
        yTitle: "y",
        curves: classes.map(({ name, first }) => curve(name, first)),
      },
      {
        xTitle: "read up to t",
        yTitle: "probability that it turns to the left",
        curves: classes.flatMap(({ name, first }) =>
          [0, 1, 2, 3, 4].map((i) => reading(name, first + i)),
        ),
      },
    ],
  };
}
