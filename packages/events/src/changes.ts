import { equal, mul } from "@diffrax-ts/array";
import { callTraced, cond } from "@diffrax-ts/autodiff";
import { type EventContext, fieldLike, type ReadEventField, type Tree } from "@diffrax-ts/protocol";
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

/** What each condition changes, or one function for all. */
export type Changes = readonly (Callable | null)[];

/** The changes in the order of the conditions. @throws TypeError for another structure, or what is no function. */
export function checkChanges(change: unknown, condFn: ConditionTree): Changes {
  return typeof change === "function"
    ? [change as Callable]
    : like(change, condFn, "Event: change", true);
}

function like(change: unknown, conditions: ConditionTree, name: string, isTop = false): Changes {
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
export function readChanges(changes: Changes, read: ReadEventField): Changes {
  return changes.map((change) => change && read(change, "state", "change"));
}

/**
 * The state that a solve goes on from.
 *
 * @param index - The condition that has an event.
 * @param t - A time of the solve, which runs forward.
 * @throws TypeError for a change that returns something else than a state.
 */
export function changedState(
  changes: Changes,
  index: Scalar,
  t: Scalar,
  y: Tree,
  { args, direction }: Pick<EventContext, "args" | "direction">,
): Tree {
  const time = direction === 1 ? t : mul(t, direction);
  const of = (change: Callable | null): Tree => {
    if (change === null) return y;
    const result = callTraced(change, [time, y, args, index], "event.change");
    return fieldLike(result, { name: "y0", y }, "event.change: result");
  };
  // The last one where it is none of those before.
  return changes.slice(0, -1).reduceRight<() => Tree>(
    (others, change, i) => () => cond(equal(index, i), () => of(change), others),
    () => of(changes.at(-1)!),
  )();
}
