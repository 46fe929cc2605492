import { describeValue } from "@diffrax-ts/pytree";
import { type ConditionTree, isCondition, keysOf, listConditions } from "./conditions.ts";
import type { Direction } from "./crossings.ts";

/** A direction for all conditions, or one for each, in a tree like theirs. */
export type DirectionTree =
  | Direction
  | readonly DirectionTree[]
  | { readonly [key: string]: DirectionTree };

const isDirection = (value: unknown): value is Direction =>
  value === null || typeof value === "boolean";

/** The direction of each condition, in order. @throws TypeError for another structure, or what is no direction. */
export function checkDirections(
  direction: DirectionTree,
  condFn: ConditionTree,
  count: number | null,
): readonly Direction[] {
  if (isDirection(direction)) {
    const length = count ?? listConditions(condFn, "").length;
    return Array.from({ length }, () => direction);
  }
  if (count === null) return like(direction, condFn, "Event: direction");
  if (!Array.isArray(direction) || direction.length !== count) {
    throw new TypeError(
      `Event: direction must be true, false or null, or an array of count = ${count} of these, got ${describeValue(direction)}`,
    );
  }
  return direction.map((one: unknown, i) => required(one, `Event: direction[${i}]`));
}

function like(direction: unknown, conditions: ConditionTree, name: string): Direction[] {
  if (isCondition(conditions)) return [required(direction, name)];
  const wanted = keysOf(conditions);
  const isContainer = typeof direction === "object" && direction !== null;
  const isLike =
    isContainer &&
    Array.isArray(direction) === Array.isArray(conditions) &&
    keysOf(direction).join("\n") === wanted.join("\n");
  if (!isLike) {
    throw new TypeError(
      `${name} must be true, false or null, or have the structure of condFn, with ${wanted.length} of these; got ${describeValue(direction)}`,
    );
  }
  const children = direction as Readonly<Record<string, unknown>>;
  return wanted.flatMap((key) =>
    like(
      children[key],
      (conditions as Readonly<Record<string, ConditionTree>>)[key]!,
      `${name}.${key}`,
    ),
  );
}

function required(value: unknown, name: string): Direction {
  if (isDirection(value)) return value;
  throw new TypeError(
    `${name} must be true for crossings upwards, false for those downwards, or null for both, got ${describeValue(value)}`,
  );
}
