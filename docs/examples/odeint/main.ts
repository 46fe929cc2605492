// What stands for `jax.experimental.ode.odeint` here: `npm run example -- odeint`.
import {
  diffeqsolve,
  grad,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  Tsit5,
} from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { odeint } from "./odeint.ts";
import { picture } from "./picture.ts";
import { predatorPrey, type Rates } from "./predatorPrey.ts";

await example("odeint", () => {
  const start = [10, 5] as const;
  const rates = { alpha: 1.1, beta: 0.4, gamma: 0.4, delta: 0.1 };
  const ts = [0, 1, 2.5, 5, 10];
  const [prey, predator] = odeint(predatorPrey, start, ts, rates);

  // The prey at the end, and its derivatives by the rates: from a second solve, and from the steps that the first one took.
  const end = (rates: Rates<Scalar>): Tensor => odeint(predatorPrey, start, ts, rates)[0].at(-1);
  const endOfSteps = (rates: Rates<Scalar>): Tensor =>
    diffeqsolve(predatorPrey, Tsit5(), {
      t0: 0,
      t1: 10,
      dt0: null,
      y0: start,
      args: rates,
      stepsizeController: PIDController({ rtol: 1.4e-8, atol: 1.4e-8 }),
    }).ys[0].at(0);
  const [backsolve, steps] = [grad(end)(rates), grad(endOfSteps)(rates)];

  const rows = ts.map((t, i) => [String(t), text(prey.at(i)), text(predator.at(i))]);
  console.log(`${table([["t", "prey", "predator"], ...rows])}\n`);
  const names = ["alpha", "beta", "gamma", "delta"] as const;
  const slopes = names.map((name) => [name, text(backsolve[name]), text(steps[name])]);
  console.log(table([["derivative of the prey by", "odeint", "default"], ...slopes]));

  const smooth = np.linspace(0, 10, 201);
  return picture(
    { ts, ys: [prey, predator] },
    { ts: smooth, ys: odeint(predatorPrey, start, [...smooth], rates) },
  );
});

function text(value: number | Tensor): string {
  return (typeof value === "number" ? value : value.item()).toFixed(6);
}
