// Equations with a force from outside, which depends on time: `npm run example -- forcing-terms`.
import { diffeqsolve, grad, np, PIDController, type Tensor, Tsit5 } from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { forcedDecay } from "./forcedDecay.ts";
import { brokenLine, pulse, ramp } from "./forces.ts";
import { picture, type Response } from "./picture.ts";

await example("forcing-terms", () => {
  const stepsizeController = PIDController({ rtol: 1e-6, atol: 1e-9 });
  const ts = np.linspace(0, 10, 201);
  const how = { t0: 0, t1: 10, dt0: 0.1, y0: 1, stepsizeController, saveat: { ts } };

  // A force is a function of time and of its data. Both are arguments of the equation.
  const growth = { m: 0.1, c: 0.02 };
  const switched = { from: 2, to: 5, strength: 1 };
  const drawn = { values: Float64Array.of(3, 0.5, -0.8, 1.8), end: 10 };
  const ramped = diffeqsolve(forcedDecay, Tsit5(), { ...how, args: { force: ramp, data: growth } });
  const pulsed = diffeqsolve(forcedDecay, Tsit5(), {
    ...how,
    args: { force: pulse, data: switched },
  });
  const lined = diffeqsolve(forcedDecay, Tsit5(), {
    ...how,
    args: { force: brokenLine, data: drawn },
  });

  // The end as a function of the values that the broken line goes through, which can be differentiated.
  const end = (values: Tensor<readonly [number]>): Tensor => {
    const args = { force: brokenLine, data: { ...drawn, values } };
    return diffeqsolve(forcedDecay, Tsit5(), { ...how, args }).ys.at(-1);
  };
  const slopes = [...grad(end)(drawn.values)].map((slope) => slope.toFixed(6));

  const responses: Response[] = [
    { name: "ramp", force: (t) => ramp(t, growth), solution: ramped },
    { name: "pulse", force: (t) => pulse(t, switched), solution: pulsed },
    { name: "broken line", force: (t) => brokenLine(t, drawn), solution: lined },
  ];
  console.log(
    table([
      ["force", "y(10)", "accepted", "rejected steps"],
      ...responses.map(({ name, solution: { ys, stats } }) => [
        name,
        ys.at(-1).item().toFixed(6),
        String(stats.numAcceptedSteps),
        String(stats.numRejectedSteps),
      ]),
    ]),
  );
  console.log(`\nderivative of y(10) by the values of the broken line: ${slopes.join(", ")}`);
  return picture(ts, responses);
});
