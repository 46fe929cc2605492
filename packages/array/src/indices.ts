import { add, isFloat, lt, numberAs, showType, type Type, where } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { asArray } from "./asArray.ts";

/** Indices of an axis of `n` elements as integers that count from the front. Those out of range stay so. */
export function fromFront(name: string, index: Leaf, n: number): Tensor {
  if (Number.isInteger(index))
    return numberAs(name, (index as number) + ((index as number) < 0 ? n : 0), "int32");
  const array = asArray(name, index);
  const { dtype } = array;
  if (isFloat(dtype) || dtype === "bool") {
    const got = typeof index === "number" ? index : showType(array as unknown as Type);
    throw new TypeError(`${name}: an index must be an integer, got ${got}; convert it with astype`);
  }
  return dtype === "uint32" ? array : where(lt(array, 0), add(array, n), array);
}
