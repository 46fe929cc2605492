import { add, astype, equal, less, lessEqual, logicalAnd, mul, where } from "@diffrax-ts/array";
import { callTraced, cond, asTensor, resultTypes, treeLoop } from "@diffrax-ts/autodiff";
import { apply, arrayType, div, isFloat, scalarTensor, type Type } from "@diffrax-ts/program";
import type { LocalInterpolation, Tree } from "@diffrax-ts/protocol";
import {
  flatten,
  type Leaf,
  type Scalar,
  structure,
  type Structure,
  type Tensor,
} from "@diffrax-ts/pytree";
import type { SaveConfig, SolveConfig } from "./SolveConfig.ts";

/** What has been saved so far, for one thing to save. */
export interface SaveState {
  /** The rows written. */
  readonly count: Tensor;
  /** The next of the times asked for. */
  readonly tsIndex: Tensor | null;
  /** As the user sees them. */
  readonly ts: Tensor;
  /** One buffer for each leaf of what is saved. */
  readonly ys: readonly Tensor[];
}

/** One thing to save. */
export interface Saver {
  readonly sub: SaveConfig;
  /** The times asked for, in the direction of the solve; `null` if there are none. */
  readonly times: Tensor | null;
  /** Of what is saved. */
  readonly structure: Structure;
  readonly types: readonly Type[];
  readonly args: unknown;
  readonly direction: Scalar | 1 | -1;
}

const int = (x: number): Tensor => scalarTensor("int32", x);
const yes = (): Tensor => scalarTensor("bool", 1);

/** What a thing to save will look like. */
export function makeSaver(
  sub: SaveConfig,
  config: SolveConfig,
  t0: Scalar,
  y0: Tree,
  direction: Scalar | 1 | -1,
): Saver {
  const times =
    sub.ts === null || sub.ts.length === 0 ? null : mul(astype(sub.ts, config.dtype), direction);
  const args = config.args.params;
  if (sub.fn === null) {
    const types = flatten(y0).leaves as readonly Leaf[] as readonly unknown[] as readonly Type[];
    return { sub, times, structure: structure(y0), types, args, direction };
  }
  const result = resultTypes(sub.fn, [t0, y0, args], "saveat.fn");
  return { sub, times, structure: result.structure, types: result.types, args, direction };
}

/** The most rows that a thing to save can get. */
function numRows(
  { t0, t1, ts, steps }: SaveConfig,
  { host, chunk, maxSteps }: SolveConfig,
): number {
  let rows = (t0 ? 1 : 0) + (ts?.shape[0] ?? 0) + (t1 ? 1 : 0);
  if (steps === 0) return rows;
  if (host) rows += chunk;
  else {
    const most = maxSteps as number;
    rows += Math.floor(most / steps) - (t1 && most % steps === 0 ? 1 : 0);
  }
  return rows;
}

export function startSaving({ sub, types, times }: Saver, config: SolveConfig): SaveState {
  const rows = numRows(sub, config);
  const buffer = ({ dtype, shape }: Type): Tensor => {
    const fill = config.host ? null : isFloat(dtype) ? Infinity : 0;
    return apply("bufferNew", [], { dtype, shape: [rows, ...shape], fill })[0]!;
  };
  return {
    count: int(0),
    tsIndex: times === null ? null : int(0),
    ts: buffer(arrayType(config.dtype, [])),
    ys: types.map(buffer),
  };
}

/** One more row, if `pred`. */
function saveRow(saver: Saver, state: SaveState, t: Scalar, y: Tree, pred: Tensor): SaveState {
  const { sub, args, direction } = saver;
  const time = mul(t, direction);
  const value = sub.fn === null ? y : callTraced(sub.fn, [time, y, args], "saveat.fn");
  const rows = flatten(value).leaves.map((leaf) => asTensor(leaf, "saveat.fn"));
  const write = (buffer: Tensor, row: Tensor): Tensor =>
    apply("bufferWrite", [buffer, state.count, row, pred], {})[0]!;
  return {
    ...state,
    count: add(state.count, astype(pred, "int32")),
    ts: write(state.ts, time),
    ys: state.ys.map((buffer, i) => write(buffer, rows[i]!)),
  };
}

export function saveStart(saver: Saver, state: SaveState, t0: Scalar, y0: Tree): SaveState {
  return saver.sub.t0 ? saveRow(saver, state, t0, y0, yes()) : state;
}

/** The times asked for that lie in a step which was kept. */
export function saveTimes(
  saver: Saver,
  state: SaveState,
  interpolate: () => LocalInterpolation,
  tEnd: Scalar,
  keepStep: Tensor | true,
): SaveState {
  const { times } = saver;
  if (times === null) return state;
  const interpolation = interpolate();
  return treeLoop(
    "saveat",
    state,
    ({ tsIndex }) => {
      const isNext = logicalAnd(less(tsIndex!, times.length), lessEqual(times.at(tsIndex!), tEnd));
      return keepStep === true ? isNext : logicalAnd(keepStep, isNext);
    },
    (row) => {
      const t = times.at(row.tsIndex!) as Scalar;
      return {
        ...saveRow(saver, row, t, interpolation.evaluate(t), yes()),
        tsIndex: add(row.tsIndex!, 1),
      };
    },
    { bound: times.length },
  );
}

/** Whether a number of steps is one to save after. */
function isTurn(sub: SaveConfig, numAccepted: Tensor): Tensor {
  if (sub.steps === 1) return yes();
  const rounds = div(numAccepted, sub.steps); // rounded down
  return equal(mul(rounds, sub.steps), numAccepted);
}

/** The end of a step. */
export function saveStep(
  saver: Saver,
  state: SaveState,
  t: Scalar,
  y: Tree,
  numAccepted: Tensor,
  keepStep: Tensor | true,
): SaveState {
  const { sub } = saver;
  if (sub.steps === 0) return state;
  const turn = isTurn(sub, numAccepted);
  const pred = keepStep === true ? turn : logicalAnd(keepStep, turn);
  // What is saved is computed only when it is.
  if (sub.fn === null) return saveRow(saver, state, t, y, pred);
  return cond(
    pred,
    () => saveRow(saver, state, t, y, yes()),
    () => state,
  );
}

/** If there was no step at all because `t0 = t1`, the times asked for are all `t0`. */
export function saveIfPoint(
  saver: Saver,
  state: SaveState,
  t0: Scalar,
  t1: Scalar,
  y0: Tree,
): SaveState {
  const { times } = saver;
  if (times === null) return state;
  return treeLoop(
    "saveat",
    state,
    ({ tsIndex }) => logicalAnd(equal(t0, t1), less(tsIndex!, times.length)),
    (row) => ({ ...saveRow(saver, row, t0, y0, yes()), tsIndex: add(row.tsIndex!, 1) }),
    { bound: times.length },
  );
}

/** The end of the solve, unless it was saved as the end of a step. */
export function saveEnd(
  saver: Saver,
  state: SaveState,
  t: Scalar,
  y: Tree,
  numAccepted: Tensor,
): SaveState {
  const { sub } = saver;
  if (!sub.t1 || sub.steps === 1) return state;
  const pred =
    sub.steps === 0 ? yes() : where(isTurn(sub, numAccepted), scalarTensor("bool", 0), yes());
  return saveRow(saver, state, t, y, pred);
}
