import {
  add,
  astype,
  concatenate,
  equal,
  isFinite,
  maximum,
  neg,
  reshape,
  slice,
  sub,
  sum,
  where,
  zerosLike,
} from "@diffrax-ts/array";
import { scan, stopGradient } from "@diffrax-ts/autodiff";
import {
  type AdjointProblem,
  assertOkay,
  type SolveInputs,
  type SolveResults,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { AdjointTerm } from "./AdjointTerm.ts";
import type { BacksolveAdjointOptions } from "./BacksolveAdjointOptions.ts";
import { RecursiveCheckpointAdjoint } from "./RecursiveCheckpointAdjoint.ts";
import { floatLeaves, withFloatLeaves } from "./floatLeaves.ts";
import type { SolveConstants, Variables } from "./remake.ts";

/** What the way back is told of a solve. */
export interface Residuals {
  readonly variables: Variables;
  readonly constants: SolveConstants;
  /** Of the way back. */
  readonly options: BacksolveAdjointOptions;
  /** The times saved at, `[n]`. */
  readonly ts: Tensor;
  /** For each leaf of the state, what was saved. */
  readonly ys: readonly Tensor[];
  /** At the end of the solve. */
  readonly solverState: Tree;
}

/** From one time that was saved back to the one before. */
interface Interval {
  readonly start: Scalar;
  readonly end: Scalar;
  /** The state at the start, and the gradient with respect to it as it was saved there. */
  readonly y: Tree;
  readonly gradient: Tree;
}

/** How far the solves backward may go, and whether they throw if they go no further. */
export interface Limits {
  readonly maxSteps: number | null;
  readonly throws: boolean;
}

const failedBack =
  "diffeqsolve: adjoint: BacksolveAdjoint() did not get back to t0, as an equation that is stable forward may be unstable backward; for the " +
  "derivative of the steps leave the adjoint out. On its way: ";

/** What is carried from one interval to the one before. */
interface Carry {
  /** The gradients so far: with respect to the state, and sums for the leaves of `args` and of the term. */
  readonly aY: Tree;
  readonly aArgs: Tree;
  readonly aTerm: Tree;
  /** The length of the next step follows from it. The solver begins anew: what was saved adds a jump to the gradient. */
  readonly controllerState: Tree;
  /** What a reversible solver goes on from, as its steps are undone by its own numbers; `null` for other solvers. */
  readonly reversed: Reversed | null;
}

/** Where a reversible solver has come to on its way back. */
interface Reversed {
  readonly y: Tree;
  /** How far what it carries is from the augmented state. */
  readonly offset: Tree;
  /** Whether it has come there from a time that the solve reached. */
  readonly isReached: Tensor;
}

/**
 * The gradient with respect to the variables of a solve: the adjoint equations are solved from each time that was saved to the
 * one before, where what was saved adds its share.
 *
 * @param gradients - With respect to what was saved.
 */
export function solveBack<Inputs extends SolveInputs, Results extends SolveResults>(
  { inputs, solve }: AdjointProblem<Inputs, Results>,
  { variables, constants, options, ts, ys, solverState }: Residuals,
  gradients: readonly Tensor[],
  { maxSteps, throws }: Limits,
): Variables {
  const { y0, args, term } = variables;
  const {
    dt0 = constants.dt0 && neg(constants.dt0),
    solver = constants.solver,
    stepsizeController = constants.controller,
    adjoint = RecursiveCheckpointAdjoint(),
  } = options;
  const t0 = astype(constants.t0, inputs.dtype);
  const reached = lastReached(t0, ts);
  const zeros = (tree: Tree): Tree => treeMap((x) => astype(zerosLike(x), inputs.dtype), tree);

  const augmented = AdjointTerm(term);
  const isReversed =
    solver.offset !== undefined &&
    solver.initAt !== undefined &&
    options.solver === undefined &&
    constants.solverState === undefined;

  const turn = (
    { aY, aArgs, aTerm, reversed, ...states }: Omit<Carry, "controllerState"> & Partial<Carry>,
    { start, end, y, gradient }: Interval,
  ): Carry => {
    // Times that the solve did not reach are infinite: from there is no way back, and what was saved there is no number.
    const isReached = isFinite(start);
    const orReached = (t: Scalar): Scalar => where(isReached, t, reached) as Scalar;
    const saved = treeMap((x) => where(isReached, x, zerosLike(x)), y);
    const from =
      reversed === null
        ? saved
        : treeMap((own, x) => where(reversed.isReached, own, x), reversed.y, saved);
    const begin = { t0: orReached(start), t1: orReached(end) };
    const y0 = [from, treeMap(add, aY, gradient), aArgs, aTerm];
    const goesOn = reversed && {
      solverState: solver.initAt!(
        augmented,
        { ...begin, y0, args: args.params, tolerances: null },
        reversed.offset,
      ),
    };
    const solution = solve(augmented, solver, {
      ...begin,
      dt0,
      y0,
      args: args.params,
      saveat: { t1: true, controllerState: true, solverState: isReversed },
      stepsizeController,
      adjoint,
      maxSteps,
      throw: false,
      ...states,
      ...goesOn,
    });
    if (throws) assertOkay(solution.result, failedBack);
    const ended = treeMap((x) => x.at(0), solution.ys) as readonly Tree[];
    const [nextY, nextAY, nextArgs, nextTerm] = ended;
    return {
      aY: nextAY!,
      aArgs: nextArgs!,
      aTerm: nextTerm!,
      controllerState: stopGradient(solution.controllerState),
      reversed: isReversed
        ? { y: nextY!, offset: solver.offset!(solution.solverState, ended), isReached }
        : null,
    };
  };

  const rowsOf = (leaves: readonly Tensor[]): Tree => unflatten(structure(y0), leaves) as Tree;
  /** What the solver carried at the end is that of the last time that was saved if that is the end. */
  const fromTheEnd = ({ start, y }: Interval, zero: typeof nothing): Reversed => {
    const isEnd = equal(start, astype(constants.t1, inputs.dtype));
    const offset = treeMap((d) => where(isEnd, d, zerosLike(d)), solver.offset!(solverState, y));
    return { y, offset: [offset, zero.aY, zero.aArgs, zero.aTerm], isReached: isEnd };
  };
  const hasStart = inputs.saves[0]!.t0;
  const intervals: Interval = {
    start: dropped(ts, hasStart ? 1 : 0, 0),
    end: hasStart ? dropped(ts, 0, 1) : before(t0, ts),
    y: treeMap((rows) => dropped(rows, hasStart ? 1 : 0, 0), rowsOf(ys)),
    gradient: treeMap((rows) => dropped(rows, hasStart ? 1 : 0, 0), rowsOf(gradients)),
  } as Interval;

  const nothing = {
    aY: zeros(y0),
    aArgs: zeros(floatLeaves(args)),
    aTerm: zeros(floatLeaves(term)),
  };
  let carry: Pick<Carry, "aY" | "aArgs" | "aTerm"> = nothing;
  if (ts.length > (hasStart ? 1 : 0)) {
    // The first solve has no state to go on from; the others go on from that of the one before.
    const lastInterval = eachRow(intervals, (rows) => rows.at(-1));
    const reversed = isReversed ? fromTheEnd(lastInterval, nothing) : null;
    const last = turn({ ...nothing, reversed }, lastInterval);
    const others = eachRow(intervals, (rows) => dropped(rows, 0, 1));
    carry = scan(
      (state: Carry, interval: Interval) => ({ carry: turn(state, interval), row: null }),
      last,
      others,
      {
        reverse: true,
      },
    ).carry;
  }
  const { aArgs, aTerm } = carry;
  const aY = hasStart
    ? treeMap((a, rows) => add(a, rows.at(0)), carry.aY, rowsOf(gradients))
    : carry.aY;
  return { y0: aY, args: withFloatLeaves(args, aArgs), term: withFloatLeaves(term, aTerm) };
}

/** The last of the times saved at that is finite; `t0` if none is. */
function lastReached(t0: Tensor, ts: Tensor): Tensor {
  if (ts.length === 0) return t0;
  const count = sum(astype(isFinite(ts), "int32"));
  return where(equal(count, 0), t0, ts.at(maximum(sub(count, 1), 0)));
}

/** An array without some of its first and last rows. */
function dropped(rows: Tensor, first: number, last: number): Tensor {
  return slice(rows, [first, rows.length - last]);
}

/** The times before those of a list: one that comes first, and all but the last. */
function before(t0: Tensor, ts: Tensor): Tensor {
  return concatenate([reshape(t0, [1]), dropped(ts, 0, 1)]);
}

/** The same of every array in some intervals. */
function eachRow(intervals: Interval, f: (rows: Tensor) => Tensor): Interval {
  return treeMap(f, intervals as unknown as Tree) as unknown as Interval;
}
