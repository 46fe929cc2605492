import { allocate, isFloat, requireSafe, tensorOf } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";

/** What stands for one element. */
export type NumberLike = number | bigint | boolean;

/** The dtype of numbers that do not say: integers written as numbers are float64, like all numbers. */
export function dtypeOfNumber(x: NumberLike): DType {
  if (typeof x === "number") return "float64";
  return typeof x === "bigint" ? "int64" : "bool";
}

/** A number as it is stored. A float is rounded; an integer that would change is an error. */
export function stored(where: string, x: NumberLike, dtype: DType): number | bigint {
  if (dtype === "bool") return Number(x) === 0 ? 0 : 1;
  if (isFloat(dtype)) {
    if (typeof x === "bigint" && BigInt(Number(x)) !== x) {
      throw new RangeError(
        `${where}: ${x}n is an integer that no number is equal to; write Number(${x}n) to round it`,
      );
    }
    return dtype === "float32" ? Math.fround(Number(x)) : Number(x);
  }
  if (typeof x !== "number" || Number.isInteger(x)) {
    if (dtype === "int64") {
      if (typeof x === "number") requireSafe(where, x);
      if (BigInt.asIntN(64, BigInt(x)) === BigInt(x)) return BigInt(x);
    } else if ((dtype === "int32" ? Number(x) | 0 : Number(x) >>> 0) === Number(x))
      return Number(x) + 0; // there is no -0
  }
  throw new RangeError(`${where}: ${x} does not fit into ${dtype}; choose another dtype`);
}

/** A number as a scalar with memory of its own, in a trace as well: a caller may keep it. */
export function scalarOf(where: string, x: NumberLike, dtype: DType): Tensor<readonly []> {
  const data = allocate(dtype, 1);
  data[0] = stored(where, x, dtype);
  return tensorOf({ dtype, shape: [], data }) as Tensor<readonly []>;
}
