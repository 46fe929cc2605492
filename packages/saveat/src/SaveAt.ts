import { type Callable, checkOptions, describeValue, ownCopy } from "@diffrax-ts/pytree";
import { checkFold, type Fold, isFold } from "./Fold.ts";
import { checkSubSaveAt, isSubSaveAt, type SaveTimes, type SubSaveAt } from "./SubSaveAt.ts";

/** One thing to save, or several in arrays and records: rows at times of their own, and folds. */
export type Subs = SubSaveAt | Fold | readonly Subs[] | { readonly [key: string]: Subs };

/** What a solve keeps besides the values that are saved. */
export interface SaveMore {
  /** Keep the solution between the steps too, for `solution.evaluate`. @defaultValue false */
  readonly dense?: boolean;
  /** Keep the state of the solver at `t1`, to go on from there. @defaultValue false */
  readonly solverState?: boolean;
  /** Keep the state of the step size controller at `t1`. @defaultValue false */
  readonly controllerState?: boolean;
  /** Keep whether the vector field has just jumped at `t1`. @defaultValue false */
  readonly madeJump?: boolean;
}

/** What a solve saves. */
export interface SaveAtOptions extends SaveTimes, SaveMore {
  /** `(t, y, args)` to what is saved at these times. @defaultValue the state */
  readonly fn?: Callable;
  /** Several things to save at times of their own, folds among them, instead of `t0`, `t1`, `ts`, `steps` and `fn`. */
  readonly subs?: Subs;
}

const optionNames = [
  "ts",
  "t0",
  "t1",
  "steps",
  "fn",
  "subs",
  "dense",
  "solverState",
  "controllerState",
  "madeJump",
] as const;

/**
 * What a solve saves: checked, for use in several solves. `diffeqsolve` takes the record as it is, too.
 *
 * Rows stand in the order of time: the start, then what lies in each step (first the times asked for, then its end if it is one
 * to save), then the end. `t1: true` beside `steps` does not save the end twice. Times are in the units of `t0` and `t1`.
 *
 * @returns The very same record.
 * @throws TypeError or RangeError that names the option: one that is misspelt or of the wrong type, `subs` beside `ts` and the like,
 * or a record by which nothing would be saved.
 *
 * @example
 * ```ts
 * import { SaveAt } from "@diffrax-ts/saveat";
 *
 * SaveAt({ ts: [0, 1, 2], t1: true }).ts;
 * // → [0, 1, 2]
 * ```
 */
export function SaveAt<const Options extends SaveAtOptions>(options: Options): Options {
  checkSaveAt(options);
  return options;
}

/**
 * Checks what a solve saves, and returns it: a copy, each option read once.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function checkSaveAt(options: SaveAtOptions): SaveAtOptions {
  if (isFold(options)) {
    throw new TypeError(
      "saveat: a fold stands among subs: write saveat: { subs: { init, update, at } }",
    );
  }
  const read = checkOptions("saveat", options, optionNames);
  for (const key of ["dense", "solverState", "controllerState", "madeJump"] as const) {
    const value = read[key];
    if (value !== undefined && typeof value !== "boolean") {
      throw new TypeError(`saveat.${key}: expected true or false, got ${String(value)}`);
    }
  }
  const { t0, t1, ts, steps, fn, subs } = read;
  const direct = [t0, t1, ts, steps].some(
    (value) => value !== undefined && value !== false && value !== 0,
  );
  if (subs !== undefined) {
    if (direct || fn !== undefined) {
      throw new TypeError(
        "saveat: subs stands instead of t0, t1, ts, steps and fn; put these into the records of subs",
      );
    }
    return { ...read, subs: checkSubs(subs, "saveat.subs", []) };
  }
  if (direct) checkSubSaveAt(read, "saveat");
  return read;
}

function checkSubs(subs: Subs, name: string, parents: readonly unknown[]): Subs {
  if (isFold(subs)) return checkFold(subs, name);
  if (isSubSaveAt(subs)) {
    const read = ownCopy(subs);
    checkSubSaveAt(read, name);
    return read;
  }
  if (typeof subs !== "object" || subs === null) {
    throw new TypeError(
      `${name}: expected what to save, such as { ts: … } or { init, update, at }, got ${describeValue(subs)}`,
    );
  }
  const entries = Object.entries(subs);
  if (entries.length === 0) {
    throw new TypeError(
      `${name}: nothing would be saved; give at least one of t0, t1, ts and steps`,
    );
  }
  if (parents.includes(subs)) throw new TypeError(`${name}: what is saved contains itself here`);
  const inside = [...parents, subs];
  const isList = Array.isArray(subs);
  const read = entries.map(
    ([key, sub]) =>
      [key, checkSubs(sub, isList ? `${name}[${key}]` : `${name}.${key}`, inside)] as const,
  );
  return isList ? read.map(([, sub]) => sub) : Object.fromEntries(read);
}

/** What is asked for without `subs`. */
function directSub({ t0, t1, ts, steps, fn }: SaveAtOptions): SubSaveAt {
  const sub: { -readonly [Name in keyof SubSaveAt]: SubSaveAt[Name] } = {};
  if (t0 !== undefined) sub.t0 = t0;
  if (t1 !== undefined) sub.t1 = t1;
  if (ts !== undefined) sub.ts = ts;
  if (steps !== undefined) sub.steps = steps;
  if (fn !== undefined) sub.fn = fn;
  return ownCopy(sub);
}

/** The tree of what is saved, as one thing if there are no `subs`; `null` if nothing is. */
export function subsOf(options: SaveAtOptions): Subs | null {
  if (options.subs !== undefined) return options.subs;
  const { t0, t1, ts, steps } = options;
  return t0 || t1 || ts !== undefined || steps ? directSub(options) : null;
}
