import { astype, mul } from "@diffrax-ts/array";
import { asTensor, callTraced, resultTypes } from "@diffrax-ts/autodiff";
import type { Type } from "@diffrax-ts/program";
import type { StepMade, Tree } from "@diffrax-ts/protocol";
import { flatten, type Scalar, structure, type Structure, type Tensor } from "@diffrax-ts/pytree";
import type { SaveConfig } from "./SolveConfig.ts";

/**
 * Rows that are written as the solve goes along: one thing to save, or dense output. It says what a row is and when one is due;
 * `writeTrack.ts` writes them.
 */
export interface Track {
  readonly due: Due;
  /** Of a row. */
  readonly structure: Structure;
  readonly types: readonly Type[];
  /** Whether a row has to be computed, by a function of the user. */
  readonly isComputed: boolean;
  /** What a row is made of, at the end of a step. */
  readonly atEnd: (step: StepMade) => Tree;
  /** The row at a time of the solve: the time as it is written, and the leaves. */
  readonly row: (t: Scalar, of: Tree) => { readonly t: Scalar; readonly leaves: readonly Tensor[] };
}

/** When a row is due. */
export interface Due {
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
  /** The rows. */
  readonly count: Tensor;
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

/** One thing to save: the state, or what `fn` makes of it, at times as the user sees them. */
export function savedTrack(save: SaveConfig, start: TrackStart): Track {
  const { fn, ts } = save;
  const { t0, y0, args, dtype, direction } = start;
  const times = ts === null || ts.length === 0 ? null : mul(astype(ts, dtype), direction);
  const made =
    fn === null
      ? { structure: structure(y0), types: typesOf(y0) }
      : resultTypes(fn, [t0, y0, args], "saveat.fn");
  return {
    due: { t0: save.t0, t1: save.t1, steps: save.steps, times },
    structure: made.structure,
    types: made.types,
    isComputed: fn !== null,
    atEnd: ({ y1 }) => y1,
    row: (forward, y) => {
      const t = mul(forward, direction);
      const value = fn === null ? y : callTraced(fn, [t, y, args], "saveat.fn");
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
    structure,
    types,
    isComputed: false,
    atEnd,
    row: (t, info) => ({ t, leaves: leavesOf(info, "denseInfo") }),
  };
}

function typesOf(y: Tree): readonly Type[] {
  return flatten(y).leaves as readonly unknown[] as readonly Type[];
}
