import {
  type AsyncOptions,
  type DiffeqsolveStream,
  type RawOptions,
  solveStreamWith,
} from "@diffrax-ts/integrate";
import { readField, readFunctions } from "@diffrax-ts/plain";
import type { Solver } from "@diffrax-ts/protocol";

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
 * import { diffeqsolveStream, Tsit5 } from "@diffrax-ts/core";
 *
 * const stream = diffeqsolveStream((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.001, y0: 1, saveat: { steps: true },
 * });
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
) =>
  // What is saved decides the type of the stream.
  solveStreamWith(
    { readField, readFunctions },
    terms,
    solver,
    options as RawOptions & AsyncOptions,
  ) as never;
