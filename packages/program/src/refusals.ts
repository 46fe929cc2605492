import { isFloat, showType, type Type } from "./Type.ts";

/**
 * The end of the chain of prototypes of tensors, which refuses what they do not have, where JavaScript would go on with
 * `undefined`: an index, whatever it is; the length of a scalar; the numbers of a traced tensor. What an object or one of its
 * prototypes has never comes here, and what walks through properties finds none of this.
 */
export function endOfChain(): object {
  return new Proxy(
    {},
    {
      get: (target, key, receiver: HalfMade): unknown => {
        refuseIndex(key);
        if (key === "length" && receiver.shape !== undefined) return lengthOf(receiver.shape);
        if ((key === "data" || key === "stride" || key === "offset") && receiver.trace)
          return refuseValue(receiver, key);
        return Reflect.get(target, key, receiver);
      },
      has: (target, key) => {
        refuseIndex(key);
        return Reflect.has(target, key);
      },
      set: (target, key, value, receiver) => {
        refuseIndex(key, "tensors stay as they are; make another with dynamicUpdateSlice or where");
        return Reflect.set(target, key, value, receiver);
      },
    },
  );
}

/** A tensor, or a copy of one to which fields are added one after the other, and which is asked for them before. */
interface HalfMade {
  readonly shape?: readonly number[];
  readonly trace?: object;
}

function lengthOf(shape: readonly number[]): number {
  if (shape.length > 0) return shape[0]!;
  throw new TypeError(
    "length: a scalar tensor has none; use it as it is, or .item() for its number",
  );
}

/** @throws TypeError for `tensor[index]`. */
function refuseIndex(key: string | symbol, wayOut?: string): void {
  if (typeof key !== "string" || !/^-?\d+$/.test(key)) return;
  const read = `tensors are read with .at(${key}), or all at once with .toArray()`;
  throw new TypeError(`tensor[${key}]: ${wayOut ?? read}`);
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
