// Particles that are hit at random, and samples from a distribution by them: `npm run example -- underdamped-langevin`.
import { ALIGN, Euler, QUICSORT, ShOULD } from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { distance, distanceByChance } from "./distance.ts";
import { probabilityBelow, twoHills } from "./mixture.ts";
import { oscillators } from "./oscillator.ts";
import { picture } from "./picture.ts";
import { sample } from "./sample.ts";

await example("underdamped-langevin", ({ quick }) => {
  const chains = quick ? 2000 : 20_000;
  const t1 = 30;
  // Steps of as many gradients in the same time
  const ways = [
    { solver: QUICSORT(), dt0: 0.5, gradients: 2 },
    { solver: ShOULD(), dt0: 0.5, gradients: 2 },
    { solver: ALIGN(), dt0: 0.25, gradients: 1 },
    { solver: Euler(), dt0: 0.25, gradients: 1 },
  ];
  const found = ways.map(({ solver, dt0 }) => sample({ solver, dt0, t1 }, chains, key(1)));
  const rows = ways.map(({ solver, dt0, gradients }, i) => {
    const off = distance(found[i]!, (xs) => probabilityBelow(xs, twoHills));
    return [solver.kind, String(dt0), String((t1 / dt0) * gradients), off.toFixed(4)];
  });
  console.log(table([["", "step", "gradients", "distance"], ...rows]));
  const chance = distanceByChance(chains).toFixed(4);
  console.log(`\nof 95 % of draws of ${chains} samples the distance is below ${chance}`);
  return picture(oscillators(0), found[0]!);
});
