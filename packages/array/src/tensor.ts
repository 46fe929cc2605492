import {
  allocate,
  apply,
  asTensor,
  astype,
  isTraced,
  reshape,
  sameList,
  tensorOf,
  valueOf,
} from "@diffrax-ts/program";
import {
  describeValue,
  type DType,
  isLeaf,
  isTensor,
  isTypedArray,
  type Leaf,
  type Scalar,
  type Tensor,
  type TypedArray,
} from "@diffrax-ts/pytree";
import { dtypeOfNumber, type NumberLike, scalarOf, stored } from "./numbers.ts";
import { dtypeOption, type DTypeOptions } from "./shapes.ts";

/** What `tensor` takes: a number or an array of any library, or JavaScript arrays of these to any depth. */
export type TensorInput = Leaf | NumberLike | readonly TensorInput[];

/** A row of a nested array. */
export type RowInput = readonly (NumberLike | Scalar)[] | TypedArray | Tensor<readonly [number]>;

/**
 * Numbers as a tensor: the one place where a JavaScript array of numbers is one array, and not a container.
 *
 * A typed array or a scijs ndarray becomes a **view** of its memory, without copying: do not write to it
 * afterwards, or copy it first (`tensor(array.slice())`). Nested arrays are copied, and may hold tensors of one shape, traced
 * ones too. Numbers become float64, a `bigint` int64, `true` and `false` bool, unless there are tensors among
 * them, whose dtype they take.
 *
 * @param options - With a `dtype`: numbers have to fit into it, tensors are converted to it as by `astype`.
 * @throws TypeError if nested arrays are ragged or hold anything else, with the path to it.
 * @throws RangeError if a number does not fit into the dtype.
 *
 * @example
 * ```ts
 * import { tensor } from "@diffrax-ts/array";
 *
 * tensor([[1, 2, 3], [4, 5, 6]]).shape;
 * // → [2, 3]
 * tensor([1, 2], { dtype: "float32" }).dtype;
 * // → "float32"
 * tensor(Float64Array.of(1, 2)).toArray();
 * // → [1, 2]
 * ```
 */
export function tensor<Shape extends readonly number[]>(
  value: Tensor<Shape>,
  options?: DTypeOptions,
): Tensor<Shape>;
export function tensor(value: NumberLike, options?: DTypeOptions): Scalar;
export function tensor(value: RowInput, options?: DTypeOptions): Tensor<readonly [number]>;
export function tensor(
  value: readonly RowInput[],
  options?: DTypeOptions,
): Tensor<readonly [number, number]>;
export function tensor(value: TensorInput, options?: DTypeOptions): Tensor;
export function tensor(value: TensorInput, options: DTypeOptions = {}): Tensor {
  const dtype = dtypeOption("tensor", options);
  const leaves: NestedLeaf[] = [];
  const input = listOf(value, dtype);
  const shape = collect(input, "value", leaves, []);
  const wanted = dtype ?? commonDType(leaves);
  const as = (leaf: NestedLeaf): Tensor =>
    isTensor(leaf) ? convertTo(leaf, wanted) : scalarOf("tensor", leaf, wanted);

  if (!Array.isArray(input)) return as(leaves[0]!);
  if (leaves.some((leaf) => isTensor(leaf) && isTraced(leaf))) {
    const parts = leaves.map(as);
    if (parts[0]!.shape.length === 0) return apply("pack", parts, { shape })[0]!;
    const flat = parts.map((part) => reshape(part, [part.size]));
    return reshape(apply("concatenate", flat, { axis: 0 })[0]!, shape);
  }
  const data = allocate(wanted, shape);
  let place = 0;
  for (const leaf of leaves) {
    if (isTensor(leaf)) for (const x of valueOf(as(leaf)).data) data[place++] = x;
    else data[place++] = stored("tensor", leaf, wanted);
  }
  return tensorOf({ dtype: wanted, shape, data });
}

type NestedLeaf = NumberLike | Tensor;

/** A typed array of another type than wanted as a list of numbers; all else as it is. */
function listOf(value: TensorInput, dtype: DType | undefined): TensorInput {
  if (dtype === undefined || !isTypedArray(value)) return value;
  const kind = (x: unknown): string => Object.prototype.toString.call(x);
  const same = dtype !== "bool" && kind(value) === kind(allocate(dtype, 0));
  return same ? value : Array.from<NumberLike>(value);
}

/** Collects the leaves of nested arrays in row-major order, and gives their shape. */
function collect(
  item: unknown,
  path: string,
  leaves: NestedLeaf[],
  parents: unknown[],
): readonly number[] {
  if (isNumberLike(item)) {
    leaves.push(item);
    return scalarShape;
  }
  if (isLeaf(item)) {
    const x = asTensor(item, "tensor");
    leaves.push(x);
    return x.shape;
  }
  if (!Array.isArray(item)) {
    throw new TypeError(
      `tensor: ${path}: expected a number or an array of numbers, got ${describeValue(item)}`,
    );
  }
  if (parents.includes(item))
    throw new TypeError(`tensor: ${path} contains itself; an array cannot be its own element`);
  parents.push(item);
  let inner = scalarShape;
  for (let i = 0; i < item.length; i++) {
    const element: unknown = item[i];
    // Most elements are numbers, and want no path.
    const shape = collect(element, isNumberLike(element) ? "" : `${path}[${i}]`, leaves, parents);
    if (i === 0) inner = shape;
    else if (!sameList(shape, inner)) {
      throw new TypeError(
        `tensor: ${path}[${i}] has shape [${shape.join()}], but ${path}[0] has shape [${inner.join()}]; ` +
          "all elements of a tensor have one shape",
      );
    }
  }
  parents.pop();
  return [item.length, ...inner];
}

const scalarShape: readonly number[] = [];

function isNumberLike(x: unknown): x is NumberLike {
  return typeof x === "number" || typeof x === "boolean" || typeof x === "bigint";
}

/** The dtype of the tensors, which have to agree; if there are none, the widest of the numbers. */
function commonDType(leaves: readonly NestedLeaf[]): DType {
  const tensors = leaves.filter(isTensor);
  const [first] = tensors;
  const other = tensors.find(({ dtype }) => dtype !== first!.dtype);
  if (other !== undefined) {
    throw new TypeError(
      `tensor: ${first!.dtype} met ${other.dtype}; say which it shall be: { dtype: … }`,
    );
  }
  if (first !== undefined) return first.dtype;
  const dtypes = new Set(leaves.map((leaf) => dtypeOfNumber(leaf as NumberLike)));
  return (["float64", "int64", "bool"] as const).find((dtype) => dtypes.has(dtype)) ?? "float64";
}

function convertTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : astype(x, dtype);
}
