import { TraceCache, type TreeProgram } from "@diffrax-ts/autodiff";
import { CompiledProgram, type Run } from "@diffrax-ts/compiler";
import { allocate, type ArrayValue, sizeOf, tensorOf, type Type } from "@diffrax-ts/program";
import { type DenseInfo, resultName, type Tree } from "@diffrax-ts/protocol";
import {
  type Callable,
  flatten,
  type Leaf,
  type Structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { Outcome, SavedArrays } from "./Outcome.ts";
import type { Prepared } from "./prepare.ts";
import type { SolveLayout, SolveOutput } from "./solve.ts";
import type { Slots } from "./stateLoop.ts";
import { traceable } from "./traceSolve.ts";

/** A burst ends after so many turns, so that the engine can put optimised code in the place of what it began with. */
const turnsPerBurst = 1024;

/** What is kept of a solve: not its Program, which nobody needs once it is compiled. */
interface Plan {
  readonly structure: Structure;
  readonly types: readonly Type[];
  readonly compiled: CompiledProgram;
  /** The number of each output. */
  readonly outputs: Slots<SolveOutput>;
  readonly layout: SolveLayout;
}

function planOf({ structure, types, program, output }: TreeProgram): Plan {
  const numbers = program.outputs.map((_, i) => i);
  const { layout, ...outputs } = unflatten(output, numbers) as Slots<SolveOutput> & {
    layout: () => SolveLayout;
  };
  return { structure, types, compiled: new CompiledProgram(program), outputs, layout: layout() };
}

let caches: WeakMap<Callable, TraceCache<Plan>> | undefined;

/** The plans for solves of one vector field. */
function plansOf(field: Callable): TraceCache<Plan> {
  caches ??= new WeakMap();
  let cache = caches.get(field);
  if (cache === undefined) caches.set(field, (cache = new TraceCache(planOf)));
  return cache;
}

/** Rows that were taken out of buffers while the loop rested. */
class Rows {
  readonly #parts: ArrayValue[][] = [];

  /** Takes the rows that have been written, and lets the loop begin at the front again. */
  drain(run: Run, count: number, buffers: readonly number[]): void {
    const rows = run.carriedNumber(count);
    if (rows === 0) return;
    this.#parts.push(buffers.map((buffer) => run.carried(buffer, rows)));
    run.setCarried(count, 0);
  }

  /** All of them, and the last ones. */
  join(last: readonly ArrayValue[]): readonly Tensor[] {
    return last.map((end, i) =>
      tensorOf(
        this.#parts.length === 0
          ? end
          : concatenated([...this.#parts.map((part) => part[i]!), end]),
      ),
    );
  }
}

function concatenated(parts: readonly ArrayValue[]): ArrayValue {
  const { dtype, shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const data = allocate(dtype, rows * sizeOf(shape.slice(1))) as Float64Array;
  let place = 0;
  for (const part of parts) {
    data.set(part.data as Float64Array, place);
    place += part.data.length;
  }
  return { dtype, shape: [rows, ...shape.slice(1)], data };
}

/** Runs a solve in bursts, and takes out what it saves step by step, so that arrays are as long as they have to be. */
export function solveOnHost({ config, field, saves, chunk }: Prepared): Outcome {
  const { leaves, traced: plan } = plansOf(field).get(traceable, [config], "diffeqsolve");
  const { compiled, outputs, layout } = plan;
  const { slots } = layout;
  const savedRows = saves.map(({ steps }) => (steps.value > 0 ? new Rows() : null));
  const denseRows = slots.dense === null ? null : new Rows();
  const isDraining = denseRows !== null || savedRows.some((rows) => rows !== null);

  const run = compiled.start(leaves);
  try {
    while (run.burst(isDraining ? chunk : turnsPerBurst)) {
      for (const [i, { count, ts, ys }] of slots.saves.entries())
        savedRows[i]?.drain(run, count, [ts, ...ys]);
      if (slots.dense !== null)
        denseRows!.drain(run, slots.dense.count, [slots.dense.ts, ...slots.dense.infos]);
    }
    run.complete();
    return read(run);
  } finally {
    run.release();
  }

  function read(run: Run): Outcome {
    const tree = (indices: unknown): Tree => {
      if (indices === null) return null;
      const flat = flatten(indices);
      return unflatten(
        flat.structure,
        flat.leaves.map((i: Leaf) => tensorOf(run.output(i as number))),
      ) as Tree;
    };
    const rowsOf = (
      rows: Rows | null,
      count: number,
      buffers: readonly number[],
    ): readonly Tensor[] => {
      const last = run.outputNumber(count);
      return (rows ?? new Rows()).join(buffers.map((buffer) => run.output(buffer, last)));
    };
    const denseOf = ({
      count,
      ts,
      infos,
    }: NonNullable<Slots<SolveOutput>["dense"]>): Outcome["dense"] => {
      const [ends, ...values] = rowsOf(denseRows, count, [ts, ...infos]);
      return {
        ends: ends!,
        infos: unflatten(layout.info!, values) as DenseInfo,
        count: ends!.length,
      };
    };
    return {
      tEnd: run.outputNumber(outputs.tEnd),
      saves: outputs.saves.map(({ count, ts, ys }, i): SavedArrays => {
        const [times, ...values] = rowsOf(savedRows[i]!, count, [ts, ...ys]);
        return { ts: times!, ys: unflatten(layout.saved[i]!, values) };
      }),
      dense: outputs.dense === null ? null : denseOf(outputs.dense),
      result: resultName(run.outputNumber(outputs.result)),
      numSteps: run.outputNumber(outputs.numSteps),
      numAccepted: run.outputNumber(outputs.numAccepted),
      solverState: tree(outputs.solverState),
      controllerState: tree(outputs.controllerState),
      madeJump: outputs.madeJump !== null && run.outputNumber(outputs.madeJump) !== 0,
    };
  }
}
