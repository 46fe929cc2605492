import { type Diffeqsolve, type RawOptions, solveWith } from "@diffrax-ts/integrate";
import { readField, readFunctions } from "@diffrax-ts/plain";
import type { Solver } from "@diffrax-ts/protocol";

/**
 * Solves an ordinary differential equation `dy/dt = f(t, y, args)` from `t0` to `t1`.
 *
 * A bare function is ordinary arithmetic on numbers: its source is read, differentiated and compiled. What cannot be read is
 * called from compiled code, with a warning. Mark a function that works on tensors with `traced`.
 *
 * @param terms - A vector field, or a term such as `ODETerm(f)`. The field returns the structure of `y0`.
 * @param solver - For example `Tsit5()`.
 * @param options - `t0`, `t1`, `dt0` and `y0`, and what else is asked for. Numbers, tensors and typed arrays in `y0` and `args`
 * are data: other values never trace again.
 * @returns The solution: `ts` and `ys` as `saveat` asks for, by default the end alone; `stats`, `result` and more.
 * @throws TypeError or RangeError that names the option, for what makes no sense; Error if the solve fails, unless `throw: false`.
 *
 * @example
 * ```ts
 * import { diffeqsolve, PIDController, Tsit5 } from "@diffrax-ts/core";
 *
 * const solution = diffeqsolve((t, y, rate) => -rate * y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.1, y0: 1, args: 2,
 *   stepsizeController: PIDController({ rtol: 1e-9, atol: 1e-9 }),
 * });
 * solution.ys.at(0).item();
 * // → 0.135335283…
 * ```
 */
export const diffeqsolve: Diffeqsolve = (terms: unknown, solver: Solver, options: unknown) =>
  // What is saved decides the type of the solution.
  solveWith({ readField, readFunctions }, terms, solver, options as RawOptions) as never;
