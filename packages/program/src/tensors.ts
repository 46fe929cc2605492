// Concrete tensors, traced ones, and how an operation finds out which it works on. One file, because each
// of the three needs the other two.
import {
  describeValue,
  type DType,
  isTensor,
  type NestedArray,
  type Tensor,
  tensorBrand,
  type TensorData,
} from "@diffrax-ts/pytree";
import { type ArrayValue, contiguous } from "./ArrayValue.ts";
import { broadcastShapes } from "./broadcastShapes.ts";
import { pow } from "./elementary/pow.ts";
import { evaluatePrimitive } from "./evaluate/evaluatePrimitive.ts";
import type { BinaryPrimitive, ComparePrimitive, ParamsOf, Primitive } from "./primitives.ts";
import { isControl } from "./shapes/control.ts";
import { LeakError, OperatorError, refuseIndex, refuseValue, requireIntegers } from "./refusals.ts";
import { showNested } from "./showNested.ts";
import { type Recorder, traceContext } from "./traceContext.ts";
import { allocate, rowMajor, sameList, showType, sizeOf, type Type } from "./Type.ts";

const inspectKey: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** What concrete and traced tensors share: methods, and errors where JavaScript would be silently wrong. */
abstract class BaseTensor implements Type {
  abstract readonly dtype: DType;
  abstract readonly shape: readonly number[];
  abstract readonly buffer: boolean;
  abstract toString(): string;

  get size(): number {
    return sizeOf(this.shape);
  }

  get length(): number {
    if (this.shape.length === 0) {
      throw new TypeError(
        "length: a scalar tensor has none; use it as it is, or .item() for its number",
      );
    }
    return this.shape[0]!;
  }

  add(other: Tensor | number): Tensor {
    return elementwise("add", this as unknown as Tensor, other);
  }
  sub(other: Tensor | number): Tensor {
    return elementwise("sub", this as unknown as Tensor, other);
  }
  mul(other: Tensor | number): Tensor {
    return elementwise("mul", this as unknown as Tensor, other);
  }
  div(other: Tensor | number): Tensor {
    return elementwise("div", this as unknown as Tensor, other);
  }
  pow(other: Tensor | number): Tensor {
    return elementwise("pow", this as unknown as Tensor, other, { define: pow });
  }
  neg(): Tensor {
    return apply("neg", [this as unknown as Tensor], {})[0]!;
  }
  at(...indices: readonly (number | Tensor)[]): Tensor {
    return elementAt(this as unknown as Tensor, indices);
  }

  // The brand by which `isTensor` knows tensors of any copy of the library, and what Node prints.
  static {
    const prototype = BaseTensor.prototype as { [tensorBrand]?: true; [inspectKey]?: () => string };
    prototype[tensorBrand] = true;
    prototype[inspectKey] = function inspect(this: BaseTensor): string {
      const text = this.toString();
      return this.shape.length > 0 || "trace" in this ? text : `${showType(this)} ${text}`;
    };
  }

  // An index loop has to throw at its first turn, and not read `undefined`.
  get 0(): never {
    return refuseIndex(0);
  }
  get 1(): never {
    return refuseIndex(1);
  }
  get 2(): never {
    return refuseIndex(2);
  }
  get 3(): never {
    return refuseIndex(3);
  }
}

