// Rates of two genes, fitted by where they come to rest: `npm run example -- steady-state`.
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { descend, target } from "./decay.ts";
import { fit, measured } from "./fit.ts";
import { picture } from "./picture.ts";
import { wayToRest } from "./toggle.ts";

await example("steady-state", ({ quick }) => {
  const guesses = fit({ a: 1, b: 1 }, quick ? 5 : 7);
  const rows = guesses.map(({ rates, distance }, i) => {
    const { x, y, t } = wayToRest(rates);
    const numbers = [rates.a, rates.b, x.at(-1)!, y.at(-1)!, t].map((n) => n.toFixed(3));
    return [String(i), ...numbers, distance.toExponential(1)];
  });
  console.log(table([["step", "a", "b", "x", "y", "at rest after", "distance"], ...rows]));
  console.log(`\nmeasured: x = ${measured.x}, y = ${measured.y}`);

  const descent = descend(quick ? 10 : 100);
  const shown = descent.filter((_, i) => i % 20 === 0 || i === descent.length - 1);
  console.log(`\nThe example of Diffrax: y' = s - y is to rest at ${target}.\n`);
  console.log(
    table([
      ["step", "s", "loss"],
      ...shown.map((one) => [
        String(descent.indexOf(one)),
        one.rest.toFixed(6),
        one.loss.toExponential(3),
      ]),
    ]),
  );
  return picture(guesses);
});
