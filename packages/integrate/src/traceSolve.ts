import { type TraceParameters, traceTree, type TreeProgram } from "@diffrax-ts/autodiff";
import type { SolveOutput } from "./finishSolve.ts";
import type { SolveLayout, TracedSolve } from "./solve.ts";

/** The program of a solve, and beside it what is known of the solve. */
export interface SolveProgram<Layout = SolveLayout> extends TreeProgram {
  readonly layout: Layout;
}

/** Traces a solve: what a cache keeps of it, or begins with. */
export function traceSolve<Config, Layout>(
  solve: (config: Config) => TracedSolve<Layout>,
  ...where: TraceParameters
): SolveProgram<Layout> {
  let layout: Layout | undefined;
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
