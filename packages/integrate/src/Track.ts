import { astype, mul, sub } from "@diffrax-ts/array";
import { asTensor, callTraced, resultTypes } from "@diffrax-ts/autodiff";
import type { Type } from "@diffrax-ts/program";
import { fieldLike, type StepMade, type Tree, treeLeaves, unpackTree } from "@diffrax-ts/protocol";
import {
  flatten,
  type Scalar,
  structure,
  type Structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { FoldConfig, SaveConfig } from "./SolveConfig.ts";

/**
 * Rows that are written as the solve goes along: one thing to save, or dense output. It says what a row is and when one is due;
 * `writeTrack.ts` writes them. A fold has one row, each made from the one before.
 */
export interface Track {
  readonly due: Due;
  /** The row that a fold begins with; `null` for rows that are kept. */
  readonly start: Row | null;
  /** Of a row. */
  readonly structure: Structure;
  readonly types: readonly Type[];
  /** Whether a row has to be computed, by a function of the user. */
  readonly isComputed: boolean;
  /** Whether rows are what the solver told of steps, and not states. */
  readonly isDense: boolean;
  /** What a row is made of, at the end of a step. */
  readonly atEnd: (step: StepMade) => Tree;
  /** The row at a time of the solve: the time as it is written, and the leaves. */
  readonly row: (t: Scalar, of: Tree, state: TrackState) => Row;
}

/** A row, and its time as the user counts it. */
interface Row {
  readonly t: Scalar;
  readonly leaves: readonly Tensor[];
}

/** When a row is due. */
interface Due {
  /** At the start. */
  readonly t0: boolean;
  /** At the end. */
  readonly t1: boolean;
  /** After every so many steps; 0 for none. */
  readonly steps: number;
  /** At these times, which run forward; `null` if there are none. */
  readonly times: Tensor | null;
}

/** What has been written of a track. */
export interface TrackState {
  /** The rows; `null` for a fold, which has no buffers: `ts` and `ys` are those of its last update. */
  readonly count: Tensor | null;
  /** The next of the times at which a row is due. */
  readonly tsIndex: Tensor | null;
  readonly ts: Tensor;
  /** One buffer for each leaf of a row. */
  readonly ys: readonly Tensor[];
}

/** What tracks have to know of the solve that they belong to. */
export interface TrackStart {
  readonly t0: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
  readonly dtype: "float64" | "float32";
  readonly direction: Scalar | 1 | -1;
}

const leavesOf = (value: unknown, name: string): readonly Tensor[] =>
  flatten(value).leaves.map((leaf) => asTensor(leaf, name));

/** A fold: what `update` makes of its value after every step, or at times as the user sees them. */
export function foldTrack(
  { ts, steps }: SaveConfig,
  { name, init, update }: FoldConfig,
  { t0, args, dtype, direction }: TrackStart,
): Track {
  const form = structure(init);
  return {
    due: { t0: false, t1: false, steps, times: timesOf(ts, dtype, direction) },
    start: { t: mul(t0, direction), leaves: treeLeaves(init) },
    structure: form,
    types: typesOf(init),
    isComputed: true,
    isDense: false,
    atEnd: ({ y1 }) => y1,
    row: (forward, y, before) => {
      const t = mul(forward, direction);
      const acc = unflatten(form, before.ys) as Tree;
      const dt = sub(t, before.ts);
      const result = callTraced(update, [acc, t, unpackTree(y), args, dt], `${name}.update`);
      const next = fieldLike(result, { name: "init", y: acc }, `${name}.update: result`);
      return { t, leaves: treeLeaves(next) };
    },
  };
}

/** One thing to save: the state, or what `fn` makes of it, at times as the user sees them. */
export function savedTrack(save: SaveConfig, start: TrackStart): Track {
  const { fn, ts } = save;
  const { t0, y0, args, dtype, direction } = start;
  const times = timesOf(ts, dtype, direction);
  const made =
    fn === null
      ? { structure: structure(y0), types: typesOf(y0) }
      : resultTypes(fn, [t0, unpackTree(y0), args], "saveat.fn");
  return {
    due: { t0: save.t0, t1: save.t1, steps: save.steps, times },
    start: null,
    structure: made.structure,
    types: made.types,
    isComputed: fn !== null,
    isDense: false,
    atEnd: ({ y1 }) => y1,
    row: (forward, y) => {
      const t = mul(forward, direction);
      const value = fn === null ? y : callTraced(fn, [t, unpackTree(y), args], "saveat.fn");
      return { t, leaves: leavesOf(value, "saveat.fn") };
    },
  };
}

/**
 * Dense output: what the solver tells of every step, at times that run forward; with an event, or where the vector
 * field may jump, the end of the interval that it belongs to stands beside it.
 *
 * @param first - A step, traced to see what the solver tells.
 */
export function denseTrack(
  first: () => Pick<StepMade, "denseInfo" | "denseEnd">,
  hasEnds: boolean,
): Track {
  const atEnd = ({ denseInfo, denseEnd }: Pick<StepMade, "denseInfo" | "denseEnd">): Tree =>
    hasEnds ? { info: denseInfo, end: denseEnd } : { info: denseInfo };
  const { structure, types } = resultTypes(() => atEnd(first()), [], "denseInfo");
  return {
    due: { t0: false, t1: false, steps: 1, times: null },
    start: null,
    structure,
    types,
    isComputed: false,
    isDense: true,
    atEnd,
    row: (t, info) => ({ t, leaves: leavesOf(info, "denseInfo") }),
  };
}

/** Times as the user sees them in time that runs forward; `null` if there are none. */
function timesOf(
  ts: Tensor | null,
  dtype: TrackStart["dtype"],
  direction: TrackStart["direction"],
): Tensor | null {
  return ts === null || ts.length === 0 ? null : mul(astype(ts, dtype), direction);
}

function typesOf(y: Tree): readonly Type[] {
  return flatten(y).leaves as readonly unknown[] as readonly Type[];
}
