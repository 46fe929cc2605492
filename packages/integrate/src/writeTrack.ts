import { add, astype, equal, less, lessEqual, logicalAnd, where } from "@diffrax-ts/array";
import { cond, treeLoop } from "@diffrax-ts/autodiff";
import { apply, arrayType, div, isFloat, mul, scalarTensor, type Type } from "@diffrax-ts/program";
import type { EventChange, LocalInterpolation, StepMade, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { SolveConfig } from "./SolveConfig.ts";
import type { Track, TrackState } from "./Track.ts";

const int = (x: number): Tensor => scalarTensor("int32", x);
const yes = (): Tensor => scalarTensor("bool", 1);

/**
 * The most rows that a track can get; where the host drains it, as many as there is room for at a time.
 *
 * @param changes - Rows of steps at whose end the state is changed: one more for each.
 */
function numRows(
  { due: { t0, t1, times, steps }, isDense }: Track,
  { host, chunk, maxSteps }: SolveConfig,
  changes: number,
): number {
  const rows =
    (t0 ? 1 : 0) + (times?.shape[0] ?? 0) + (t1 ? 1 : 0) + (steps === 0 || isDense ? 0 : changes);
  if (steps === 0) return rows;
  if (host) return rows + chunk;
  const most = maxSteps as number;
  return rows + Math.floor(most / steps) - (t1 && most % steps === 0 ? 1 : 0);
}

/** What events do to the state. */
interface StartOfTrack {
  /** Rows of steps that they may add. */
  readonly changes: number;
  /** What they do to it before the first step; `null` if they never do. */
  readonly change: EventChange | null;
}

/** The track at the start of a solve. */
export function startTrack(
  track: Track,
  config: SolveConfig,
  t0: Scalar,
  { changes, change }: StartOfTrack,
): TrackState {
  const { y0 } = config;
  const empty = emptyTrack(track, config, changes);
  const first = track.due.t0 ? writeRow(track, empty, t0, y0, yes()) : empty;
  if (change === null) return first;
  const { times, t0: isDue, steps } = track.due;
  const left =
    times === null ? first : writeTimesAt(track, first, times, { t0, y0, isDue: change.isNew });
  return isDue && steps > 0 ? writeRow(track, left, t0, change.y, change.isNew) : left;
}

function emptyTrack(track: Track, config: SolveConfig, changes: number): TrackState {
  const { due, types, start } = track;
  const tsIndex = due.times === null ? null : int(0);
  if (start !== null) return { count: null, tsIndex, ts: start.t, ys: start.leaves };
  const rows = numRows(track, config, changes);
  const buffer = ({ dtype, shape }: Type): Tensor => {
    const fill = config.host ? null : isFloat(dtype) ? Infinity : 0;
    return apply("bufferNew", [], { dtype, shape: [rows, ...shape], fill })[0]!;
  };
  return {
    count: int(0),
    tsIndex,
    ts: buffer(arrayType(config.dtype, [])),
    ys: types.map(buffer),
  };
}

/** The rows of times at the start, where the state is changed: they have the state before that. */
function writeTimesAt(
  track: Track,
  state: TrackState,
  times: Tensor,
  { t0, y0, isDue }: { readonly t0: Scalar; readonly y0: Tree; readonly isDue: Tensor },
): TrackState {
  return treeLoop(
    "saveat",
    state,
    ({ tsIndex }) => {
      const isNext = logicalAnd(less(tsIndex!, times.length), lessEqual(times.at(tsIndex!), t0));
      return logicalAnd(isDue, isNext);
    },
    (row) => nextTime(writeRow(track, row, t0, y0, yes())),
    { bound: times.length },
  );
}

/** The rows that are due in a step: first those at times asked for, then that at its end. Nothing, if the step is not kept. */
export function writeStep(
  track: Track,
  state: TrackState,
  step: StepMade,
  curve: () => LocalInterpolation,
): TrackState {
  return writeEnd(track, writeTimes(track, state, step, curve), step);
}

/**
 * One more row at the end of a step where the state is changed: the first has the state before it. Nothing, where the ends of steps are
 * not saved, and in dense output.
 */
export function writeChange(
  track: Track,
  state: TrackState,
  { t1, numAccepted }: StepMade,
  { isNew, y }: EventChange,
): TrackState {
  const { steps } = track.due;
  if (steps === 0 || track.isDense) return state;
  const isDue = logicalAnd(isNew, isTurn(steps, numAccepted));
  return cond(
    isDue,
    () => writeRow(track, state, t1, y, yes()),
    () => state,
  );
}

/** What is due when the solve has ended: at `t0 = t1` all times asked for, and the end unless it was written as that of a step. */
export function finishTrack(
  track: Track,
  state: TrackState,
  { t0, t1, y0 }: { readonly t0: Scalar; readonly t1: Scalar; readonly y0: Tree },
  end: { readonly t: Scalar; readonly y: Tree; readonly numAccepted: Tensor },
): TrackState {
  const { t1: isDue, steps, times } = track.due;
  const atPoint = times === null ? state : writePoint(track, state, times, equal(t0, t1), t0, y0);
  if (!isDue || steps === 1) return atPoint;
  const isNew =
    steps === 0 ? yes() : where(isTurn(steps, end.numAccepted), scalarTensor("bool", 0), yes());
  return writeRow(track, atPoint, end.t, end.y, isNew);
}

/** One more row, if `pred`. */
function writeRow(track: Track, state: TrackState, t: Scalar, of: Tree, pred: Tensor): TrackState {
  const { count } = state;
  const row = track.row(t, of, state);
  if (count === null) return { ...state, ts: row.t, ys: row.leaves }; // a fold, which is asked only when it is due
  const write = (buffer: Tensor, value: Tensor): Tensor =>
    apply("bufferWrite", [buffer, count, value, pred], {})[0]!;
  return {
    ...state,
    count: add(count, astype(pred, "int32")),
    ts: write(state.ts, row.t),
    ys: state.ys.map((buffer, i) => write(buffer, row.leaves[i]!)),
  };
}

function writeTimes(
  track: Track,
  state: TrackState,
  { t1, keepStep }: StepMade,
  curve: () => LocalInterpolation,
): TrackState {
  const { times } = track.due;
  if (times === null) return state;
  const solution = curve();
  return treeLoop(
    "saveat",
    state,
    ({ tsIndex }) => {
      const isNext = logicalAnd(less(tsIndex!, times.length), lessEqual(times.at(tsIndex!), t1));
      return keepStep === true ? isNext : logicalAnd(keepStep, isNext);
    },
    (row) => {
      const t = times.at(row.tsIndex!) as Scalar;
      return nextTime(writeRow(track, row, t, solution.evaluate(t), yes()));
    },
    { bound: times.length },
  );
}

function writePoint(
  track: Track,
  state: TrackState,
  times: Tensor,
  isPoint: Tensor,
  t0: Scalar,
  y0: Tree,
): TrackState {
  return treeLoop(
    "saveat",
    state,
    ({ tsIndex }) => logicalAnd(isPoint, less(tsIndex!, times.length)),
    (row) => nextTime(writeRow(track, row, t0, y0, yes())),
    { bound: times.length },
  );
}

function nextTime(state: TrackState): TrackState {
  return { ...state, tsIndex: add(state.tsIndex!, 1) };
}

function writeEnd(track: Track, state: TrackState, step: StepMade): TrackState {
  const { steps } = track.due;
  if (steps === 0) return state;
  const { t1, keepStep, numAccepted } = step;
  const isDue = isTurn(steps, numAccepted);
  const pred = keepStep === true ? isDue : logicalAnd(keepStep, isDue);
  const write = (isWritten: Tensor): TrackState =>
    writeRow(track, state, t1, track.atEnd(step), isWritten);
  // What a function makes of the state is computed only when it is written.
  return track.isComputed
    ? cond(
        pred,
        () => write(yes()),
        () => state,
      )
    : write(pred);
}

/** Whether after a number of steps a row is due. */
function isTurn(steps: number, numAccepted: Tensor): Tensor {
  if (steps === 1) return yes();
  const rounds = div(numAccepted, steps); // rounded down
  return equal(mul(rounds, steps), numAccepted);
}
