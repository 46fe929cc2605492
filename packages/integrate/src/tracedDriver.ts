import { runProgram, TraceCache } from "@diffrax-ts/autodiff";
import type { InnerSolve } from "@diffrax-ts/protocol";
import { type Callable, unflatten } from "@diffrax-ts/pytree";
import type { SolveOutput } from "./finishSolve.ts";
import { optionAt } from "./optionAt.ts";
import type { Outcome } from "./Outcome.ts";
import type { Prepared } from "./prepare.ts";
import { solve, type SolveLayout, type TracedSolve } from "./solve.ts";
import type { TracedConfig } from "./SolveConfig.ts";
import { type SolveProgram, traceSolve } from "./traceSolve.ts";

type Traceable = (config: TracedConfig) => TracedSolve;

let caches: WeakMap<Callable, TraceCache<SolveProgram, Traceable>> | undefined;

/** The traces of solves of one vector field. */
function tracesOf(field: Callable): TraceCache<SolveProgram, Traceable> {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) caches.set(field, (cache = new TraceCache(traceSolve, optionAt)));
  return cache;
}

/** Makes a solve part of the function that is being traced, with arrays as long as they can get. */
export function solveInTrace({ config, adjoint, field }: Prepared, inner: InnerSolve): Outcome {
  const { leaves, traced } = tracesOf(field).get(
    (given) => solveBy(given, inner),
    [{ ...config, adjoint }],
    "diffeqsolve",
  );
  const values = runProgram(traced.program, traced.captured, leaves, { name: "diffeqsolve" });
  const output = unflatten(traced.output, values) as SolveOutput;
  const { tracks } = traced.layout;
  return {
    ...output,
    saves: output.saves.map((save, i) => ({
      ...save,
      ys: unflatten(tracks[i]!.structure, save.ys),
    })),
    madeJump: output.madeJump ?? false,
  };
}

/** The solve in such a way that it can be differentiated as asked for. */
function solveBy({ adjoint, ...inputs }: TracedConfig, inner: InnerSolve): TracedSolve {
  if (adjoint === null) return solve(inputs);
  // An adjoint makes the solve itself, as often as it likes: the layout is always the same.
  let layout: SolveLayout | undefined;
  const loop = (...given: Parameters<typeof solve>): SolveOutput => {
    const solved = solve(...given);
    ({ layout } = solved);
    return solved.output;
  };
  const output = adjoint.loop({ inputs, loop, solve: inner });
  return { output, layout: layout! };
}