/** A tensor whose numbers are known. */
export class ConcreteTensor extends BaseTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly #scalar: number | bigint;
  #data: TensorData | null;

  /** `data` is not copied. Without it, a scalar with the value `scalar`, which must be exact in `dtype`. */
  constructor(
    dtype: DType,
    shape: readonly number[],
    data: TensorData | null,
    stride: readonly number[] = rowMajor(shape),
    offset = 0,
    scalar: number | bigint = 0,
  ) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.#data = data;
    this.stride = stride;
    this.offset = offset;
    this.#scalar = data !== null && shape.length === 0 ? data[offset]! : scalar;
  }

  get buffer(): boolean {
    return false;
  }

  get data(): TensorData {
    if (this.#data === null) {
      this.#data = allocate(this.dtype, 1);
      this.#data[0] = this.#scalar;
    }
    return this.#data;
  }

  /** The value of a scalar as it is stored: a `bigint` for int64. */
  get scalar(): number | bigint {
    return this.#scalar;
  }

  /** The elements in row-major order without gaps: `data` itself where it is so. */
  contiguousData(): TensorData {
    const { data, shape, stride, offset } = this;
    if (offset === 0 && data.length === this.size && sameList(stride, rowMajor(shape))) return data;
    return contiguous(this.dtype, shape, data, stride, offset);
  }

  item(): number {
    if (this.shape.length === 0) return Number(this.#scalar);
    if (this.size !== 1) {
      throw new TypeError(
        `item: expected a tensor of one element, got ${showType(this)}; use .at(…) first`,
      );
    }
    return Number(this.data[this.offset]);
  }

  toArray(): NestedArray<readonly number[]> {
    const { shape, stride, data } = this;
    const nest = (axis: number, place: number): NestedArray<readonly number[]> =>
      axis === shape.length
        ? Number(data[place])
        : Array.from({ length: shape[axis]! }, (_, i) => nest(axis + 1, place + i * stride[axis]!));
    return nest(0, this.offset);
  }

  toJSON(): NestedArray<readonly number[]> {
    return this.toArray();
  }

  *[Symbol.iterator](): Iterator<number> {
    const { shape, stride, data, offset } = this;
    if (shape.length !== 1) {
      throw new TypeError(
        `a tensor of shape [${shape.join()}] is not a list of numbers; use .at(i) or .toArray()`,
      );
    }
    for (let i = 0; i < shape[0]!; i++) yield Number(data[offset + i * stride[0]!]);
  }

  override toString(): string {
    const numbers = showNested(this.toArray());
    return this.shape.length > 0 ? `${showType(this)} ${numbers}` : numbers;
  }

  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === "string") return this.toString();
    if (this.size === 1) return this.item();
    throw new TypeError(
      `a tensor of shape [${this.shape.join()}] is not one number; use .add, .sub, .mul, .div or the functions of np`,
    );
  }
}

/** A value of a function that is being traced; afterwards, a variable of its Program. */
export class Variable extends BaseTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly buffer: boolean;
  /** What it belongs to. */
  readonly trace: Recorder;
  /** Its number in its Program. */
  readonly id: number;

  constructor(trace: Recorder, id: number, { dtype, shape, buffer }: Type) {
    super();
    this.trace = trace;
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    this.buffer = buffer;
  }

  get data(): never {
    return refuseValue(this, "data");
  }
  get stride(): never {
    return refuseValue(this, "stride");
  }
  get offset(): never {
    return refuseValue(this, "offset");
  }
  item(): never {
    return refuseValue(this, "item");
  }
  toArray(): never {
    return refuseValue(this, "toArray");
  }
  toJSON(): never {
    return refuseValue(this, "toJSON");
  }
  [Symbol.iterator](): never {
    return refuseValue(this, "iteration");
  }

  override toString(): string {
    return `traced ${showType(this)}`;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new OperatorError();
  }
}

/** Whether a tensor is traced, by this copy of the library or another. */
export function isTraced(x: Tensor): x is Tensor & Variable {
  return (x as { readonly trace?: unknown }).trace !== undefined;
}

/** A scalar with this value, which must be exact in `dtype`. */
export function scalarTensor(dtype: DType, x: number | bigint): Tensor<readonly []> {
  return new ConcreteTensor(dtype, [], null, [], 0, x) as unknown as Tensor<readonly []>;
}

/** A constant scalar of this dtype. */
export function constantOf(dtype: DType, x: number): ConcreteTensor {
  return new ConcreteTensor(dtype, [], null, [], 0, dtype === "int64" ? BigInt(x) : x);
}

/** A tensor over the data of an array value. */
export function tensorOf({ dtype, shape, data }: ArrayValue): Tensor {
  return new ConcreteTensor(dtype, shape, data);
}

/** The numbers of a concrete tensor, in row-major order without gaps. */
export function valueOf(x: Tensor): ArrayValue {
  const tensor = x as unknown as ConcreteTensor;
  return { dtype: tensor.dtype, shape: tensor.shape, data: tensor.contiguousData() };
}

/**
 * Applies a primitive: recorded if a trace is in progress and an operand is traced (or there is none),
 * computed at once otherwise. Control flow is recorded in any case.
 *
 * @throws TypeError if the operands do not fit, if one of them was traced by a function that has returned, or if
 * there is control flow and no trace.
 */
