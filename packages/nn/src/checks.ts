import { describeValue, isTensor, type Tensor } from "@diffrax-ts/pytree";

/** Refuses a number that is not as the words say. */
export function requireNumber(
  name: string,
  argument: string,
  x: number,
  words: string,
  isRight: (x: number) => boolean,
): void {
  if (typeof x === "number" && isRight(x)) return;
  throw new RangeError(`${name}: ${argument} must be ${words}, got ${describeValue(x)}`);
}

/** Refuses what is not a number of things. */
export function requireCount(name: string, argument: string, n: number, least: number): void {
  requireNumber(
    name,
    argument,
    n,
    `an integer >= ${least}`,
    (x) => Number.isInteger(x) && x >= least,
  );
}

/** Refuses an array whose last axis has another length. */
export function requireLast(name: string, argument: string, x: Tensor, size: number): void {
  if (isTensor(x) && x.shape.length > 0 && x.shape.at(-1) === size) return;
  throw new TypeError(
    `${name}: ${argument} must be a tensor whose last axis has length ${size}, got ${describeValue(x)}`,
  );
}
