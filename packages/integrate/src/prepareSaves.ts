import { isTraced, leafType } from "@diffrax-ts/autodiff";
import {
  type Callable,
  describeValue,
  type Fixed,
  fixed,
  flatten,
  isTensor,
  isTracedFunction,
  keyPaths,
  type Leaf,
} from "@diffrax-ts/pytree";
import {
  checkSaveAt,
  type Fold,
  isFold,
  isSubSaveAt,
  type SaveAtOptions,
  type SaveMore,
  type SubSaveAt,
  type Subs,
  subsOf,
} from "@diffrax-ts/saveat";
import type { Keeps } from "@diffrax-ts/protocol";
import { numbersInDType } from "./inDType.ts";
import { checkedTimes, type KnownSpan } from "./knownSpan.ts";
import { refuseOthers } from "./surveyState.ts";

/** One thing to save, before it is traced. */
interface PreparedSave {
  readonly t0: boolean;
  readonly t1: boolean;
  /** After every so many steps; 0 for none. */
  readonly steps: Fixed;
  /** Works on tensors; `null` for the state itself. */
  readonly fn: Callable | null;
  readonly ts: Leaf | null;
  /** `null` for rows. */
  readonly fold: PreparedFold | null;
  /** Whether `ts` lie between `t0` and `t1` is known only when the solve runs. */
  readonly areTimesTraced: boolean;
}

/** A fold, before it is traced. */
interface PreparedFold {
  readonly name: string;
  readonly init: unknown;
  /** Works on tensors. */
  readonly update: Callable;
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
  const end = { t0: false, t1: true, steps, fn: null, ts: null, fold: null, areTimesTraced: false };
  endOnly = {
    subs: { t1: true },
    saves: Object.freeze([Object.freeze(end)]),
    dense: false,
    keeps: Object.freeze(keepsOf({})),
  };
  return endOnly;
}

/** Makes functions on tensors of those that say what is saved; `name` is what each is called in errors. */
interface ReadSaves {
  readonly fn: (fn: Callable, name: string) => Callable;
  readonly update: (update: Callable, name: string, init: unknown) => Callable;
}

/** Checks `saveat`. @throws TypeError or RangeError that names what makes no sense. */
export function prepareSaves(
  options: SaveAtOptions | undefined,
  span: KnownSpan,
  read: ReadSaves,
): PreparedSaves {
  if (options === undefined) return saveEndOnly();
  const saveat = checkSaveAt(options);
  const subs = subsOf(saveat);
  return {
    subs,
    saves: listOf(subs, saveat.subs === undefined ? "saveat" : "saveat.subs").map(({ sub, name }) =>
      isFold(sub) ? prepareFold(sub, name, span, read) : prepareSave(sub, name, span, read),
    ),
    dense: saveat.dense === true,
    keeps: keepsOf(saveat),
  };
}

function prepareSave(sub: SubSaveAt, name: string, span: KnownSpan, read: ReadSaves): PreparedSave {
  const ts = sub.ts === undefined ? null : checkedTimes(sub.ts, `${name}.ts`, span);
  return {
    t0: sub.t0 === true,
    t1: sub.t1 === true,
    steps: fixed(Number(sub.steps ?? 0)),
    fn: sub.fn === undefined ? null : read.fn(sub.fn, `${name}.fn`),
    ts,
    fold: null,
    areTimesTraced: areTraced(ts, span),
  };
}

function prepareFold(
  { init: given, update, at }: Fold,
  name: string,
  span: KnownSpan,
  read: ReadSaves,
): PreparedSave {
  const ts = at === "steps" ? null : checkedTimes(at, `${name}.at`, span);
  const init = numbersInDType(given, span.dtype);
  checkInit(init, `${name}.init`, span.dtype, isTracedFunction(update));
  return {
    t0: false,
    t1: false,
    steps: fixed(at === "steps" ? 1 : 0),
    fn: null,
    ts,
    fold: { name, init, update: read.update(update, `${name}.update`, init) },
    areTimesTraced: areTraced(ts, span),
  };
}

/** Refuses what cannot be carried: what is no number, and numbers of a dtype that a plain function does not return. */
function checkInit(
  init: unknown,
  name: string,
  dtype: KnownSpan["dtype"],
  isTracedUpdate: boolean,
): void {
  const { leaves, structure } = flatten(init, name);
  refuseOthers(structure, name);
  if (isTracedUpdate) return;
  const other = leaves.findIndex((leaf) => leafType(leaf, name).dtype !== dtype);
  if (other === -1) return;
  throw new TypeError(
    `diffeqsolve: ${keyPaths(structure, name)[other]!}: update reckons in the dtype of the solve, ${dtype}, and this is ` +
      `${describeValue(leaves[other])}; begin with numbers of that dtype, or write update as traced(f), with f a function of tensors`,
  );
}

/** Whether it is known only when the solve runs that times lie between `t0` and `t1`. */
function areTraced(ts: Leaf | null, { t0, t1 }: KnownSpan): boolean {
  return ts !== null && (t0 === null || t1 === null || (isTensor(ts) && isTraced(ts)));
}

/** The things to save in order, each with what it is called in errors. */
function listOf(
  subs: Subs | null,
  name: string,
): readonly { readonly sub: SubSaveAt | Fold; readonly name: string }[] {
  if (subs === null) return [];
  if (isSubSaveAt(subs) || isFold(subs)) return [{ sub: subs, name }];
  const isList = Array.isArray(subs);
  return Object.entries(subs).flatMap(([key, child]) =>
    listOf(child, isList ? `${name}[${key}]` : `${name}.${key}`),
  );
}

function keepsOf({ solverState, controllerState, madeJump }: SaveMore): Keeps {
  return {
    solverState: solverState === true,
    controllerState: controllerState === true,
    madeJump: madeJump === true,
  };
}
