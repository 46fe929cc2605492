import { isFloat, showType, type Type } from "./Type.ts";

/** @throws TypeError for `tensor[index]`. */
export function refuseIndex(index: number): never {
  throw new TypeError(
    `tensor[${index}]: tensors are read with .at(${index}), or all at once with .toArray()`,
  );
}

/** @throws TypeError for what only a tensor with numbers has. */
export function refuseValue(traced: { toString(): string }, what: string): never {
  throw new TypeError(
    `${what}: a ${traced.toString()} has no numbers yet; the function is being traced, and what it returns is computed later`,
  );
}

/** A traced value was met where its function had returned already. */
export class LeakedValueError extends TypeError {
  constructor(traced: { toString(): string }) {
    super(
      `a ${traced.toString()} was used after its function had returned; return it from the function instead of storing it`,
    );
  }
}

/** @throws TypeError for indices that are no integers. */
export function requireIntegers(name: string, index: Type): void {
  if (!isFloat(index.dtype) && index.dtype !== "bool") return;
  throw new TypeError(
    `${name}: an index must be an integer, got ${showType(index)}; convert it with astype`,
  );
}
