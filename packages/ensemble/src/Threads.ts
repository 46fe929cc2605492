import type { Job, Outcome } from "./Job.ts";
import type { AbortSignalLike } from "./RunOptions.ts";

/** Threads that run jobs. */
export interface Threads {
  /** How many jobs run at once. */
  readonly size: number;
  /**
   * Runs a job in the first thread that is free.
   *
   * @param signal - Ends it at once, in the midst of WebAssembly too. Its promise is rejected then, with whatever there is to say.
   */
  readonly run: (job: Job, signal: AbortSignalLike | null) => Promise<Outcome>;
  /** Ends the threads. What still runs is rejected. */
  readonly close: () => Promise<void>;
}

/** What is said where a thread could not do its work. */
export function lostThread(cause: unknown): Error {
  const what = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Ensemble: a worker ended before its work was done: ${what}`, { cause });
}
