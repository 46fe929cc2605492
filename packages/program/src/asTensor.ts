import {
  describeValue,
  type DType,
  isStrided,
  isTensor,
  isTypedArray,
  type Leaf,
  type Tensor,
  type TensorData,
} from "@diffrax-ts/pytree";
import { contiguous } from "./ArrayValue.ts";
import { requireSafe } from "./exactNumber.ts";
import { stridedDtype, typedArrayDtype } from "./leaves.ts";
import type { Ranked } from "./ranks.ts";
import { scalarTensor, stridedTensor, tensorOf } from "./tensorOf.ts";
import { Constant, FilledTensor, StoredTensor } from "./tensors.ts";
import { allocate } from "./Type.ts";

/** Whether it is a tensor as it was made, or a traced one, and no copy or proxy. */
export function isOwn(x: Leaf): x is Tensor {
  return (
    typeof x === "object" &&
    (x as unknown) !== null &&
    // In this order, as most are traced, and `instanceof` goes through the whole chain of prototypes.
    (((x as { readonly trace?: unknown }).trace !== undefined && isTensor(x)) ||
      StoredTensor.isMarked(x) ||
      x instanceof Constant ||
      x instanceof FilledTensor)
  );
}

/** A number as a tensor of this dtype. A fraction as an integer is an error. */
export function numberAs(name: string, x: number, dtype: DType): Tensor {
  if (dtype === "float64") return scalarTensor(dtype, x);
  if (dtype === "float32") return scalarTensor(dtype, Math.fround(x));
  if (!Number.isInteger(x)) {
    throw new TypeError(
      `${name}: ${x} met a tensor of ${dtype}; convert the tensor to a float type first`,
    );
  }
  if (dtype === "int64") {
    requireSafe(name, x);
    return scalarTensor(dtype, BigInt(x));
  }
  const stored = x + 0; // there is no -0
  const data = allocate(dtype, 1);
  data[0] = stored;
  if (data[0] !== stored || (dtype === "bool" && x > 1))
    throw new RangeError(`${name}: ${x} does not fit into ${dtype}`);
  return scalarTensor(dtype, stored);
}

/**
 * What may be given for a tensor as one: a number as a float64 scalar, a typed array, a strided array, or a copy or a
 * proxy of a tensor as a view of its data, which is not copied.
 *
 * @param name - Who asks, for the error.
 * @throws TypeError if it is something else, a JavaScript array for example.
 *
 * @example
 * ```ts
 * import { asTensor } from "@diffrax-ts/program";
 *
 * asTensor(Float32Array.of(1, 2)).dtype;
 * // → "float32"
 * ```
 */
export function asTensor<X extends Leaf>(x: X, name?: string): Ranked<X>;
export function asTensor(x: Leaf, name = "asTensor"): Tensor {
  if (typeof x === "number") return numberAs(name, x, "float64");
  if (isOwn(x)) return x;
  if (isTypedArray(x)) {
    return tensorOf({
      dtype: typedArrayDtype(x, name),
      shape: [x.length],
      data: x as TensorData,
    });
  }
  if (isTensor(x) || isStrided(x)) {
    const { data, shape, stride, offset } = x;
    const dtype = stridedDtype(x, name);
    if (isTypedArray(data))
      return stridedTensor(dtype, [...shape], data as TensorData, [...stride], offset);
    const numbers = data as ArrayLike<number>;
    return tensorOf({
      dtype,
      shape: [...shape],
      data: contiguous(dtype, shape, numbers, stride, offset),
    });
  }
  const advice = Array.isArray(x) ? "; write tensor(…) or stack(…) around it" : "";
  throw new TypeError(`${name}: expected a tensor or a number, got ${describeValue(x)}${advice}`);
}

/**
 * An operand of an operation: a number stays one, and takes the dtype of what it meets.
 *
 * @throws TypeError if it is no leaf, a JavaScript array for example.
 */
export function asOperand(x: Leaf, name: string): Tensor | number {
  return typeof x === "number" ? x : asTensor(x, name);
}
