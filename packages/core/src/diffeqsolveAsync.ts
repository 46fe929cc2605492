import {
  type AsyncOptions,
  type DiffeqsolveAsync,
  type Prepare,
  prepareWith,
  type RawOptions,
  solveAsyncWith,
} from "@diffrax-ts/integrate";
import { readField, readFunctions } from "@diffrax-ts/plain";
import type { Solver } from "@diffrax-ts/protocol";

/**
 * `diffeqsolve` for a page or a server that has other things to do: it runs in bursts, between which the event loop turns. What it
 * resolves to is what `diffeqsolve` returns, to the last bit.
 *
 * A burst takes no longer than `budgetMs`, unless a single step does. Tracing and compiling come before the first one, and no budget
 * holds for them: `prepare` does them ahead. Several solves may run at once.
 *
 * @param options - Those of `diffeqsolve`, and `signal`, `onProgress` and `budgetMs`. Arrays are read when it is called: what
 * happens to them later is not seen.
 * @returns A promise. It rejects with the reason of `signal` when that is aborted, and what was solved so far is its `solution`; with
 * what `onProgress` or a function of the equation throws; and with what `diffeqsolve` would throw.
 *
 * @example
 * ```ts
 * import { diffeqsolveAsync, PIDController, Tsit5 } from "@diffrax-ts/core";
 *
 * const shown: number[] = [];
 * const { ys } = await diffeqsolveAsync((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.01, y0: 1,
 *   budgetMs: 4,
 *   onProgress: (progress) => void shown.push(progress),
 * });
 * ys.at(0).item();
 * // → 0.367879…
 * shown.at(-1);
 * // → 1
 * ```
 */
export const diffeqsolveAsync: DiffeqsolveAsync = (
  terms: unknown,
  solver: Solver,
  options: unknown,
) =>
  // What is saved decides the type of the solution.
  solveAsyncWith(
    { readField, readFunctions },
    terms,
    solver,
    options as RawOptions & AsyncOptions,
  ) as never;

/**
 * Traces and compiles a solve before it is needed, so that `diffeqsolve` and `diffeqsolveAsync` with such options begin at once: other
 * numbers are data. It makes one step, which is thrown away, because engines compile a function when it is first called.
 *
 * @returns How long that took.
 *
 * @example
 * ```ts
 * import { diffeqsolve, prepare, Tsit5 } from "@diffrax-ts/core";
 *
 * const decay = (t: number, y: number) => -y;
 * const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1 };
 * prepare(decay, Tsit5(), options).prepareMs > 0;
 * // → true
 * diffeqsolve(decay, Tsit5(), { ...options, y0: 2 }).ys.at(0).item();
 * // → 0.735759…
 * ```
 */
export const prepare: Prepare = (terms: unknown, solver: Solver, options: unknown) =>
  prepareWith({ readField, readFunctions }, terms, solver, options as RawOptions);
