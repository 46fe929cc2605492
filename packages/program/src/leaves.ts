import {
  describeValue,
  type DType,
  isLeaf,
  isTensor,
  isTypedArray,
  type Leaf,
  type Strided,
  type Tensor,
  type TensorData,
  type TypedArray,
} from "@diffrax-ts/pytree";
import { ConcreteTensor, numberAs, tensorOf } from "./tensors.ts";
import { arrayType, type Type } from "./Type.ts";

const dtypes: Readonly<Record<string, DType>> = {
  Float64Array: "float64",
  Float32Array: "float32",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
};

function dtypeOf(array: TypedArray, name: string): DType {
  const kind = Object.prototype.toString.call(array).slice(8, -1);
  const dtype = dtypes[kind];
  if (dtype === undefined) {
    throw new TypeError(
      `${name}: a ${kind} has no dtype here; convert it, for example with Float64Array.from`,
    );
  }
  return dtype;
}

/** What a leaf is for a trace: a number is a float64 scalar. */
export function leafType(leaf: Leaf, name: string): Type {
  if (typeof leaf === "number") return arrayType("float64", []);
  if (isTensor(leaf)) return leaf as unknown as Type;
  if (isTypedArray(leaf)) return arrayType(dtypeOf(leaf, name), [leaf.length]);
  return arrayType(stridedDtype(leaf, name), leaf.shape);
}

function stridedDtype({ data }: Strided, name: string): DType {
  return isTypedArray(data) ? dtypeOf(data, name) : "float64";
}

/** A leaf as a tensor. The data of an array is not copied. */
export function leafTensor(leaf: Leaf, name: string): Tensor {
  if (typeof leaf === "number") return numberAs(name, leaf, "float64");
  if (isTensor(leaf)) return leaf;
  if (isTypedArray(leaf)) {
    return tensorOf({ dtype: dtypeOf(leaf, name), shape: [leaf.length], data: leaf as TensorData });
  }
  const { data, shape, stride, offset } = leaf;
  const values = isTypedArray(data) ? data : Float64Array.from(data as ArrayLike<number>);
  const dtype = stridedDtype(leaf, name);
  return new ConcreteTensor(dtype, shape, values as TensorData, stride, offset);
}

/**
 * An operand of an operation: a number stays one, and takes the dtype of what it meets.
 *
 * @throws TypeError if it is no leaf, a JavaScript array for example.
 */
export function asOperand(name: string, x: Leaf): Tensor | number {
  if (typeof x === "number" || isTensor(x)) return x;
  if (isLeaf(x)) return leafTensor(x, name);
  const advice = Array.isArray(x) ? "; write tensor(…) or stack(…) around it" : "";
  throw new TypeError(`${name}: expected a tensor or a number, got ${describeValue(x)}${advice}`);
}
