// A stochastic equation: one path, adaptive steps, many paths, and a fit through them: `npm run example -- sde-basics`.
import { jit } from "@diffrax-ts/core";
import { key, split } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { firstParams } from "./equation.ts";
import { fit, momentsOf, tensors } from "./manyPaths.ts";
import { onePath } from "./onePath.ts";
import { picture } from "./picture.ts";

await example("sde-basics", ({ quick }) => {
  const one = onePath(key(0));
  const rows = Object.entries(one).map(([name, { ys, stats }]) => [
    `${name} steps`,
    String(stats.numAcceptedSteps),
    String(stats.numRejectedSteps),
    ys.map((y) => y.at(-1).item().toFixed(3)).join("  "),
  ]);
  console.log(table([["one path by", "accepted", "rejected", "ends at"], ...rows]));

  const steps = quick ? 6 : 191;
  const how = { count: quick ? 10 : 100, steps, key: key(0) };
  const fitted = [...fit(firstParams, how)];
  for (const [step, { loss }] of fitted.entries()) {
    if (step % (quick ? 5 : 38) === 0)
      console.log(
        `${step === 0 ? "\n" : ""}after ${String(step).padStart(3)} steps   loss ${loss.toFixed(3)}`,
      );
  }
  const { params } = fitted.at(-1)!;
  const { means, deviations } = jit(momentsOf)(split(key(0), how.count), params);
  const text = (values: Iterable<number>) => Array.from(values, (x) => x.toFixed(3)).join("  ");
  console.log(
    `\nmeans at the end        ${text(means)}\nstandard deviations     ${text(deviations)}`,
  );
  const spread = { count: quick ? 20 : 1000, key: key(1) };
  return picture(one, { before: tensors(firstParams), after: params }, spread);
});
