import { leafTensor } from "@diffrax-ts/autodiff";
import { describeValue, isLeaf, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/**
 * An argument as a tensor: a number as a float64 scalar, a typed array or strided array as a view of its data.
 *
 * @throws TypeError if it is something else, a JavaScript array for example.
 */
export function asArray(name: string, x: Leaf): Tensor {
  if (isLeaf(x)) return leafTensor(x, name);
  const advice = Array.isArray(x) ? "; write tensor(…) or stack(…) around it" : "";
  throw new TypeError(`${name}: expected a tensor or a number, got ${describeValue(x)}${advice}`);
}

/** An operand that may meet another one: a number stays a number, and takes the dtype of what it meets. */
export function asOperand(name: string, x: Leaf): Tensor | number {
  return typeof x === "number" ? x : asArray(name, x);
}