export function apply<P extends Primitive>(
  primitive: P,
  inputs: readonly Tensor[],
  params: ParamsOf<P>,
): Tensor[] {
  const { current } = traceContext();
  const traced = inputs.find(isTraced);
  const recorded = traced !== undefined || isControl(primitive);
  if (current !== null && (recorded || inputs.length === 0)) {
    return current.record(primitive, inputs, params);
  }
  if (recorded) {
    if (traced !== undefined) throw new LeakError(traced);
    throw new TypeError(
      `${primitive}: control flow has to be inside of a traced function; call it in jit(…)`,
    );
  }
  return [tensorOf(evaluatePrimitive(primitive as "iota", inputs.map(valueOf), params as never))];
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
  const stored = dtype === "int64" ? BigInt(x) : x + 0; // there is no -0
  const data = allocate(dtype, 1);
  data[0] = stored;
  if (data[0] !== stored || (dtype === "bool" && x > 1))
    throw new RangeError(`${name}: ${x} does not fit into ${dtype}`);
  return scalarTensor(dtype, stored);
}

/**
 * A binary operation, element by element, with broadcasting as NumPy has it: shapes are aligned at their last
 * axes, and an axis of length 1 is repeated. A number takes the dtype of the tensor it meets.
 *
 * @throws TypeError if two dtypes or two shapes do not go together.
 */
export function elementwise(
  primitive: BinaryPrimitive | ComparePrimitive,
  a: Tensor | number,
  b: Tensor | number,
  params: object = {},
): Tensor {
  const operands =
    isTensor(a) && isTensor(b) && a.dtype === b.dtype && sameList(a.shape, b.shape)
      ? [a, b]
      : broadcastTogether(primitive, a, b);
  return apply(primitive, operands, params as never)[0]!;
}

/** Operands brought to one dtype and one shape; a concrete scalar stays a scalar, which fits every shape. */
export function broadcastTogether(
  name: string,
  ...operands: readonly (Tensor | number)[]
): Tensor[] {
  const first = operands.find((x) => typeof x !== "number");
  const dtype = first?.dtype ?? "float64";
  const tensors = operands.map((x) => (typeof x === "number" ? numberAs(name, x, dtype) : x));
  let shape: readonly number[] = [];
  for (const x of tensors) {
    if (!isTensor(x))
      throw new TypeError(`${name}: expected a tensor or a number, got ${describeValue(x)}`);
    if (x.dtype !== dtype) {
      throw new TypeError(`${name}: ${dtype} met ${x.dtype}; convert one of them with astype`);
    }
    if (!sameList(x.shape, shape)) shape = broadcastShapes(name, shape, x.shape);
  }
  return tensors.map((x) =>
    sameList(x.shape, shape) || (x.shape.length === 0 && !isTraced(x)) ? x : broadcastTo(x, shape),
  );
}

/** `x` repeated to `shape`, aligned at the last axes. */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameList(x.shape, shape)) return x;
  const axes = x.shape.map((_, i) => i + shape.length - x.shape.length);
  return apply("broadcast", [x], { shape, axes })[0]!;
}

/** Indices of an axis of `n` elements, counted from the front. Those out of range stay so. */
export function fromFront(name: string, index: Tensor, n: number): Tensor {
  requireIntegers(name, index as unknown as Type);
  if (index.dtype === "uint32") return index;
  const isNegative = elementwise("lt", index, 0);
  return apply("select", [isNegative, elementwise("add", index, n), index], {})[0]!;
}

/** The element or sub-array of `x` at leading indices. */
function elementAt(x: Tensor, indices: readonly (number | Tensor)[]): Tensor {
  const { shape } = x;
  if (indices.length > shape.length) {
    throw new RangeError(`at: ${indices.length} indices for a tensor of shape [${shape.join()}]`);
  }
  const start = indices.map((place, axis) => {
    const n = shape[axis]!;
    if (isTensor(place)) requireIntegers("at", place as unknown as Type, true);
    if (isTensor(place) && isTraced(place)) return fromFront("at", place, n);
    const index = isTensor(place) ? place.item() : place;
    const i = index < 0 ? index + n : index;
    if (!Number.isInteger(index) || i < 0 || i >= n) {
      throw new RangeError(`at: index ${index} is outside axis ${axis}, which has ${n} elements`);
    }
    return i;
  });
  const rest = shape.slice(start.length);
  const from = [...start, ...rest.map(() => 0)];
  const sizes = [...start.map(() => 1), ...rest];
  const [element] = from.every((i) => typeof i === "number")
    ? apply("slice", [x], {
        start: from,
        limit: from.map((i, axis) => i + sizes[axis]!),
        step: shape.map(() => 1),
      })
    : apply(
        "dynamicSlice",
        [x, ...from.map((i) => (typeof i === "number" ? scalarTensor("int32", i) : i))],
        { sizes },
      );
  return apply("reshape", [element!], { shape: rest })[0]!;
}
