import { astype, mul } from "@diffrax-ts/array";
import { asTensor, watched } from "@diffrax-ts/autodiff";
import { DenseInterpolation } from "@diffrax-ts/interpolation";
import { isTraced, tensorOf, traceContext, valueOf } from "@diffrax-ts/program";
import {
  type DenseInfo,
  type InnerSolve,
  isOkay,
  type Solver,
  type Tree,
} from "@diffrax-ts/protocol";
import { type Leaf, map, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { isFold, isSubSaveAt, type Subs } from "@diffrax-ts/saveat";
import { solveOnHost } from "./burstsOf.ts";
import { directionOf } from "./directionOf.ts";
import { endOfSolve, statsOf, useResult } from "./howItEnded.ts";
import type { Outcome, SavedRows } from "./Outcome.ts";
import { prepare, type Prepared } from "./prepare.ts";
import type { Reader } from "./Reader.ts";
import { type RawOptions, readOptions } from "./readOptions.ts";
import { refuse } from "./refuse.ts";
import { joined, row } from "./rows.ts";
import type { Solution } from "./Solution.ts";
import type { Diffeqsolve } from "./SolveOptions.ts";
import { solveInTrace } from "./tracedDriver.ts";
import { watchSolve } from "./watchSolve.ts";

/**
 * Solves a differential equation whose functions work on tensors: `traced(f)`. For ordinary arithmetic on numbers take the
 * `diffeqsolve` of `@diffrax-ts/core`, which is this one with a reader for such functions.
 *
 * At top level it runs at once; inside `jit`, `grad` and `vmap` it becomes part of what is traced. The first call with a vector
 * field traces and compiles it, and other numbers in `t0`, `t1`, `dt0`, `y0`, `args` and `saveat.ts` find that again.
 *
 * @param terms - `traced((t, y, args) => dy)`, or a term such as `ODETerm(traced(f), params)`.
 * @param solver - For example `Tsit5()`.
 * @throws TypeError or RangeError that names the option, for what makes no sense; Error if the solve fails, unless `throw: false`.
 *
 * @example
 * ```ts
 * import { mul } from "@diffrax-ts/array";
 * import { diffeqsolve } from "@diffrax-ts/integrate";
 * import { traced } from "@diffrax-ts/protocol";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const growth = traced((t: Scalar, y: Scalar, rate: Scalar) => mul(y, rate));
 * const { ys } = diffeqsolve(growth, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, args: 2 });
 * ys.at(0).item() / Math.exp(2);
 * // → 1.0000…
 * ```
 */
export const diffeqsolve: Diffeqsolve = (terms: unknown, solver: Solver, options: unknown) =>
  // What is saved decides the type of the solution.
  solveWith(null, terms, solver, options as RawOptions) as never;

/**
 * `diffeqsolve` without its types, with a reader that turns plain functions into ones that work on tensors: for packages that
 * bring a reader of their own, as `core` does.
 *
 * @param read - Has to return the same function for the same source, so that traces are found again; `null` refuses functions
 * that are not `traced`.
 */
export function solveWith(
  reader: Reader | null,
  terms: unknown,
  solver: unknown,
  given: RawOptions,
): Solution {
  const options = readOptions(given);
  const host = traceContext().current === null;
  const prepared = prepare(terms, solver, options, { reader, host });
  const outcome = host ? runOnHost(prepared) : solveInTrace(prepared, solveInner);
  if (host && prepared.throws && !isOkay(outcome.result)) refuse(outcome, options);
  return solutionOf(prepared, outcome, solver as Solver, options);
}

function runOnHost(prepared: Prepared): Outcome {
  const { progressMeter } = prepared;
  return progressMeter === null ? solveOnHost(prepared) : watchSolve(prepared, progressMeter);
}

/** For adjoints, whose terms have been read already. */
const solveInner: InnerSolve = (term, solver, options) =>
  solveWith(null, term, solver, options) as never;

/** A solution, from what a driver brought back. */
export function solutionOf(
  prepared: Prepared,
  outcome: Outcome,
  solver: Solver,
  options: RawOptions,
): Solution {
  const { config, maxSteps, subs } = prepared;
  const { dense, keeps } = config;
  const count = (config.saves as readonly unknown[]).length;
  const saves = outcome.saves.slice(0, count);
  const interpolation = interpolationOf(prepared, outcome.saves[count], solver, options);
  const events = outcome.saves[count + (dense ? 1 : 0)];
  const solution = {
    t0: options.t0,
    t1: options.t1,
    ts: arranged(
      subs,
      saves.map(({ ts }) => ts),
    ),
    ys: arranged(
      subs,
      saves.map(({ ys }) => ys),
    ),
    interpolation,
    stats: statsOf(outcome, maxSteps),
    result: endOfSolve(outcome),
    solverState: keeps.solverState ? outcome.solverState : null,
    controllerState: keeps.controllerState ? outcome.controllerState : null,
    madeJump: keeps.madeJump ? outcome.madeJump : null,
    eventMask: outcome.eventMask,
    events: events === undefined ? null : { ts: events.ts, ...(events.ys as object) },
    ...(interpolation === null ? (withoutDense ??= methodsOf(null)) : methodsOf(interpolation)),
  };
  return watched(solution, { result: useResult }) as Solution;
}

/** What was saved, in the arrangement of `subs`. */
export function arranged(subs: Subs | null, saved: readonly unknown[]): unknown {
  let next = 0;
  const place = (node: Subs): unknown => {
    if (isSubSaveAt(node) || isFold(node)) return saved[next++];
    if (Array.isArray(node)) return node.map(place);
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, place(child)]));
  };
  return subs === null ? null : place(subs);
}

