import type { Run } from "@diffrax-ts/compiler";
import { isOkay, type Result, type Solver } from "@diffrax-ts/protocol";
import type { Fixed } from "@diffrax-ts/pytree";
import { aborted } from "./aborted.ts";
import type { DiffeqsolveStream } from "./asyncSignatures.ts";
import type { Burst, Bursts, Held } from "../burstsOf.ts";
import { arranged, solutionOf } from "../diffeqsolve.ts";
import { refuse } from "../refuse.ts";
import { handOut } from "../handOut.ts";
import { type LivePlan, livePlansOf, liveSolve } from "./liveSolve.ts";
import type { Outcome, SavedRows } from "../Outcome.ts";
import { PassingRows } from "./PassingRows.ts";
import { plansOf } from "../Plan.ts";
import { prepareOnHost } from "./prepareOnHost.ts";
import type { Prepared } from "../prepare.ts";
import type { Reader } from "../Reader.ts";
import { type AsyncOptions, type ReadAsync, readAsyncOptions } from "./readAsyncOptions.ts";
import type { RawOptions } from "../readOptions.ts";
import { type Shown, shownTo } from "./shownTo.ts";
import { slicesOf } from "./slicesOf.ts";
import { solve } from "../solve.ts";
import type { Solution } from "../Solution.ts";
import type { SolveChunk, SolveStream } from "./SolveStream.ts";
import { TimeWindows } from "./TimeWindows.ts";

/**
 * A solve whose rows go by: what `saveat` asks for comes in chunks, as the solve goes along, and takes no memory that grows with their
 * number. What comes are the rows of `diffeqsolve`, to the last bit.
 *
 * The stream is an async iterator, for `for await`, and a web `ReadableStream`, for `pipeTo` and the like. The solve waits for its reader:
 * nothing runs until the next chunk is asked for, and then in bursts of at most `budgetMs`, between which the event loop turns. Whoever
 * leaves the loop or cancels the stream ends the solve. It is traced and compiled when it is called. Where one thing is saved at `steps` and
 * at `ts`, its memory grows with the length of `ts`.
 *
 * @param options - Those of `diffeqsolveAsync`. Other arrays than `saveat.ts` are read when it is called; `saveat.ts` has to stay as it is.
 * @throws What `diffeqsolve` throws for options that make no sense; TypeError for `saveat.dense`, which is no rows. The stream fails with
 * the reason of `signal`, and if the solve does.
 *
 * @example
 * ```ts
 * import { neg } from "@diffrax-ts/array";
 * import { diffeqsolveStream } from "@diffrax-ts/integrate";
 * import { traced } from "@diffrax-ts/protocol";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const decay = traced((t: Scalar, y: Scalar) => neg(y));
 * const stream = diffeqsolveStream(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.001, y0: 1, saveat: { steps: true } });
 * let rows = 0;
 * for await (const { ys } of stream) rows += ys.length;
 * [rows, (await stream.solution).result];
 * // → [1000, "successful"]
 * ```
 */
export const diffeqsolveStream: DiffeqsolveStream = (
  terms: unknown,
  solver: Solver,
  options: unknown,
) => solveStreamWith(null, terms, solver, options as RawOptions & AsyncOptions) as never;

