import { type TraceParameters, traceTree, type TreeProgram } from "@diffrax-ts/autodiff";
import type { SolveOutput } from "./finishSolve.ts";
import type { SolveLayout, TracedSolve } from "./solve.ts";

/** The program of a solve, and beside it what is known of the solve. */
export interface SolveProgram extends TreeProgram {
  readonly layout: SolveLayout;
}

/** Traces a solve: what a cache keeps of it, or begins with. */
export function traceSolve<Config>(
  solve: (config: Config) => TracedSolve,
  ...where: TraceParameters
): SolveProgram {
  let layout: SolveLayout | undefined;
  const traced = traceTree(
    (config: Config): SolveOutput => {
      const solved = solve(config);
      ({ layout } = solved);
      return solved.output;
    },
    ...where,
  );
  return { ...traced, layout: layout! };
}
