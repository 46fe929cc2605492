export { asOperand } from "@diffrax-ts/program";
import { asTensor } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/**
 * An argument as a tensor: a number as a float64 scalar, a typed array or strided array as a view of its data.
 *
 * @throws TypeError if it is something else, a JavaScript array for example.
 */
export function asArray(name: string, x: Leaf): Tensor {
  return asTensor(x, name);
}
