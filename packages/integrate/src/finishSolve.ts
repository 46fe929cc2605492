import { equal, less, logicalAnd, mul, where } from "@diffrax-ts/array";
import { apply } from "@diffrax-ts/program";
import {
  assertOkay,
  type CountName,
  firstFailure,
  resultCode,
  resultTensor,
  type TracedResult,
  type Tree,
  treeLeaves,
  unpackTree,
} from "@diffrax-ts/protocol";
import { type Scalar, type Tensor, unflatten } from "@diffrax-ts/pytree";
import type { SolveConfig } from "./SolveConfig.ts";
import type { StartedSolve } from "./startSolve.ts";
import { unlessFinite } from "./stepResult.ts";
import type { Track, TrackState } from "./Track.ts";
import type { LoopParts, LoopState } from "./LoopState.ts";
import { finishTrack } from "./writeTrack.ts";

/** What a solve gives, as tensors. */
export interface SolveOutput {
  /** As the user sees it. */
  readonly tEnd: Scalar;
  /** The rows of the tracks: of what is saved, then of dense output, then of events. */
  readonly saves: readonly TrackState[];
  readonly result: Tensor;
  /** For the host to warn of: why the control of a term was not good for a step; `null` inside a traced function, and if all are good for any. */
  readonly doubt: TracedResult;
  readonly numSteps: Tensor;
  readonly numAccepted: Tensor;
  readonly counts: Readonly<Record<CountName, Tensor>> | null;
  readonly solverState: Tree;
  readonly controllerState: Tree;
  readonly madeJump: Tensor | null;
  /** Which condition of the event ended the solve: a tree of truth values; `null` without an event. */
  readonly eventMask: unknown;
}

type RowsOf = Pick<Track, "structure" | "isDense">;

/** What comes after the loop: how the solve ended, the rows that are due at the end, and what is kept to go on from. */
export function finishSolve(
  { throws, keeps, host }: SolveConfig,
  { parts, t0, y0, direction }: StartedSolve,
  state: LoopState,
): SolveOutput {
  const { t1 } = parts.end;
  const unfinished = logicalAnd(
    less(state.tprev, t1),
    equal(state.result!, resultCode("successful")),
  );
  const result = where(unfinished, resultTensor("maxStepsReached"), resultAtEnd(parts, state));
  parts.meter?.close(result);
  if (throws) assertOkay(result);
  /** Rows as they are handed out: the host, which has numbers, takes apart what was put together itself. */
  const rowsAs = (of: RowsOf, ys: readonly Tensor[]): readonly Tensor[] =>
    host || of.isDense ? ys : treeLeaves(unpackTree(unflatten(of.structure, ys) as Tree));
  const end = { t: state.tprev, y: state.y, numAccepted: state.numAccepted };
  const saves = parts.tracks.map((track, i) => {
    const written = finishTrack(track, state.tracks[i]!, { t0, t1, y0 }, end);
    const { count, ts, ys } = written;
    if (count === null) return { ...written, tsIndex: null };
    return { count, tsIndex: null, ts: freeze(ts), ys: rowsAs(track, ys.map(freeze)) };
  });
  const events = parts.event?.event.recorded?.(state.eventState, y0) ?? null;
  if (events !== null) {
    const { count, ts, ys, structure } = events;
    const rows = rowsAs({ structure, isDense: false }, ys.map(freeze));
    saves.push({ count, tsIndex: null, ts: freeze(ts), ys: rows });
  }
  return {
    tEnd: mul(state.tprev, direction),
    saves,
    result,
    doubt: state.doubt,
    numSteps: state.numSteps,
    numAccepted: state.numAccepted,
    counts: state.counts,
    solverState: keeps.solverState ? unpackTree(state.solverState) : null,
    controllerState: keeps.controllerState ? unpackTree(state.controllerState) : null,
    madeJump: state.madeJump === false ? null : state.madeJump,
    eventMask: parts.event === null ? null : parts.event.event.mask(state.eventState),
  };
}

/** A controller that adapts steps may keep one by force, as at `dtmin`, that has led to where there are no numbers. */
function resultAtEnd({ controller }: LoopParts, { result, y }: LoopState): Tensor {
  return controller.isAdaptive ? firstFailure([result, unlessFinite(y)])! : result!;
}

function freeze(buffer: Tensor): Tensor {
  return apply("bufferFreeze", [buffer], {})[0]!;
}
