// A nonlinear heat equation, with a solver that is written here: `npm run example -- nonlinear-heat`.
import { diffeqsolve, Kvaerno3, np, PIDController, Tsit5 } from "@diffrax-ts/core";
import { BandedLU } from "@diffrax-ts/linear-solvers";
import { VeryChord } from "@diffrax-ts/root-finders";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { CrankNicolson } from "./CrankNicolson.ts";
import { heatEquation } from "./heatEquation.ts";
import { picture } from "./picture.ts";

await example("nonlinear-heat", ({ quick }) => {
  const n = quick ? 41 : 101;
  const x = np.linspace(-1, 1, n);
  const options = {
    t0: 0,
    t1: 20,
    dt0: null,
    y0: np.mul(x, x),
    args: { dx: 2 / (n - 1) },
    stepsizeController: PIDController({ rtol: 1e-4, atol: 1e-6 }),
    maxSteps: null,
    saveat: { subs: { shown: { ts: [0, 0.2, 1, 20] }, steps: { t0: true, steps: true } } },
  } as const;
  // The rate at one place depends on that and on its two neighbours: the Jacobian has three diagonals.
  const rootFinder = VeryChord({ linearSolver: BandedLU({ lower: 1, upper: 1 }) });
  const found = {
    CrankNicolson: diffeqsolve(heatEquation, CrankNicolson(rootFinder), options),
    Kvaerno3: diffeqsolve(heatEquation, Kvaerno3({ rootFinder }), options),
    Tsit5: diffeqsolve(heatEquation, Tsit5(), options),
  };
  const rows = Object.entries(found).map(([name, { stats, ys }]) => {
    const middle = ys.shown.at(2, (n - 1) / 2).item();
    return [name, String(stats.numSteps), middle.toFixed(5)];
  });
  console.log(table([["", "steps", "u in the middle at t = 1"], ...rows]));
  return picture(x, found);
});
