import {
  describeValue,
  type DType,
  isStrided,
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
  if (array.length === 0) requireAttached(array, kind, name);
  return dtype;
}

/** @throws TypeError if the memory of an array was transferred to somebody else: it looks empty then. */
function requireAttached({ buffer }: TypedArray, kind: string, name: string): void {
  try {
    void new Uint8Array(buffer);
  } catch {
    throw new TypeError(
      `${name}: this ${kind} is detached: its memory was transferred, and the numbers with it; transfer a copy of it instead`,
    );
  }
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

/**
 * What may be given for a tensor as one: a number as a float64 scalar, a typed array or a strided array as a view
 * of its data, which is not copied.
 *
 * @param name Who asks, for the error.
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
export function asTensor(x: Leaf, name = "asTensor"): Tensor {
  if (typeof x === "number") return numberAs(name, x, "float64");
  if (isTensor(x)) return x;
  if (isTypedArray(x)) {
    return tensorOf({ dtype: dtypeOf(x, name), shape: [x.length], data: x as TensorData });
  }
  if (!isStrided(x)) throw notATensor(name, x);
  const { data, shape, stride, offset } = x;
  const values = isTypedArray(data) ? data : Float64Array.from(data as ArrayLike<number>);
  return new ConcreteTensor(stridedDtype(x, name), shape, values as TensorData, stride, offset);
}

/**
 * An operand of an operation: a number stays one, and takes the dtype of what it meets.
 *
 * @throws TypeError if it is no leaf, a JavaScript array for example.
 */
export function asOperand(x: Leaf, name: string): Tensor | number {
  return typeof x === "number" ? x : asTensor(x, name);
}

function notATensor(name: string, x: unknown): TypeError {
  const advice = Array.isArray(x) ? "; write tensor(…) or stack(…) around it" : "";
  return new TypeError(`${name}: expected a tensor or a number, got ${describeValue(x)}${advice}`);
}
