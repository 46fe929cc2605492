import { isTensor, kindOf, type Tensor } from "@diffrax-ts/pytree";
import { fixedElements } from "../values/fixedElements.ts";
import { type ElementType, elementTypeOf, TypedList } from "../values/TypedList.ts";
import { Choice } from "./Choice.ts";
import { checkFresh } from "./containers.ts";
import type { Machine } from "./Machine.ts";
import { isCurrent, type View } from "./resolve.ts";

/** What is in an array, an object or a tensor. */
export interface Contents {
  /** The tensor that it is. */
  readonly tensor?: Tensor;
  /** What a typed array holds. */
  readonly type?: ElementType | undefined;
  readonly entries: () => object;
}

/** What is in a value at the end of a branch; `undefined` for what has no contents, or none that are known there. */
export function contentsOf(m: Machine, x: unknown, view: View): Contents | undefined {
  if (x instanceof Choice)
    return isCurrent(m, x, view) ? contentsOf(m, x.standIn, view) : undefined;
  if (typeof x !== "object" || x === null || kindOf(x) !== undefined) return undefined;
  const type = elementTypeOf(x);
  if (isTensor(x))
    return x.shape.length === 0
      ? undefined
      : { tensor: x, type, entries: () => fixedElements(m, x)! };
  if (x instanceof TypedList) {
    const { offset, length } = x;
    const storage = contentsNow(m, x.storage, view) as readonly unknown[];
    return { type, entries: () => storage.slice(offset, offset + length) };
  }
  const fixed = fixedElements(m, x);
  if (fixed !== undefined) return { type, entries: () => fixed };
  if (!Array.isArray(x) && Object.getPrototypeOf(x) !== Object.prototype) return undefined;
  const entries = contentsNow(m, x, view);
  return { entries: () => entries };
}

function contentsNow(m: Machine, target: object, view: View): object {
  const written = view.written?.get(target);
  if (written === undefined) checkFresh(m, target, view.since);
  return written?.contents ?? target;
}
