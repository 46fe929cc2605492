import {
  diffeqsolve,
  grad,
  jit,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { adam, applyUpdates, type OptimizerState } from "@diffrax-ts/nn";
import { changed, slopesOf, type System } from "./System.ts";

/** Changes the constants of the equations, and nothing else, so that solutions come closer to paths, `[times, paths, 2]`. */
export function refine(found: System, ts: Tensor, ys: Tensor, steps: number): System {
  const optimizer = adam(1e-2);
  const update = jit((system: System<Scalar>, state: OptimizerState) => {
    const slope = grad(pathLoss)(system, ts, ys);
    const { updates, state: next } = optimizer.update(slope, state);
    return { system: applyUpdates(system, updates), state: next };
  });

  let system: System<Scalar> = changed(found, (value) => np.tensor(value));
  let state = optimizer.init(system);
  for (let step = 0; step < steps; step++) ({ system, state } = update(system, state));
  return changed(system, (value) => value.item());
}

/** How far the solutions of the equations are from the paths, as a mean square. */
function pathLoss(system: System<Scalar>, ts: Tensor, ys: Tensor): Tensor {
  const solve = (start: Tensor): Tensor => {
    const solution = diffeqsolve(slopesOf, Tsit5(), {
      t0: ts.at(0) as Scalar,
      t1: ts.at(-1) as Scalar,
      dt0: 0.1,
      y0: [start.at(0), start.at(1)],
      args: system,
      saveat: { ts },
      // With longer steps, some would lead across places where a term is infinite.
      stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
    });
    return np.stack(solution.ys, { axis: 1 });
  };
  const solutions = vmap(solve, { outAxes: 1 })(ys.at(0));
  return np.mean(np.square(solutions.sub(ys)));
}
