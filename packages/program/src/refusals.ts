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
export class LeakError extends TypeError {
  constructor(traced: { toString(): string }) {
    super(
      `a ${traced.toString()} was used after its function had returned; return it from the function instead of storing it`,
    );
  }
}

/** One of JavaScript's operators met a traced value. */
export class OperatorError extends TypeError {
  constructor() {
    super(
      "an operator (+ - * / < > …) met a traced value, which has no number yet; " +
        "write .add, .sub, .mul, .div or the functions of np, or have the arithmetic of the function read: plain(f)",
    );
  }
}

/** @throws TypeError for indices that are no integers, and for several where one is meant. */
export function requireIntegers(name: string, index: Type, isOne = false): void {
  const isInteger = !isFloat(index.dtype) && index.dtype !== "bool";
  if (isInteger && !(isOne && index.shape.length > 0)) return;
  const wayOut = isInteger ? "for several write take" : "convert it with astype";
  throw new TypeError(`${name}: an index must be an integer, got ${showType(index)}; ${wayOut}`);
}
