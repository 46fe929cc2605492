import { traceContext } from "@diffrax-ts/program";
import type { Solver } from "@diffrax-ts/protocol";
import type { Prepare, PreparedAhead } from "./asyncSignatures.ts";
import { plansOf } from "../Plan.ts";
import { prepare as check, type Prepared } from "../prepare.ts";
import type { Reader } from "../Reader.ts";
import { type RawOptions, readOptions } from "../readOptions.ts";
import { solve } from "../solve.ts";

/** A solve at top level that has been checked, and its options. */
export interface PreparedOnHost {
  readonly prepared: Prepared;
  readonly options: RawOptions;
}

/**
 * Checks a solve that is run bit by bit.
 *
 * @param name - What runs it, for errors.
 * @throws TypeError inside of a traced function, and for options that make no sense.
 */
export function prepareOnHost(
  name: string,
  { reader, terms, solver, given, mayBeEndless = false }: GivenSolve,
): PreparedOnHost {
  if (traceContext().current !== null) {
    throw new TypeError(
      `${name}: inside a traced function a solve is a part of what is traced, and cannot wait for the event loop; write diffeqsolve there`,
    );
  }
  const options = readOptions(given);
  return { prepared: check(terms, solver, options, { reader, host: true, mayBeEndless }), options };
}

/** What a solve is given, as it comes. */
export interface GivenSolve {
  readonly reader: Reader | null;
  readonly terms: unknown;
  readonly solver: unknown;
  readonly given: RawOptions;
  /** Whether its owner may end it, so that `t1` may be infinite. @defaultValue false */
  readonly mayBeEndless?: boolean;
}

/**
 * Traces and compiles a solve before it is needed, so that `diffeqsolve` and `diffeqsolveAsync` with such options begin at once: other
 * numbers are data. It makes one step, which is thrown away, because engines compile a function when it is first called.
 *
 * @returns How long that took.
 *
 * @example
 * ```ts
 * import { neg } from "@diffrax-ts/array";
 * import { prepare } from "@diffrax-ts/integrate";
 * import { traced } from "@diffrax-ts/protocol";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const decay = traced((t: Scalar, y: Scalar) => neg(y));
 * const { prepareMs } = prepare(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.01, y0: 1 });
 * prepareMs > 0;
 * // → true
 * ```
 */
export const prepare: Prepare = (terms: unknown, solver: Solver, options: unknown) =>
  prepareWith(null, terms, solver, options as RawOptions);

/**
 * `prepare` without its types, with a reader of plain functions: for packages that bring one, as `core` does.
 */
export function prepareWith(
  reader: Reader | null,
  terms: unknown,
  solver: unknown,
  given: RawOptions,
): PreparedAhead {
  const before = performance.now();
  const { prepared } = prepareOnHost("prepare", { reader, terms, solver, given });
  const { leaves, traced } = plansOf(prepared.field).get(solve, [prepared.config], "prepare");
  // Engines compile the functions of a module when they are called first.
  const run = traced.compiled.start(leaves);
  try {
    run.burst(1);
  } finally {
    run.release();
  }
  return { prepareMs: performance.now() - before };
}
