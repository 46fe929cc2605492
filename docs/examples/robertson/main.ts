// A stiff equation, over thirteen powers of ten in time: `npm run example -- robertson`.
import { diffeqsolve, Kvaerno5, PIDController, Tsit5 } from "@diffrax-ts/core";
import { example } from "../shared/example.ts";
import { table } from "../shared/table.ts";
import { picture } from "./picture.ts";
import { robertson } from "./robertson.ts";

await example("robertson", () => {
  const problem = {
    t0: 0,
    dt0: 1e-5,
    y0: [1, 0, 0],
    args: { k1: 0.04, k2: 3e7, k3: 1e4 },
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-10 }),
    maxSteps: null,
  } as const;
  const ts = Float64Array.from({ length: 131 }, (_, i) => 10 ** (i / 10 - 5)); // from 10⁻⁵ to 10⁸
  const shown = { shares: { ts }, steps: { steps: true } } as const;

  const implicit = diffeqsolve(robertson, Kvaerno5(), {
    ...problem,
    t1: 1e8,
    saveat: { subs: shown },
  });
  const early = { ...problem, t1: 10, saveat: { steps: true } } as const;
  const solves = [
    ["Kvaerno5", "10", diffeqsolve(robertson, Kvaerno5(), early)],
    ["Tsit5", "10", diffeqsolve(robertson, Tsit5(), early)],
    ["Kvaerno5", "100000000", implicit],
  ] as const;
  const rows = solves.map(([name, t1, { stats }]) => [name, t1, String(stats.numSteps)]);
  console.log(table([["", "to t =", "steps"], ...rows]));
  return picture(
    { ts, ys: implicit.ys.shares },
    { Kvaerno5: implicit.ts.steps, Tsit5: solves[1][2].ts },
  );
});
