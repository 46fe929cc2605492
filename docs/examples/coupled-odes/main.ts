// Equations that depend on each other, with states that are objects: `npm run example -- coupled-odes`.
import { diffeqsolve, np, Tsit5 } from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { picture } from "./picture.ts";
import { predatorPrey } from "./predatorPrey.ts";
import { twoValleys } from "./twoValleys.ts";

await example("coupled-odes", () => {
  const rates = { a: 0.1, b: 0.02, c: 0.4, d: 0.02 };
  const ts = np.linspace(0, 140, 351);
  const times = { t0: 0, t1: 140, dt0: 0.1, saveat: { ts } };

  // Two equations: the state is an object, and so is what is saved of it.
  const one = diffeqsolve(predatorPrey, Tsit5(), {
    ...times,
    y0: { prey: 10, predator: 10 },
    args: rates,
  }).ys;

  // Four equations: an object of objects, made of the two.
  const two = diffeqsolve(twoValleys, Tsit5(), {
    ...times,
    y0: { north: { prey: 10, predator: 10 }, south: { prey: 30, predator: 5 } },
    args: { rates, wandering: 0.01, within: predatorPrey },
  }).ys;

  const columns = [ts, one.prey, one.predator, two.north.prey, two.south.prey];
  const rows = np.slice(np.stack(columns, { axis: 1 }), [0, null, 50]).toArray();
  console.log(
    table([
      ["time", "prey", "predator", "prey, north", "prey, south"],
      ...rows.map((row) => row.map((value, i) => value.toFixed(i === 0 ? 0 : 3))),
    ]),
  );
  return picture(ts, one, two);
});
