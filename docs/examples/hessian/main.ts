// Second derivatives of a solve with respect to where it starts: `npm run example -- hessian`.
import { grad, hessian, jit } from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { endOfPrey } from "./endOfPrey.ts";
import { picture } from "./picture.ts";

await example("hessian", () => {
  const start = { prey: 10, predator: 10 };
  const value = jit(endOfPrey)(start).item();
  const slope = grad(endOfPrey)(start);
  const curvature = hessian(endOfPrey)(start);

  const cells = ({ prey, predator }: typeof slope): string[] =>
    [prey, predator].map((x) => x.toFixed(6));
  console.log(`prey at the time 140: ${value.toFixed(6)}\n`);
  console.log(
    table([
      ["derivative by its start", "prey", "predator"],
      ["first", ...cells(slope)],
      ["second, prey and", ...cells(curvature.prey)],
      ["second, predator and", ...cells(curvature.predator)],
    ]),
  );
  return picture(start, { value, slope: slope.prey, curvature: curvature.prey.prey });
});
