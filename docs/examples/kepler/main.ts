// A planet over a thousand turns, by symplectic methods and by others: `npm run example -- kepler`.
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { energyErrors, orbits } from "./orbits.ts";
import { picture } from "./picture.ts";

await example("kepler", ({ quick }) => {
  const turns = quick ? 100 : 1000;
  const found = orbits(turns);
  const at = [1, 10, 100, 1000].filter((n) => n <= turns);
  const rows = found.map((orbit) => {
    const errors = energyErrors(orbit);
    return [orbit.name, ...at.map((n) => errors[n - 1]!.toExponential(1))];
  });
  console.log(table([["error of the energy in turn", ...at.map(String)], ...rows]));
  return picture(found);
});