/** `diffeqsolveStream` without its types, with a reader of plain functions: for packages that bring one, as `core` does. */
export function solveStreamWith(
  reader: Reader | null,
  terms: unknown,
  solver: unknown,
  given: RawOptions & AsyncOptions,
): SolveStream {
  const read = readAsyncOptions("diffeqsolveStream", given);
  const { prepared, options } = prepareOnHost("diffeqsolveStream", {
    reader,
    terms,
    solver,
    given: read.options,
    mayBeEndless: true,
  });
  if (prepared.config.dense) {
    throw new TypeError(
      "diffeqsolveStream: saveat.dense keeps every step, and a stream keeps none; save at steps or times, or take diffeqsolveAsync",
    );
  }
  refuseSilence(prepared);
  const finish = (outcome: Outcome): Solution =>
    solutionOf(prepared, outcome, solver as Solver, options);
  const { promise, resolve, reject } = settled<Solution>();
  const streamed = startStream(prepared);
  const chunks = chunksOf(streamed, { prepared, read, options, finish, resolve });
  const left = async (reason: unknown): Promise<IteratorResult<SolveChunk, undefined>> => {
    reject(reason);
    const end = await chunks.return(undefined);
    streamed.release();
    return end;
  };
  const next = async (): Promise<IteratorResult<SolveChunk, undefined>> => {
    try {
      return await chunks.next();
    } catch (error) {
      reject(error);
      throw error;
    }
  };
  const stream = new ReadableStream<SolveChunk>(
    {
      async pull(controller) {
        const { done, value } = await next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async (reason) => void (await left(reason)),
    },
    { highWaterMark: 0 },
  );
  const iterator: AsyncIterableIterator<SolveChunk> = {
    next,
    return: () => left(new Error("diffeqsolveStream: the stream was left before its end")),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return Object.assign(stream, iterator, { solution: promise });
}

/** A promise to settle later, of which nobody has to know that it was rejected. */
function settled<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

/** A solve that has not begun, and its rows. */
interface Streamed {
  readonly bursts: Bursts;
  readonly held: Held;
  readonly rows: PassingRows;
  readonly prepareMs: number;
  /** Does what it waits for. */
  readonly supply: (run: Run) => void;
  readonly release: () => void;
}

function startStream(prepared: Prepared): Streamed {
  const before = performance.now();
  const { span, config, field } = prepared;
  const hasWindows = span.t0 !== span.t1 && mayHaveWindows(config.saves as readonly SaveTimes[]);
  const windows = hasWindows ? new TimeWindows(config) : null;
  const isEndless = Math.abs(span.t1!) === Infinity; // known, at top level
  const { leaves, traced } =
    windows === null && !isEndless
      ? plansOf(field).get(solve, [config], "diffeqsolve")
      : livePlansOf(field).get(
          liveSolve,
          [windows?.config ?? { ...config, hasWindows: false }],
          "diffeqsolveStream",
        );
  const prepareMs = performance.now() - before;

  const held: Held = { run: traced.compiled.start(leaves) };
  const release = (): void => {
    held.run?.release();
    held.run = null;
  };
  try {
    held.run!.begin();
    const rows = new PassingRows(traced, held.run!);
    const goesOn = (run: Run): boolean => run.carriedBytes(run.numCarried - 1)[0] !== 0;
    const isWaiting = (run: Run): boolean => windows?.isWaiting(run, traced as LivePlan) ?? false;
    const hasEnded = (run: Run): boolean => !goesOn(run) && !isWaiting(run);
    const live = { leaves, traced, drained: rows.drained, hasEnded };
    const supply = (run: Run): void => {
      if (goesOn(run) || !isWaiting(run)) return;
      rows.drain(run);
      windows!.refill(run, traced as LivePlan);
    };
    return { bursts: handOut(prepared, { held, live }), held, rows, prepareMs, supply, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** @throws RangeError for a solve that would go on without an end, and without a row. */
function refuseSilence({ span, config }: Prepared): void {
  const saves = config.saves as readonly SaveTimes[];
  const mayEnd = config.event !== null || Math.abs(span.t1!) < Infinity; // known, at top level
  if (mayEnd || saves.some(({ steps, fold }) => steps.value > 0 && fold === null)) return;
  throw new RangeError(
    `diffeqsolveStream: t1 must be finite, got ${span.t1}: without an end, rows come for ever only with saveat: { steps: true }`,
  );
}

/** When something is saved, before it is traced. */
interface SaveTimes {
  readonly ts: unknown;
  readonly steps: Fixed;
  readonly fold: unknown;
}

/** Whether times can be handed over bit by bit. Where the ends of steps are saved among them, they would come too early. */
function mayHaveWindows(saves: readonly SaveTimes[]): boolean {
  const isMixed = ({ ts, steps, fold }: SaveTimes): boolean =>
    ts !== null && steps.value > 0 && fold === null;
  return saves.some(({ ts }) => ts !== null) && !saves.some(isMixed);
}

/** What the chunks of a stream need to know. */
interface Chunking {
  readonly prepared: Prepared;
  readonly options: RawOptions;
  readonly read: Omit<ReadAsync<unknown>, "options">;
  readonly finish: (outcome: Outcome) => Solution;
  readonly resolve: (solution: Solution) => void;
}

/** A chunk has as many rows as are made in one slice, or about so many times the room in the memory of the solve. */
const roomsPerChunk = 16;

/**
 * The rows of a solve in chunks.
 *
 * @yields Those of a slice, if there are some.
 */
async function* chunksOf(
  { bursts, held, rows, prepareMs, supply, release }: Streamed,
  { prepared, options, read, finish, resolve }: Chunking,
): AsyncGenerator<SolveChunk, undefined, undefined> {
  const { signal, budgetMs, onProgress } = read;
  const most = roomsPerChunk * (prepared.config.chunk as Fixed).value;
  const isThere = (): boolean => {
    const { run } = held;
    if (run === null) return true;
    supply(run);
    return rows.count >= most;
  };
  const chunkAt = (saves: readonly SavedRows[], { t, numSteps }: Burst): SolveChunk => ({
    ts: arranged(
      prepared.subs,
      saves.map(({ ts }) => ts),
    ),
    ys: arranged(
      prepared.subs,
      saves.map(({ ys }) => ys),
    ),
    t: prepared.config.direction === "backward" ? 0 - t : t,
    numSteps,
  });
  const slices = slicesOf(bursts, { signal, budgetMs, solutionOf: finish, isThere });
  let shown: Shown | null = null;
  let result: Result | null = null;
  try {
    if (signal?.aborted === true) throw aborted(signal.reason, null);
    shown = shownTo(prepared, onProgress, prepareMs);
    let slice = await slices.next();
    for (; slice.done !== true; slice = await slices.next()) {
      shown.update(slice.value);
      rows.drain(held.run!);
      if (rows.count > 0) yield chunkAt(rows.take(), slice.value);
    }
    const outcome = slice.value;
    result = outcome.result as Result;
    shown.end(outcome);
    const last = rows.last(outcome.saves);
    const end = { t: 0, numSteps: outcome.numSteps as number };
    if (last.some(({ count }) => (count as number) > 0))
      yield { ...chunkAt(last, end), t: outcome.tEnd as number };
    if (prepared.throws && !isOkay(result)) refuse(outcome, options);
    resolve(finish({ ...outcome, saves: rows.without(outcome.saves) }));
  } finally {
    await slices.return(undefined as never);
    release();
    shown?.close(result);
  }
}
