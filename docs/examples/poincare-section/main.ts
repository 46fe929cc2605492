// Where the orbits of a star cross a line, a thousand times each: `npm run example -- poincare-section`.
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { energyOf, onLine } from "./henonHeiles.ts";
import { picture } from "./picture.ts";
import { section } from "./section.ts";

await example("poincare-section", ({ quick }) => {
  const energy = 1 / 8;
  const crossings = quick ? 100 : 1000;
  const starts = {
    right: onLine(energy, 0.2, 0),
    above: onLine(energy, 0, 0.3),
    chaotic: onLine(energy, -0.25, 0),
  };
  const sections = Object.fromEntries(
    Object.entries(starts).map(([name, start]) => [name, section(start, crossings)]),
  );
  const rows = Object.entries(sections).map(([name, { ts, stars }]) => {
    const drift = Math.max(...stars.map((star) => Math.abs(energyOf(star) / energy - 1)));
    return [name, String(stars.length), ts.at(-1)!.toFixed(1), drift.toExponential(0)];
  });
  console.log(table([["orbit", "crossings", "in time", "error of the energy"], ...rows]));
  return picture(sections, "1/8");
});
