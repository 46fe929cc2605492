// Tablets that are taken every twelve hours, and how large they are to be: `npm run example -- dosing`.
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { concentrations, type Regimen } from "./drug.ts";
import { clock, every, fitDoses, slopeOfDelay, window } from "./fit.ts";
import { picture } from "./picture.ts";

await example("dosing", ({ quick }) => {
  const days = quick ? 2 : 4;
  const times = every(12, days);
  const { first, others, steps } = fitDoses(times, days);
  // The third tablet is taken five hours too late.
  const late = times.map((t, i) => (i === 2 ? t + 5 : t));
  const regimens: Record<string, Regimen> = {
    "all alike": { times, first: others, others },
    "first one larger": { times, first, others },
    "third one late": { times: late, first, others },
  };
  const ts = clock(24 * days, 4);
  const curves = Object.entries(regimens).map(([name, regimen]) => {
    const y = [...concentrations(regimen, ts)];
    const inside = y.filter((c) => c >= window.least && c <= window.most).length / y.length;
    return { name, y, row: [name, regimen.first, regimen.others, Math.max(...y), 100 * inside] };
  });
  console.log(
    table([
      ["tablets", "first", "others", "highest", "in the window"],
      ...curves.map(({ row: [name, one, other, most, inside] }) => [
        String(name),
        `${Number(one).toFixed(0)} mg`,
        `${Number(other).toFixed(0)} mg`,
        `${Number(most).toFixed(1)} mg/l`,
        `${Number(inside).toFixed(0)} %`,
      ]),
    ]),
  );
  const slope = slopeOfDelay({ times, first, others }, 2, 30);
  console.log(
    `\nFitted in ${steps} steps. For each hour that the third tablet is late, there is ${Math.abs(slope).toFixed(2)} mg/l ` +
      `${slope < 0 ? "less" : "more"} in the blood six hours after it was due.`,
  );
  return picture(ts, curves);
});
