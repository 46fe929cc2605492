import { runProgram, type TraceCache, traceCache } from "@diffrax-ts/autodiff";
import type { DenseInfo, InnerSolve } from "@diffrax-ts/protocol";
import { type Callable, unflatten } from "@diffrax-ts/pytree";
import type { Outcome } from "./Outcome.ts";
import type { Prepared } from "./prepare.ts";
import { solve, type SolveLayout, type SolveOutput } from "./solve.ts";
import type { TracedConfig } from "./SolveConfig.ts";

let caches: WeakMap<Callable, TraceCache> | undefined;

/** The traces of solves of one vector field. */
function tracesOf(field: Callable): TraceCache {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) caches.set(field, (cache = traceCache()));
  return cache;
}

/** Makes a solve part of the function that is being traced, with arrays as long as they can get. */
export function solveInTrace({ config, adjoint, field }: Prepared, inner: InnerSolve): Outcome {
  const traceable = ({ adjoint: how, ...inputs }: TracedConfig) => {
    let layout: SolveLayout | undefined;
    const loop = (...given: Parameters<typeof solve>): SolveOutput => {
      const solved = solve(...given);
      ({ layout } = solved);
      return solved.output;
    };
    const output = how === null ? loop(inputs) : how.loop({ inputs, loop, solve: inner });
    return { ...output, layout: () => layout! };
  };
  const { leaves, traced } = tracesOf(field).get(
    traceable,
    [{ ...config, adjoint }],
    "diffeqsolve",
  );
  const values = runProgram(traced.program, traced.captured, leaves, { name: "diffeqsolve" });
  const { layout, ...output } = unflatten(traced.output, values) as ReturnType<typeof traceable>;
  const { saved, info } = layout();
  const { dense } = output;
  return {
    ...output,
    saves: output.saves.map(({ ts, ys }, i) => ({ ts, ys: unflatten(saved[i]!, ys) })),
    dense: dense && {
      ends: dense.ts,
      infos: unflatten(info!, dense.infos) as DenseInfo,
      count: dense.count,
    },
    madeJump: output.madeJump ?? false,
  };
}
