import { Dopri } from "dopri";

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, f }, tol) {
  const start = Array.from(y0());
  const solver = new Dopri(f, start.length, { rtol: tol, atol: tol, maxSteps: 1e6 });
  return () => {
    const solution = solver.initialise(0, start).run(t1);
    return { steps: solver.statistics().nSteps, y: solution([t1])[0] };
  };
}
