import { TraceCache } from "@diffrax-ts/autodiff";
import type { Callable } from "@diffrax-ts/pytree";
import { solve, type SolveLayout, type SolveOutput } from "./solve.ts";
import type { SolveConfig } from "./SolveConfig.ts";

/** A solve as a function that can be traced, with what the drivers have to know of it. */
export function traceable(
  config: SolveConfig,
): SolveOutput & { readonly layout: () => SolveLayout } {
  const { output, layout } = solve(config);
  return { ...output, layout: () => layout };
}

let caches: WeakMap<Callable, TraceCache> | undefined;

/** The traces of solves of one vector field. */
export function tracesOf(field: Callable): TraceCache {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) {
    cache = new TraceCache();
    caches.set(field, cache);
  }
  return cache;
}
