import { isOkay, type Result, type Solver } from "@diffrax-ts/protocol";
import { aborted } from "./aborted.ts";
import type { DiffeqsolveAsync } from "./asyncSignatures.ts";
import { burstsOf, type Held } from "../burstsOf.ts";
import { solutionOf } from "../diffeqsolve.ts";
import { refuse } from "../refuse.ts";
import type { Outcome } from "../Outcome.ts";
import { plansOf } from "../Plan.ts";
import { prepareOnHost } from "./prepareOnHost.ts";
import type { Prepared } from "../prepare.ts";
import type { Reader } from "../Reader.ts";
import { type AsyncOptions, type ReadAsync, readAsyncOptions } from "./readAsyncOptions.ts";
import type { RawOptions } from "../readOptions.ts";
import { shownTo } from "./shownTo.ts";
import { slicesOf } from "./slicesOf.ts";
import { solve } from "../solve.ts";
import type { Solution } from "../Solution.ts";

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
 * import { neg } from "@diffrax-ts/array";
 * import { diffeqsolveAsync } from "@diffrax-ts/integrate";
 * import { traced } from "@diffrax-ts/protocol";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const decay = traced((t: Scalar, y: Scalar) => neg(y));
 * const { ys } = await diffeqsolveAsync(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.01, y0: 1, budgetMs: 4 });
 * ys.at(0).item();
 * // → 0.367879…
 * ```
 */
export const diffeqsolveAsync: DiffeqsolveAsync = (
  terms: unknown,
  solver: Solver,
  options: unknown,
) => solveAsyncWith(null, terms, solver, options as RawOptions & AsyncOptions) as never;

/** `diffeqsolveAsync` without its types, with a reader of plain functions: for packages that bring one, as `core` does. */
export async function solveAsyncWith(
  reader: Reader | null,
  terms: unknown,
  solver: unknown,
  given: RawOptions & AsyncOptions,
): Promise<Solution> {
  const read = readAsyncOptions("diffeqsolveAsync", given);
  const { signal, options: raw } = read;
  const { prepared, options } = prepareOnHost("diffeqsolveAsync", {
    reader,
    terms,
    solver,
    given: raw,
  });
  if (signal?.aborted === true) throw aborted(signal.reason, null);
  const finish = (outcome: Outcome): Solution =>
    solutionOf(prepared, outcome, solver as Solver, options);
  const outcome = await runInSlices(prepared, read, finish);
  if (prepared.throws && !isOkay(outcome.result)) refuse(outcome, options);
  return finish(outcome);
}

async function runInSlices(
  prepared: Prepared,
  { signal, budgetMs, onProgress }: Omit<ReadAsync<unknown>, "options">,
  finish: (outcome: Outcome) => Solution,
): Promise<Outcome> {
  const before = performance.now();
  const { leaves, traced } = plansOf(prepared.field).get(solve, [prepared.config], "diffeqsolve");
  const prepareMs = performance.now() - before;
  const shown = shownTo(prepared, onProgress, prepareMs);
  const held: Held = { run: null };
  const bursts = burstsOf(prepared, { held, turns: 1 });
  const slices = slicesOf(bursts, { signal, budgetMs, solutionOf: finish });
  let result: Result | null = null;
  try {
    // What is given is read at once: the caller may change arrays as soon as the event loop turns.
    held.run = traced.compiled.start(leaves);
    let slice = await slices.next();
    for (; slice.done !== true; slice = await slices.next()) shown.update(slice.value);
    result = slice.value.result as Result;
    shown.end(slice.value);
    return slice.value;
  } finally {
    await slices.return(undefined as never);
    held.run?.release();
    shown.close(result);
  }
}
