import { solve, type SolveLayout, type SolveOutput } from "./solve.ts";
import type { SolveConfig } from "./SolveConfig.ts";

/** A solve as a function that can be traced, with what the drivers have to know of it. */
export function traceable(
  config: SolveConfig,
): SolveOutput & { readonly layout: () => SolveLayout } {
  const { output, layout } = solve(config);
  return { ...output, layout: () => layout };
}
