// CVODE and LSODA as diff-grok has them in TypeScript. It is not on npm: DIFF_GROK=… names a module with the two classes.
import process from "node:process";

/** @type {import("./serve.mjs").Prepare} */
export async function prepare({ y0, t1, f, atol }, rtol, key, method) {
  if (key === "brusselatorLong") return null; // it has no bands: minutes
  const { Cvode, Lsoda } = await import(process.env["DIFF_GROK"] ?? "");
  const n = y0().length;
  const solve = { CVODE: solveWithCvode, LSODA: solveWithLsoda }[method];
  let evaluations = 0;
  return () => {
    evaluations = 0;
    return { ...solve(), evaluations };
  };

  function counted(t, y, dy) {
    evaluations++;
    f(t, y, dy);
  }

  function solveWithCvode() {
    const options = { lmm: "bdf", rtol, atol: atol * rtol, maxSteps: 1e6 };
    const solver = new Cvode(counted, n, 0, y0(), options);
    const { y, flag } = solver.solve(t1);
    const { nSteps, nLinSolvSetups, nErrTestFails } = solver.getStats();
    const failed = flag < 0;
    return { failed, steps: nSteps, rejected: nErrTestFails, factorisations: nLinSolvSetups, y };
  }

  function solveWithLsoda() {
    const tolerances = (x) => new Float64Array(n).fill(x);
    const options = { rtol: tolerances(rtol), atol: tolerances(atol * rtol), mxstep: 1e6 };
    const solver = new Lsoda(counted, n, options);
    const { y } = solver.solve(Array.from(y0()), 0, t1);
    return { failed: solver.state <= 0, steps: NaN, y };
  }
}
