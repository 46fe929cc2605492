import { Solver } from "odex";

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, dt0, f }, tol) {
  const start = Array.from(y0());
  /** @type {(t: number, y: number[]) => number[]} */
  const field = (t, y) => {
    const dy = y.slice();
    f(t, y, dy);
    return dy;
  };
  const solver = new Solver(start.length);
  solver.relativeTolerance = tol;
  solver.absoluteTolerance = tol;
  solver.initialStepSize = dt0;
  solver.maxSteps = 1e6;
  return () => {
    const { y, nStep } = solver.solve(field, 0, start.slice(), t1);
    return { steps: nStep, y };
  };
}
