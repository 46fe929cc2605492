import { isTensor, isTypedArray } from "@diffrax-ts/pytree";
import { countTurns, type Machine, mostTurns } from "../machine/Machine.ts";
import { settled } from "./numbers.ts";

/** The elements of what comes from outside and cannot be changed; `undefined` for anything else. */
export function fixedElements(m: Machine, x: unknown): readonly unknown[] | undefined {
  if (isTensor(x) && x.shape.length > 0) {
    if (x.shape[0]! > mostTurns) countTurns(m, x.shape[0]!); // of fewer each turn is counted where it is made
    return Array.from({ length: x.shape[0]! }, (_, i) => settled(x.at(i)));
  }
  return isTypedArray(x) ? Array.from(x as Float64Array) : undefined;
}
