// One path on finer and finer grids, and how methods converge to it: `npm run example -- strong-convergence`.
import { key } from "@diffrax-ts/random";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { observedOrder, strongErrors } from "./errors.ts";
import { picture } from "./picture.ts";
import { type MethodName, methods } from "./price.ts";

await example("strong-convergence", ({ quick }) => {
  const paths = quick ? 100 : 1000;
  const steps = quick ? [8, 32, 128] : [8, 16, 32, 64, 128, 256];
  const names = Object.keys(methods) as MethodName[];
  const errors = Object.fromEntries(
    names.map((name) => [name, strongErrors(name, { steps, paths, key: key(0) })]),
  );
  const rows = [["error with steps", ...steps.map(String), "order", "in theory"]];
  for (const name of names) {
    const own = errors[name]!;
    const orders = [observedOrder(steps, own).toFixed(2), String(methods[name].order)];
    rows.push([name, ...own.map((error) => error.toExponential(1)), ...orders]);
  }
  console.log(table(rows));
  return picture(key(6), steps, errors);
});
