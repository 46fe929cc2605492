// From a network that has learnt a vector field to equations: `npm run example -- symbolic-regression`.
import { jit, np } from "@diffrax-ts/core";
import { key, split } from "@diffrax-ts/random";
import { learn } from "../neural-ode/learn.ts";
import { slopes } from "../neural-ode/model.ts";
import { oscillators } from "../neural-ode/oscillators.ts";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { bestSums, mostTelling } from "./bestSums.ts";
import { equationText } from "./Equation.ts";
import { picture } from "./picture.ts";
import { refine } from "./refine.ts";
import type { System } from "./System.ts";

await example("symbolic-regression", ({ quick }) => {
  // A network learns the vector field, as in the example neural-ode.
  const keys = split(key(5678), 4);
  const ts = np.linspace(0, 10, 100);
  const ys = oscillators(ts, 256, keys.at(0));
  const steps = quick ? 10 : 500;
  const model = learn({ ts, ys, steps, keys: { model: keys.at(1), order: keys.at(2) } });

  // Sums of a few terms come close to what it has learnt.
  const places = np.reshape(ys, [-1, 2]);
  const learnt = jit(slopes)(model, places);
  const [sumsOfX, sumsOfY] = [0, 1].map((k) => bestSums(places, np.slice(learnt, null, k), 3));
  for (const [name, sums] of [
    ["x'", sumsOfX!],
    ["y'", sumsOfY!],
  ] as const) {
    const rows = sums.map((sum) => [`${name} = ${equationText(sum)}`, sum.loss.toExponential(1)]);
    console.log(`${table([["terms that come closest to the network", "loss"], ...rows])}\n`);
  }

  // With other constants, their solutions come close to the data.
  const found: System = [mostTelling(sumsOfX!), mostTelling(sumsOfY!)];
  const refined = refine(found, ts, ys, steps);
  for (const [title, [x, y]] of [
    ["found", found],
    ["with refined constants", refined],
  ] as const) {
    console.log(`${title}: x' = ${equationText(x)}, y' = ${equationText(y)}`);
  }
  return picture(model, found, refined);
});
