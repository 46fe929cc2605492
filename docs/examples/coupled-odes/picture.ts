import type { Saved, Tensor } from "@diffrax-ts/core";
import type { Chart } from "../shared/chart.ts";
import type { Populations } from "./predatorPrey.ts";
import type { Valleys } from "./twoValleys.ts";

/** Both species in one place, and the prey of two valleys. */
export function picture(ts: Tensor, one: Saved<Populations>, two: Saved<Valleys>): Chart {
  return {
    title: "Prey, predators, and two valleys",
    subtitle: ["After Lotka and Volterra: in one place, and where prey wanders"],
    panels: [
      {
        xTitle: "time",
        yTitle: "population, one place",
        curves: [
          { name: "prey", x: ts, y: one.prey },
          { name: "predator", x: ts, y: one.predator },
        ],
      },
      {
        xTitle: "time",
        yTitle: "prey, two valleys",
        curves: [
          { name: "prey, north", x: ts, y: two.north.prey },
          { name: "prey, south", x: ts, y: two.south.prey },
        ],
      },
    ],
  };
}
