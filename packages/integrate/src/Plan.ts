import { noteFunction, TraceCache, type TraceParameters } from "@diffrax-ts/autodiff";
import { CompiledProgram } from "@diffrax-ts/compiler";
import type { Type } from "@diffrax-ts/program";
import {
  type Callable,
  isTracedFunction,
  type Structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { SolveOutput } from "./finishSolve.ts";
import { optionAt } from "./optionAt.ts";
import type { solve, SolveLayout } from "./solve.ts";
import type { Slots } from "./stateLoop.ts";
import { type SolveProgram, traceSolve } from "./traceSolve.ts";

/** What the host keeps of a solve: not its Program, which nobody needs once it is compiled. */
export interface Plan<Layout = SolveLayout> {
  readonly structure: Structure;
  readonly types: readonly Type[];
  readonly captured: readonly Tensor[];
  readonly compiled: CompiledProgram;
  /** What it takes, about. */
  readonly bytes: number;
  /** The number of each output. */
  readonly outputs: Slots<SolveOutput>;
  readonly layout: Layout;
}

let caches: WeakMap<Callable, TraceCache<Plan, typeof solve>> | undefined;

/** The plans for solves of one vector field. */
export function plansOf(field: Callable): TraceCache<Plan, typeof solve> {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) {
    caches.set(field, (cache = new TraceCache(planOf, optionAt)));
    if (isTracedFunction(field)) noteFunction(field, "diffeqsolve");
  }
  return cache;
}

function planOf(f: typeof solve, ...where: TraceParameters): Plan {
  return compiledPlan(traceSolve(f, ...where));
}

/** Compiles the program of a solve. */
export function compiledPlan<Layout>(traced: SolveProgram<Layout>): Plan<Layout> {
  const { structure, types, captured, program, output, layout } = traced;
  const numbers = program.outputs.map((_, i) => i);
  const compiled = new CompiledProgram(program);
  return {
    structure,
    types,
    captured,
    compiled,
    bytes: compiled.bytes,
    outputs: unflatten(output, numbers) as Slots<SolveOutput>,
    layout,
  };
}
