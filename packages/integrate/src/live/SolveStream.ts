import type { SolutionAtTop } from "../SolveOptions.ts";

declare global {
  // The one of the platform, whose declarations not everybody has.
  interface ReadableStream<R> {
    readonly locked: boolean;
  }
}

/** Rows that were saved since the chunk before. */
export interface SolveChunk<Ts = unknown, Ys = unknown> {
  /** Their times, as in `solution.ts`: `[n]`, or a tree of such lists, some of which may be empty; of a fold `null`. */
  readonly ts: Ts;
  /** What was saved at them, as in `solution.ys`. */
  readonly ys: Ys;
  /** The time that the solve has come to, in the units of the user. */
  readonly t: number;
  readonly numSteps: number;
}

/** What a stream has beside its chunks. */
export interface StreamedSolution<Ts = unknown, Ys = unknown, Y = unknown> {
  /**
   * The solution without its rows, which have gone by: how it ended, `stats`, the values of folds, recorded events, and what another
   * solve goes on from. Rejects if the solve fails, is aborted or left.
   */
  readonly solution: Promise<SolutionAtTop<Ts, Ys, Y>>;
}

/** The rows of a solve, as they are made: an async iterator and a web stream at once. */
export type SolveStream<Ts = unknown, Ys = unknown, Y = unknown> = ReadableStream<
  SolveChunk<Ts, Ys>
> &
  AsyncIterableIterator<SolveChunk<Ts, Ys>> &
  StreamedSolution<Ts, Ys, Y>;