function interpolationOf(
  { config }: Prepared,
  dense: SavedRows | undefined,
  solver: Solver,
  { t0, t1, dt0 }: RawOptions,
): DenseInterpolation | null {
  const { direction, dtype } = config;
  if (!config.dense) return null;
  const { ts: ends, ys: rows, count } = dense!;
  const { info: infos, end: infoEnds = null } = rows as DenseRows;
  const asTime = (t: unknown): Scalar =>
    astype(asTensor(t as Leaf, "diffeqsolve"), dtype) as Scalar;
  const [from, to] = [asTime(t0), asTime(t1)];
  const first = dt0 === null ? null : asTime(dt0);
  const sign = directionOf({ direction, t0: from, t1: to, dt0: first, dtype });
  const ts = joined(row(mul(from, sign)), ends);
  const start = map((leaf: Leaf) => ownTensor(leaf), config.y0) as Tree;
  return DenseInterpolation({
    ts,
    infos,
    infoEnds,
    count: count!,
    solver,
    direction: sign,
    y0: start,
  });
}

/** What dense output keeps of the steps. */
interface DenseRows {
  readonly info: DenseInfo;
  /** The ends of the intervals that it belongs to; left out where they are the ends of the steps. */
  readonly end?: Tensor;
}

/** A tensor that nobody else can change. */
function ownTensor(leaf: Leaf): Tensor {
  const x = asTensor(leaf, "y0");
  if (isTraced(x)) return x;
  const { dtype, shape, data } = valueOf(x);
  return tensorOf({ dtype, shape, data: data.slice() });
}

/** The functions of all solutions without dense output: they have one structure. */
let withoutDense: ReturnType<typeof methodsOf> | undefined;

/** What a solution can do. Its functions may be taken from it and passed on. */
function methodsOf(own: DenseInterpolation | null): Pick<Solution, "evaluate" | "derivative"> {
  // A solution that went through a traced function has its interpolation beside them; as a function passed on, `this` is nothing.
  const found = (self: Solution | undefined): DenseInterpolation =>
    interpolated(self?.interpolation ?? own);
  return {
    evaluate: function evaluate(this: Solution | undefined, t0, t1 = null, left = true) {
      return found(this).evaluate(t0 as Scalar, t1 as Scalar | null, left); // the interpolation checks them
    },
    derivative: function derivative(this: Solution | undefined, t, left = true) {
      return found(this).derivative(t as Scalar, left);
    },
  };
}

function interpolated(interpolation: DenseInterpolation | null): DenseInterpolation {
  if (interpolation !== null) return interpolation;
  throw new TypeError(
    "solution: the solution between its saved times was not kept; solve with saveat: { dense: true }",
  );
}
