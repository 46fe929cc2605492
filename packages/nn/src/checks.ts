import { asTensor } from "@diffrax-ts/autodiff";
import { describeValue, isLeaf, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** What a function of a layer is called on. @throws TypeError if it was taken off the layer and is called alone. */
export function requireLayer<Layer>(name: string, layer: Layer | undefined): Layer {
  if (layer !== undefined) return layer;
  throw new TypeError(
    `${name}: apply was taken off its layer; where a function is wanted, write (x) => layer.apply(x)`,
  );
}

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

/** An array, if its last axis has this length. */
export function requireLast(name: string, argument: string, x: Leaf, size: number): Tensor {
  const array = isLeaf(x) ? asTensor(x, name) : undefined;
  if (array?.shape.at(-1) === size) return array;
  throw new TypeError(
    `${name}: ${argument} must be a tensor whose last axis has length ${size}, got ${describeValue(x)}`,
  );
}
