import type { Run } from "@diffrax-ts/compiler";
import { roomFor, tensorOf } from "@diffrax-ts/program";
import {
  type CountName,
  countNames,
  resultMessage,
  resultName,
  type Tree,
  warnOnce,
} from "@diffrax-ts/protocol";
import { flatten, type Leaf, map, type Tensor, unflatten } from "@diffrax-ts/pytree";
import type { Outcome, SavedRows } from "./Outcome.ts";
import { type Plan, plansOf } from "./Plan.ts";
import type { Prepared } from "./prepare.ts";
import { DrainedRows } from "./DrainedRows.ts";
import { userRows } from "./userRows.ts";
import { solve } from "./solve.ts";

/** How far a solve has come, between two bursts. */
export interface Burst {
  /** In time that runs forward. */
  readonly t: number;
  readonly numSteps: number;
}

/** Runs a solve to its end. */
export function solveOnHost(prepared: Prepared): Outcome {
  const bursts = burstsOf(prepared);
  let burst = bursts.next();
  while (burst.done !== true) burst = bursts.next();
  return burst.value;
}

/**
 * Runs a solve in bursts, and takes out what tracks write step by step, so that arrays are as long as they have to be. It owns memory
 * from its first burst on, which it gives back at its end, or when it is returned early. Whoever hands it out takes `handOut`.
 *
 * @yields How far it has come, after every burst but the last.
 */
export function* burstsOf(
  { config, field }: Prepared,
  { held = { run: null }, turns = Infinity, live }: BurstOptions = {},
): Bursts {
  const { leaves, traced: plan } = live ?? plansOf(field).get(solve, [config], "diffeqsolve");
  const { slots, tracks, turnsPerBurst } = plan.layout;
  const drained =
    live?.drained ?? tracks.map(({ open }) => (open === null ? null : new DrainedRows()));

  held.run ??= roomFor("diffeqsolve", () => plan.compiled.start(leaves));
  // There is room for the rows of so many turns.
  let room = turnsPerBurst;
  try {
    while (!(live?.hasEnded(held.run) ?? false)) {
      // Whoever holds the run may have put another one in its place.
      const { run } = held;
      if (!run.burst(Math.min(turns, room)) && live === undefined) break;
      room = Math.max(0, room - turns);
      if (room === 0) {
        for (const [i, { open }] of tracks.entries())
          if (open !== null) drained[i]!.drain(run, open.count, [open.ts, ...open.ys]);
        room = turnsPerBurst;
      }
      const next: number | undefined = yield {
        t: run.carriedNumber(slots.tprev),
        numSteps: run.carriedNumber(slots.numSteps),
      };
      if (next === 0) break;
      turns = next ?? turns;
    }
    held.run.complete();
    warnOfDoubt(held.run, plan);
    return outcomeOf(held.run, plan, drained);
  } finally {
    held.run.release();
    held.run = null;
  }
}

function warnOfDoubt(run: Run, { outputs: { doubt } }: Plan): void {
  const code = doubt === null ? 0 : run.outputNumber(doubt);
  if (code === 0) return;
  const result = resultName(code);
  warnOnce(`doubt ${result}`, `diffeqsolve: ${resultMessage(result)}`);
}

/** The bursts of a solve. Each can be told how many turns the next one may have; with 0 the solve is ended where it is. */
export type Bursts = Generator<Burst, Outcome, number | undefined>;

/** Options of `burstsOf`. */
interface BurstOptions {
  /** Is told what it owns, for as long as it does. */
  readonly held?: Held;
  /** The most turns of a burst. @defaultValue as many as there is room for */
  readonly turns?: number;
  /** For a solve that stops on its way: how to tell that from its end. */
  readonly live?: LiveBursts;
}

/** A solve that stops on its way, and where its rows go. */
export interface LiveBursts {
  readonly leaves: readonly Leaf[];
  readonly traced: Plan;
  readonly drained: readonly (DrainedRows | null)[];
  readonly hasEnded: (run: Run) => boolean;
}

/** What bursts own. */
export interface Held {
  run: Run | null;
}

/** What a run gives that was completed. */
export function outcomeOf(
  run: Run,
  { outputs, layout: { tracks } }: Plan,
  drained: readonly (DrainedRows | null)[],
): Outcome {
  const tree = (indices: unknown): Tree => {
    if (indices === null) return null;
    // As many as there are: the tree was taken for a state already.
    const flat = flatten(indices, "outputs", { mostNumbers: Infinity });
    return unflatten(
      flat.structure,
      flat.leaves.map((i: Leaf) => tensorOf(run.output(i as number))),
    ) as Tree;
  };
  return {
    tEnd: run.outputNumber(outputs.tEnd),
    saves: outputs.saves.map(({ count, ts, ys }, i): SavedRows => {
      if (count === null) {
        const [time, ...values] = [ts, ...ys].map((slot) => tensorOf(run.output(slot)));
        return { ts: time!, ys: userRows(tracks[i]!, values), count };
      }
      const last = run.outputNumber(count);
      const ends = [ts, ...ys].map((buffer) => run.output(buffer, last));
      const [times, ...values] = (drained[i] ?? new DrainedRows()).join(ends);
      return { ts: times!, ys: userRows(tracks[i]!, values), count: times!.length };
    }),
    result: resultName(run.outputNumber(outputs.result)),
    numSteps: run.outputNumber(outputs.numSteps),
    numAccepted: run.outputNumber(outputs.numAccepted),
    counts: outputs.counts === null ? null : numbersOf(run, outputs.counts),
    solverState: tree(outputs.solverState),
    controllerState: tree(outputs.controllerState),
    madeJump: outputs.madeJump !== null && run.outputNumber(outputs.madeJump) !== 0,
    eventMask: masked(tree(outputs.eventMask)),
  };
}

function numbersOf(
  run: Run,
  counts: Readonly<Record<CountName, number>>,
): Readonly<Record<CountName, number>> {
  const numbers = countNames.map((name) => [name, run.outputNumber(counts[name])]);
  return Object.fromEntries(numbers) as Record<CountName, number>;
}

/** Truth values of scalars; those of vectors stay tensors. */
function masked(tree: Tree): unknown {
  return map((leaf) => {
    const x = leaf as Tensor;
    return (x.shape.length === 0 ? x.item() !== 0 : x) as never;
  }, tree as unknown);
}
