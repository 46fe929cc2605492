import {
  describeValue,
  type DType,
  isDetached,
  isDType,
  isTensor,
  isTypedArray,
  type Leaf,
  type Strided,
  type TypedArray,
} from "@diffrax-ts/pytree";
import { arrayType, sameList, type Type } from "./Type.ts";

const dtypes: Readonly<Record<string, DType>> = {
  Float64Array: "float64",
  Float32Array: "float32",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
};

/** The kind of a typed array, whichever realm it comes from. */
function kindOfTypedArray(array: TypedArray): string {
  return Object.prototype.toString.call(array).slice(8, -1);
}

/** @throws TypeError for a typed array whose numbers no dtype holds, or whose memory is gone. */
export function typedArrayDtype(array: TypedArray, name: string): DType {
  const kind = kindOfTypedArray(array);
  const dtype = dtypes[kind];
  if (dtype === undefined) {
    throw new TypeError(
      `${name}: a ${kind} has no dtype here; convert it, for example with Float64Array.from`,
    );
  }
  if (isDetached(array)) {
    throw new TypeError(
      `${name}: this ${kind} is detached: its memory was transferred, and the numbers with it; transfer a copy of it instead`,
    );
  }
  return dtype;
}

/** The dtype of a strided array: that of its data, unless it says of bytes that they are truth values. */
export function stridedDtype({ data, dtype }: Strided, name: string): DType {
  if (!isTypedArray(data)) return isDType(dtype) ? dtype : "float64";
  if (dtype === "bool" && data instanceof Uint8Array) return "bool";
  const stored = typedArrayDtype(data, name);
  if (!isDType(dtype) || dtype === stored) return stored;
  throw new TypeError(`${name}: an array of ${dtype} has ${describeValue(data)} for its data`);
}

/** What a leaf is for a trace: a number is a float64 scalar. Nothing of the leaf is kept. */
export function leafType(leaf: Leaf, name: string): Type {
  if (typeof leaf === "number") return arrayType("float64", []);
  if (isTypedArray(leaf)) return arrayType(typedArrayDtype(leaf, name), [leaf.length]);
  const shape = [...leaf.shape];
  if (!isTensor(leaf)) return arrayType(stridedDtype(leaf, name), shape);
  return { dtype: leaf.dtype, shape, buffer: isBuffer(leaf) };
}

/** Whether a leaf is of this type, as `leafType` sees it. What that refuses is of none. */
export function hasType(leaf: Leaf, type: Type): boolean {
  const { dtype, shape } = type;
  if (typeof leaf === "number") return dtype === "float64" && shape.length === 0;
  if (isTypedArray(leaf)) {
    const [length] = shape;
    if (shape.length !== 1 || length !== leaf.length) return false;
    return dtype === dtypes[kindOfTypedArray(leaf)] && (length > 0 || !isDetached(leaf));
  }
  return isTensor(leaf)
    ? dtype === leaf.dtype && sameList(shape, leaf.shape) && isBuffer(leaf) === type.buffer
    : sameList(shape, leaf.shape) && dtype === knownStridedDtype(leaf);
}

/** Of a strided array that `leafType` refuses there is none. */
function knownStridedDtype(leaf: Strided): DType | undefined {
  try {
    return stridedDtype(leaf, "");
  } catch {
    return undefined;
  }
}

function isBuffer(tensor: object): boolean {
  return (tensor as Partial<Type>).buffer === true;
}
