import { asTensor, astype, concatenate, mul, reshape, tensor } from "@diffrax-ts/array";
import { isFloat, scalarTensor } from "@diffrax-ts/program";
import { type EventContext, type Tree } from "@diffrax-ts/protocol";
import { describeValue, isLeaf, type Leaf, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { type NamedCondition, valueOf } from "./conditions.ts";

/** What all conditions say at a time. */
export interface ConditionValues {
  /** `[n]`, in the dtype of times: numbers, and 1 or 0 for truth values. */
  readonly values: Tensor;
  /** Which of them are truth values. */
  readonly areTruths: readonly boolean[];
}

/** Some conditions as one function of time. */
export interface Conditions {
  readonly list: readonly NamedCondition[];
  /** The length of a vector of conditions; `null` if each of them is a scalar. */
  readonly count: number | null;
  /** Whether there are known times besides, which count as one more condition, the last: a truth value. */
  readonly hasTimes: boolean;
}

/**
 * The values of all conditions.
 *
 * @param t - A time of the solve, which runs forward.
 * @param isDue - Whether a known time has come.
 * @throws TypeError that names a condition of which the value makes no sense.
 */
export function conditionValues(
  { list, count, hasTimes }: Conditions,
  t: Scalar,
  y: Tree,
  { info, args, direction }: EventContext,
  isDue: Tensor = scalarTensor("bool", 0),
): ConditionValues {
  const time = (direction === 1 ? t : mul(t, direction)) as Scalar; // as the user counts
  const all = list.map((one) => checked(one, valueOf(one, time, y, args, info), count));
  if (hasTimes) all.push(isDue);
  const parts = all.map((x) => reshape(astype(x, t.dtype), [x.size]));
  return {
    values: parts.length === 1 ? parts[0]! : concatenate(parts),
    areTruths: all.flatMap((x) => Array.from({ length: x.size }, () => x.dtype === "bool")),
  };
}

function checked({ name }: NamedCondition, value: unknown, count: number | null): Tensor {
  const given = asOneLeaf(value, count);
  if (given === null) {
    const wanted = count === null ? "a truth value or a number" : `a vector of ${count} conditions`;
    const way =
      count === null && Array.isArray(value)
        ? `; for a vector of conditions write count: ${value.length}`
        : "";
    throw new TypeError(`${name} must return ${wanted}, got ${describeValue(value)}${way}`);
  }
  const x = asTensor(given, name);
  const shape = `shape [${x.shape.join()}]`;
  if (count === null && x.shape.length > 0) {
    const way = x.shape.length === 1 ? `; for a vector of conditions write count: ${x.length}` : "";
    throw new TypeError(`${name} must return a scalar, got ${shape}${way}`);
  }
  if (count !== null && (x.shape.length !== 1 || x.length !== count)) {
    throw new TypeError(
      `${name} must return a vector of count = ${count} conditions, got ${shape}`,
    );
  }
  if (x.dtype === "bool" || isFloat(x.dtype)) return x;
  throw new TypeError(
    `${name} must return a truth value or a floating-point number, got ${x.dtype}; convert it with astype`,
  );
}

/** What a condition returned, as one leaf: plain functions return vectors as arrays. */
function asOneLeaf(value: unknown, count: number | null): Leaf | null {
  if (isLeaf(value)) return value;
  if (typeof value === "boolean") return tensor(value);
  const isVector = count !== null && Array.isArray(value);
  return isVector && value.every((x) => typeof x === "boolean" || isLeaf(x))
    ? tensor(value as readonly Tensor[])
    : null;
}
