import { isTraced } from "@diffrax-ts/autodiff";
import { type Callable, type Fixed, fixed, isTensor, type Leaf } from "@diffrax-ts/pytree";
import {
  checkSaveAt,
  isSubSaveAt,
  type SaveAtOptions,
  type SaveMore,
  type SubSaveAt,
  type Subs,
  subsOf,
} from "@diffrax-ts/saveat";
import { checkedTimes, type KnownSpan } from "./knownSpan.ts";
import type { Keeps } from "./SolveConfig.ts";

/** One thing to save, before it is traced. */
interface PreparedSave {
  readonly t0: boolean;
  readonly t1: boolean;
  /** After every so many steps; 0 for none. */
  readonly steps: Fixed;
  /** Works on tensors; `null` for the state itself. */
  readonly fn: Callable | null;
  readonly ts: Leaf | null;
  /** Whether `ts` lie between `t0` and `t1` is known only when the solve runs. */
  readonly areTimesTraced: boolean;
}

/** All that a solve saves and keeps. */
export interface PreparedSaves {
  /** What is saved, as the user arranged it; `null` if nothing is. */
  readonly subs: Subs | null;
  /** The same in order. */
  readonly saves: readonly PreparedSave[];
  readonly dense: boolean;
  readonly keeps: Keeps;
}

let endOnly: PreparedSaves | undefined;

/** What a solve saves that says nothing of it: its end. Frozen to the ground, so that it is known at sight and never walked. */
function saveEndOnly(): PreparedSaves {
  if (endOnly !== undefined) return endOnly;
  const steps = Object.freeze(fixed(0));
  const end = { t0: false, t1: true, steps, fn: null, ts: null, areTimesTraced: false };
  endOnly = {
    subs: { t1: true },
    saves: Object.freeze([Object.freeze(end)]),
    dense: false,
    keeps: Object.freeze(keepsOf({})),
  };
  return endOnly;
}

/** Makes a function on tensors of one that says what is saved; `name` is what it is called in errors. */
type ReadFn = (fn: Callable, name: string) => Callable;

/** Checks `saveat`. @throws TypeError or RangeError that names what makes no sense. */
export function prepareSaves(
  options: SaveAtOptions | undefined,
  span: KnownSpan,
  read: ReadFn,
): PreparedSaves {
  if (options === undefined) return saveEndOnly();
  const saveat = checkSaveAt(options);
  const subs = subsOf(saveat);
  return {
    subs,
    saves: listOf(subs, "saveat").map(({ sub, name }) => prepareSave(sub, name, span, read)),
    dense: saveat.dense === true,
    keeps: keepsOf(saveat),
  };
}

function prepareSave(sub: SubSaveAt, name: string, span: KnownSpan, read: ReadFn): PreparedSave {
  const ts = sub.ts === undefined ? null : checkedTimes(sub.ts, `${name}.ts`, span);
  const isSpanTraced = span.t0 === null || span.t1 === null;
  return {
    t0: sub.t0 === true,
    t1: sub.t1 === true,
    steps: fixed(Number(sub.steps ?? 0)),
    fn: sub.fn === undefined ? null : read(sub.fn, `${name}.fn`),
    ts,
    areTimesTraced: ts !== null && (isSpanTraced || (isTensor(ts) && isTraced(ts))),
  };
}

/** The things to save in order, each with what it is called in errors. */
function listOf(
  subs: Subs | null,
  name: string,
): readonly { readonly sub: SubSaveAt; readonly name: string }[] {
  if (subs === null) return [];
  if (isSubSaveAt(subs)) return [{ sub: subs, name }];
  return Object.entries(subs).flatMap(([key, child]) => listOf(child, `${name}.subs.${key}`));
}

function keepsOf({ solverState, controllerState, madeJump }: SaveMore): Keeps {
  return {
    solverState: solverState === true,
    controllerState: controllerState === true,
    madeJump: madeJump === true,
  };
}
