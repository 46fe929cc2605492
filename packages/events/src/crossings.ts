// When a condition has an event, as truth values for all conditions at once, `[n]`.
import {
  all,
  any,
  astype,
  cumsum,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  notEqual,
  tensor,
  where,
} from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import type { ConditionValues } from "./ConditionValues.ts";

/** The direction in which a condition has to cross zero: up, down, or either. */
export type Direction = boolean | null;

/** How events are found in a step. */
export interface Firing {
  /** Values at the start of the step. */
  readonly before: Tensor;
  readonly directions: readonly Direction[];
  /** Whether a condition that is zero at the start of the step has no event by leaving it. */
  readonly isExempt: () => Tensor;
  /** Whether a truth value has an event only where it becomes true. */
  readonly risesOnly: boolean;
}

/**
 * The conditions that have an event in a step that was kept. Zero is the side below, for an event in one direction; for one in either it
 * is a side of its own.
 */
export function firedIn(
  { values, areTruths }: ConditionValues,
  { before, directions, isExempt, risesOnly }: Firing,
): Tensor {
  const areTrue = (): Tensor => {
    const now = greater(values, 0);
    return risesOnly ? logicalAnd(now, lessEqual(before, 0)) : now;
  };
  if (areTruths.every(Boolean)) return areTrue();
  const leaves = logicalAnd(isExempt(), equal(before, 0));
  const crossings = chosen(directions, (direction) => crossed(before, values, direction));
  const fired = logicalAnd(crossings, logicalNot(leaves));
  return areTruths.some(Boolean) ? where(truths(areTruths), areTrue(), fired) : fired;
}

function crossed(before: Tensor, after: Tensor, direction: Direction): Tensor {
  const up = (): Tensor => logicalAnd(lessEqual(before, 0), greater(after, 0));
  if (direction === true) return up();
  if (direction === false) return logicalAnd(greater(before, 0), lessEqual(after, 0));
  const down = logicalAnd(greaterEqual(before, 0), less(after, 0));
  const reached = logicalAnd(notEqual(before, 0), equal(after, 0));
  return logicalOr(up(), logicalOr(down, reached));
}

/** With so many conditions it is worth a look whether any of them can have an event: a single pass over them. */
const many = 16;

/**
 * Whether a condition may have an event in a step that was kept: two numbers of one sign, neither of them zero, have none between them. `null` if
 * that is not worth a look.
 */
export function mayFire(
  { values, areTruths }: ConditionValues,
  before: Tensor,
  keepStep: Tensor | true,
): Tensor | null {
  if (values.length < many || areTruths.some(Boolean)) return null;
  const mayCross = logicalNot(all(greater(mul(before, values), 0)));
  return keepStep === true ? mayCross : logicalAnd(keepStep, mayCross);
}

/** For each condition what belongs to its direction. */
function chosen(directions: readonly Direction[], make: (direction: Direction) => Tensor): Tensor {
  const kinds = ([null, true, false] as const).filter((kind) => directions.includes(kind));
  return kinds
    .map((kind) => ({ has: directions.map((direction) => direction === kind), all: make(kind) }))
    .reduceRight<Tensor | null>(
      (others, { has, all }) => (others === null ? all : where(truths(has), all, others)),
      null,
    )!;
}

/** Truth values that are known, `[n]`. */
export function truths(values: readonly boolean[]): Tensor {
  return tensor(values.map(Number), { dtype: "bool" });
}

/** Whether conditions have left the side that they were on: strictly, so that one that began at zero has. */
export function hasLeft(before: Tensor, values: Tensor): Tensor {
  const isAbove = logicalAnd(greater(before, 0), greater(values, 0));
  const isBelow = logicalAnd(less(before, 0), less(values, 0));
  return logicalNot(logicalOr(isAbove, isBelow));
}

/** The first that is true, alone. */
export function firstOf(all: Tensor): Tensor {
  return all.length === 1 ? all : logicalAnd(all, equal(cumsum(astype(all, "int32")), 1));
}

/** Whether one of them is true. */
export function anyOf(all: Tensor): Tensor {
  return all.length === 1 ? all.at(0) : any(all);
}
