import { equal, mul } from "@diffrax-ts/array";
import { callTraced, cond } from "@diffrax-ts/autodiff";
import {
  type EventContext,
  fieldLike,
  packedLike,
  type ReadEventField,
  type Tree,
  unpackTree,
} from "@diffrax-ts/protocol";
import { type Callable, describeValue, keyPath, type Scalar } from "@diffrax-ts/pytree";
import { type ConditionTree, isCondition, keysOf } from "./conditions.ts";

/** `(t, y, args, index)` to the state that the solve goes on from, like `y`. */
export type Change = (...args: never) => unknown;

/** What conditions change: one function for all of them, or one for each in a tree like theirs, `null` where nothing is changed. */
export type ChangeTree =
  | Change
  | null
  | readonly ChangeTree[]
  | { readonly [key: string]: ChangeTree };

/** With known times as well. */
export interface ChangesWithTimes {
  /** At each of the times, `index` of them. */
  readonly at: Change;
  /** At conditions. @defaultValue null, by which nothing is changed */
  readonly condFn?: ChangeTree;
}

/** What is changed. */
export interface Changes {
  /** By each condition, or one function for all. */
  readonly conditions: readonly (Callable | null)[];
  /** At known times; `null` if there are none. */
  readonly at: Callable | null;
}

/**
 * What is changed, in the order of the conditions.
 *
 * @param condFn - `null` if there are known times alone.
 * @throws TypeError for another structure, or what is no function.
 */
export function checkChanges(
  change: unknown,
  condFn: ConditionTree | null,
  hasTimes: boolean,
): Changes {
  if (condFn === null) {
    if (typeof change === "function") return { conditions: [], at: change as Callable };
    throw new TypeError(
      `Event: with at, change must be a function (t, y, args, index) => y, got ${describeValue(change)}`,
    );
  }
  const isTree = typeof change !== "function";
  if (!hasTimes) {
    const conditions = isTree ? like(change, condFn, "Event: change", true) : [change as Callable];
    return { conditions, at: null };
  }
  const {
    at,
    condFn: own = null,
    ...rest
  } = (isTree ? (change ?? {}) : {}) as Record<string, unknown>;
  if (typeof at !== "function" || Object.keys(rest).length > 0) {
    throw new TypeError(
      `Event: with condFn and at, change must be { at: (t, y, args, index) => y, condFn: … }, with null for condFn where conditions change nothing; got ${describeValue(change)}`,
    );
  }
  const conditions = own === null ? [null] : checkChanges(own, condFn, false).conditions;
  return { conditions, at: at as Callable };
}

function like(
  change: unknown,
  conditions: ConditionTree,
  name: string,
  isTop = false,
): readonly (Callable | null)[] {
  if (typeof change === "function" || (change === null && !isTop)) return [change as Callable];
  const refuse = (wanted: string): never => {
    throw new TypeError(
      `${name} must be a function (t, y, args, index) => y${wanted}, got ${describeValue(change)}`,
    );
  };
  if (isCondition(conditions)) return refuse("");
  const wanted = keysOf(conditions);
  const isLike =
    typeof change === "object" &&
    change !== null &&
    Array.isArray(change) === Array.isArray(conditions) &&
    keysOf(change).join("\n") === wanted.join("\n");
  if (!isLike) return refuse(`, or have the structure of condFn, with ${wanted.length} of these`);
  const children = change as Readonly<Record<string, unknown>>;
  const inside = conditions as Readonly<Record<string, ConditionTree>>;
  return wanted.flatMap((key) => {
    const path = name + keyPath(Array.isArray(conditions) ? Number(key) : key);
    const given = like(children[key], inside[key]!, path);
    const { length } = given;
    // One function for a branch of several conditions.
    return length === 1 ? Array.from({ length: leavesIn(inside[key]!) }, () => given[0]!) : given;
  });
}

function leavesIn(conditions: ConditionTree): number {
  if (isCondition(conditions)) return 1;
  const children = conditions as Readonly<Record<string, ConditionTree>>;
  return keysOf(conditions).reduce((sum, key) => sum + leavesIn(children[key]!), 0);
}

/** The changes with functions that work on tensors. */
export function readChanges({ conditions, at }: Changes, read: ReadEventField): Changes {
  const one = (change: Callable | null): Callable | null =>
    change && read(change, "state", "change");
  return { conditions: conditions.map(one), at: one(at) };
}

/** What a change is told of. */
export interface ChangeMade {
  /** A time of the solve, which runs forward. */
  readonly t: Scalar;
  readonly y: Tree;
  /** The condition that has an event; the one behind the last is that of known times. */
  readonly condition: Scalar;
  /** How many conditions there are. */
  readonly count: number;
  /** Which of the known times it is; `null` if there are none. */
  readonly number: Scalar | null;
}

/** The state that a solve goes on from. @throws TypeError for a change that returns something else than a state. */
export function changedState(
  { conditions, at }: Changes,
  { t, y, condition, count, number }: ChangeMade,
  { args, direction }: Pick<EventContext, "args" | "direction">,
): Tree {
  const of = (change: Callable | null, index: Scalar): Tree => {
    if (change === null) return y;
    const time = direction === 1 ? t : mul(t, direction);
    const state = unpackTree(y);
    const result = callTraced(change, [time, state, args, index], "event.change");
    return packedLike(fieldLike(result, { name: "y0", y: state }, "event.change: result"), y);
  };
  // The last one where it is none of those before.
  const ofCondition = conditions.slice(0, -1).reduceRight<() => Tree>(
    (others, change, i) => () => cond(equal(condition, i), () => of(change, condition), others),
    () => of(conditions.at(-1)!, condition),
  );
  if (at === null) return ofCondition();
  const atTime = (): Tree => of(at, number!);
  return count === 0 ? atTime() : cond(equal(condition, count), atTime, ofCondition);
}
