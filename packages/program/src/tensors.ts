// Concrete tensors, traced ones, and how an operation finds out which it works on. One file, because each
// of the three needs the other two.
import {
  describeValue,
  type DType,
  isStrided,
  isTensor,
  isTypedArray,
  type Leaf,
  type NestedArray,
  type Tensor,
  tensorBrand,
  type TensorData,
} from "@diffrax-ts/pytree";
import { type ArrayValue, contiguous, valueOf } from "./ArrayValue.ts";
import { broadcastShapes } from "./broadcastShapes.ts";
import { pow } from "./elementary/pow.ts";
import { pow as singlePow } from "./elementary/single/pow.ts";
import { evaluatePrimitive } from "./evaluate/evaluatePrimitive.ts";
import { exactNumber, numberIfExact, requireSafe } from "./exactNumber.ts";
import { stridedDtype, typedArrayDtype } from "./leaves.ts";
import { nested } from "./nested.ts";
import type { BinaryPrimitive, ComparePrimitive, ParamsOf, Primitive } from "./primitives.ts";
import { shapePrimitive } from "./shapes/shapePrimitive.ts";
import { isControl } from "./shapes/control.ts";
import { endOfChain, LeakError, OperatorError, refuseValue, requireIntegers } from "./refusals.ts";
import type { Ranked } from "./ranks.ts";
import { roomFor } from "./roomFor.ts";
import { showNested } from "./showNested.ts";
import { type Recorder, traceContext } from "./traceContext.ts";
import { allocate, rowMajor, sameList, showType, sizeOf, type Type } from "./Type.ts";

const inspectKey: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** What concrete and traced tensors share: methods, and errors where JavaScript would be silently wrong. */
abstract class BaseTensor implements Type {
  abstract readonly dtype: DType;
  abstract readonly shape: readonly number[];
  abstract readonly buffer: boolean;
  /** `shape[0]`; the end of the chain has it. */
  declare readonly length: number;
  abstract toString(): string;

  get size(): number {
    return sizeOf(this.shape);
  }

  add(other: Leaf): Tensor {
    return elementwise("add", itself(this), other);
  }
  sub(other: Leaf): Tensor {
    return elementwise("sub", itself(this), other);
  }
  mul(other: Leaf): Tensor {
    return elementwise("mul", itself(this), other);
  }
  div(other: Leaf): Tensor {
    return elementwise("div", itself(this), other);
  }
  pow(other: Leaf): Tensor {
    return elementwise("pow", itself(this), other, { define: pow, single: singlePow });
  }
  neg(): Tensor {
    return apply("neg", [itself(this)], {})[0]!;
  }
  at(...indices: readonly Leaf[]): Tensor {
    return elementAt(asTensor(itself(this)), indices);
  }

  // The brand by which `isTensor` knows tensors of any copy of the library, what Node prints, and the end of the
  // chain of prototypes. It is put there and not inherited from: to call `super()` through a
  // proxy costs ten times as much as the rest of a new tensor.
  static {
    const { prototype } = BaseTensor;
    Object.defineProperty(prototype, tensorBrand, { value: true });
    Object.defineProperty(prototype, inspectKey, { value: inspect });
    Object.setPrototypeOf(prototype, endOfChain());
  }
}

/**
 * What methods are called of, as what its users see. `BaseTensor` is no `Tensor` for the type checker: `data`, `stride` and `item`
 * are its heirs', and the signatures by rank stand in the interface alone.
 */
function itself(x: BaseTensor): Tensor {
  return x as unknown as Tensor;
}

function inspect(this: BaseTensor): string {
  if (!(this instanceof ConcreteTensor)) return this.toString();
  return this.shape.length > 0 ? showTensor(this) : `${showType(this)} ${showTensor(this)}`;
}

/** A tensor whose numbers are known. */
export abstract class ConcreteTensor extends BaseTensor {
  abstract override readonly dtype: DType;
  abstract override readonly shape: readonly number[];
  abstract readonly data: TensorData;
  abstract readonly stride: readonly number[];
  abstract readonly offset: number;
  /** The value of a scalar as it is stored: a `bigint` for int64. */
  abstract readonly scalar: number | bigint;
  /** A scalar has none. */
  declare readonly [Symbol.iterator]: () => Iterator<never>;
  /** What only a traced tensor has. */
  declare readonly trace: undefined;
  declare readonly buffer: boolean;

  // Found here, they are not looked for at the end of the chain of prototypes; and without a call, as every equation asks.
  static {
    Object.defineProperties(this.prototype, {
      trace: { value: undefined },
      buffer: { value: false },
    });
  }

  item(): number {
    if (this.size !== 1) {
      throw new TypeError(
        `item: expected a tensor of one element, got ${showType(this)}; use .at(…) first`,
      );
    }
    return exactNumber(this.data[this.offset], "item");
  }

  toArray(): NestedArray<readonly number[]> {
    return nested(this, (x) => exactNumber(x, "toArray"));
  }

  toJSON(): NestedArray<readonly number[]> {
    return nested(this, (x) => exactNumber(x, "toJSON"));
  }

  /** In full: there are comparers that take objects for equal whose texts are. */
  override toString(): string {
    return showTensor(this, Infinity);
  }

  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === "string") return showTensor(this);
    if (this.size === 1) return this.item();
    throw new TypeError(
      `a tensor of shape [${this.shape.join()}] is not one number; use .add, .sub, .mul, .div or the functions of np`,
    );
  }
}

/**
 * An ordinary value: all that it is lies in fields of its own, where whatever copies, compares or prints objects finds it.
 * As it stands a scalar, which cannot be iterated.
 */
class StoredTensor extends ConcreteTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  readonly stride: readonly number[];
  readonly offset: number;
  /** Holds nothing: a mark that neither a proxy of a tensor has nor a copy, though all that can be read of them is the same. */
  // oxlint-disable-next-line no-unused-private-class-members -- `#mark in x` uses it
  readonly #mark: undefined;

  static isMarked(x: object): boolean {
    return #mark in x;
  }

  constructor(
    dtype: DType,
    shape: readonly number[],
    data: TensorData,
    stride: readonly number[],
    offset: number,
  ) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
    this.stride = stride;
    this.offset = offset;
  }

  get scalar(): number | bigint {
    return this.data[this.offset]!;
  }
}

/** From so many elements on an array of one number is not made in a trace, but said. */
export const mostFilled = 65_536;

/**
 * An array of one number, in a trace: what works with it repeats the number, and memory is made of it when somebody reads it.
 */
export class FilledTensor extends ConcreteTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The number, of which all elements are. */
  readonly scalar: number | bigint;
  #data: TensorData | undefined;

  static {
    giveRows(this);
  }

  /** @param scalar - Exact in `dtype`. */
  constructor(dtype: DType, shape: readonly number[], scalar: number | bigint) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.scalar = scalar;
  }

  get data(): TensorData {
    return (this.#data ??= allocate(this.dtype, this.shape).fill(this.scalar as never));
  }
  get stride(): readonly number[] {
    return rowMajor(this.shape);
  }
  get offset(): number {
    return 0;
  }
}

/**
 * Fields that the constructor alone sets. One that stands in the class is made twice, once as undefined, which takes longer than all the
 * rest as long as the engine has not optimised it. What is only set is looked for in the chain of prototypes, whose end refuses it: so it is
 * found here.
 */
function declareFields(
  { prototype }: { readonly prototype: BaseTensor },
  names: readonly string[],
): void {
  for (const name of names)
    Object.defineProperty(prototype, name, { value: undefined, writable: true });
}

/** Iterating a tensor of rank 1 or more gives what stands along its first axis. */
function giveRows({ prototype }: { readonly prototype: ConcreteTensor }): void {
  Object.defineProperties(prototype, {
    [Symbol.iterator]: { value: rows },
    // A loop asks for it at each turn: not to be looked for at the end of the chain.
    length: { get: firstLength },
  });
}

/** A tensor of rank 1 or more: iterating a vector gives its numbers, and a matrix its rows. */
class ArrayTensor extends StoredTensor {
  static {
    giveRows(this);
  }
}

function firstLength(this: ConcreteTensor): number {
  return this.shape[0]!;
}

// Never refuses a number: what compares two tensors may iterate them.
function* rows(this: ConcreteTensor): Generator<number | bigint | Tensor> {
  const { dtype, shape, stride, data, offset } = this;
  const [n, ...rest] = shape;
  const [step, ...inner] = stride;
  for (let i = 0; i < n!; i++) {
    const place = offset + i * step!;
    yield rest.length === 0
      ? numberIfExact(data[place], "iteration")
      : // With memory of its own, so that it is equal to any other tensor of these numbers.
        tensorOf({ dtype, shape: rest, data: contiguous(dtype, rest, data, inner, place) });
  }
}

/** A scalar that a trace works with: its number alone, whose memory is made when somebody asks for it. */
export class Constant extends ConcreteTensor {
  declare readonly dtype: DType;
  declare readonly shape: readonly number[];
  declare readonly scalar: number | bigint;

  static {
    declareFields(this, ["dtype", "shape", "scalar"]);
  }

  /** @param scalar - Exact in `dtype`. */
  constructor(dtype: DType, scalar: number | bigint) {
    super();
    this.dtype = dtype;
    this.shape = [];
    this.scalar = scalar;
  }

  get data(): TensorData {
    const data = allocate(this.dtype, 1);
    data[0] = this.scalar;
    return data;
  }
  get stride(): readonly number[] {
    return [];
  }
  get offset(): number {
    return 0;
  }
}

/** An array that a trace works with, in memory that nobody else has. */
export class ArrayConstant extends ArrayTensor {}

/**
 * A value of a function that is being traced; afterwards, a variable of its Program.
 *
 * It is equal to itself alone, for whatever compares objects: by fields, of which `id` differs within a trace and
 * `trace` between traces, or by `valueOf` where there is one.
 */
export class Variable extends BaseTensor {
  declare readonly dtype: DType;
  declare readonly shape: readonly number[];
  declare readonly buffer: boolean;
  /** What it belongs to. */
  declare readonly trace: Recorder;
  /** Its number in its Program. */
  declare readonly id: number;
  // To read one of these is refused at the end of the chain of prototypes.
  declare readonly data: never;
  declare readonly stride: never;
  declare readonly offset: never;

  static {
    declareFields(this, ["dtype", "shape", "buffer", "trace", "id"]);
  }

  constructor(trace: Recorder, id: number, { dtype, shape, buffer }: Type) {
    super();
    this.trace = trace;
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    this.buffer = buffer;
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

  /** As long as it is being traced, it is iterated as an array of its length is: element by element, each a slice. */
  get [Symbol.iterator](): never {
    return (this.trace.closed || this.shape.length === 0 ? undefined : elements) as never;
  }

  override toString(): string {
    return `traced ${showType(this)}`;
  }
  override valueOf(): this {
    return this;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new OperatorError();
  }
}

/** Whether it is a tensor as it was made, or a traced one, and no copy or proxy. */
function isOwn(x: Leaf): x is Tensor {
  return (
    typeof x === "object" &&
    // In this order, as most are traced, and `instanceof` goes through the whole chain of prototypes.
    ((isTensor(x) && isTraced(x)) ||
      StoredTensor.isMarked(x) ||
      x instanceof Constant ||
      x instanceof FilledTensor)
  );
}

function isForeign(x: Leaf): boolean {
  return !isOwn(x);
}

function showTensor(x: ConcreteTensor, mostLetters?: number): string {
  const numbers = showNested(
    nested(x, (number) => number),
    mostLetters,
  );
  return x.shape.length > 0 ? `${showType(x)} ${numbers}` : numbers;
}

function* elements(this: Tensor): Generator<Tensor> {
  for (let i = 0; i < this.length; i++) yield this.at(i);
}

/** Whether a tensor is traced, by this copy of the library or another. */
export function isTraced(x: Tensor): x is Tensor & Variable {
  return (x as { readonly trace?: unknown }).trace !== undefined;
}

/** A tensor over memory that is not copied; `stride` and `offset` tell where in it. */
export function stridedTensor(
  dtype: DType,
  shape: readonly number[],
  data: TensorData,
  stride: readonly number[],
  offset: number,
): Tensor {
  const Kind = shape.length === 0 ? StoredTensor : ArrayTensor;
  return new Kind(dtype, shape, data, stride, offset) as Tensor;
}

/** A tensor over the data of an array value. */
export function tensorOf({ dtype, shape, data }: ArrayValue): Tensor {
  return stridedTensor(dtype, shape, data, rowMajor(shape), 0);
}

/** A scalar with this value, which must be exact in `dtype`. */
export function scalarTensor(dtype: DType, x: number | bigint): Tensor<readonly []> {
  const scalar = dtype === "int64" ? BigInt(x) : x;
  if (traceContext().current !== null)
    return new Constant(dtype, scalar) as object as Tensor<readonly []>;
  const data = allocate(dtype, 1);
  data[0] = scalar;
  return new StoredTensor(dtype, [], data, [], 0) as object as Tensor<readonly []>;
}

/** An array of one number, exact in the dtype; in a trace a large one takes no memory until it is read. */
export function filledTensor(
  dtype: DType,
  shape: readonly number[],
  scalar: number | bigint,
): Tensor {
  if (traceContext().current !== null && sizeOf(shape) >= mostFilled)
    return new FilledTensor(dtype, shape, scalar) as object as Tensor;
  const data = allocate(dtype, shape);
  data.fill(scalar as never); // a bigint where the array holds bigints
  return tensorOf({ dtype, shape, data });
}

/** A constant scalar of this dtype, for a Program. */
export function constantOf(dtype: DType, x: number): Constant {
  return new Constant(dtype, dtype === "int64" ? BigInt(x) : x);
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
  operands: readonly Tensor[],
  params: ParamsOf<P>,
): Tensor[] {
  const inputs = operands.some(isForeign) ? operands.map((x) => asTensor(x)) : operands;
  return applyOwn(primitive, inputs, params);
}

/** The same where all operands are tensors as they were made. */
function applyOwn<P extends Primitive>(
  primitive: P,
  inputs: readonly Tensor[],
  params: ParamsOf<P>,
): Tensor[] {
  const { current } = traceContext();
  const traced = inputs.find(isTraced);
  if (traced !== undefined && current !== null) return current.record(primitive, inputs, params);
  const x = inputs[0] as Tensor | FilledTensor;
  // What is seen of an array of one number is one as well.
  if (x instanceof FilledTensor && traced === undefined && isView[primitive] === true) {
    const [type] = shapePrimitive(
      primitive,
      inputs as readonly object[] as readonly Type[],
      params,
    );
    return [filledTensor(type!.dtype, type!.shape, x.scalar)];
  }
  const recorded =
    traced !== undefined ||
    isControl(primitive) ||
    (current !== null && inputs.some((x) => x instanceof FilledTensor));
  if (current !== null && (recorded || inputs.length === 0)) {
    return current.record(primitive, inputs, params);
  }
  if (recorded) {
    if (traced !== undefined) throw new LeakError(traced);
    throw new TypeError(
      `${primitive}: control flow has to be inside of a traced function; call it in jit(…)`,
    );
  }
  if (current !== null && primitive === "broadcast" && inputs[0]!.shape.length === 0) {
    const { shape } = params as ParamsOf<"broadcast">;
    const { dtype, scalar } = inputs[0] as Tensor & ConcreteTensor;
    if (sizeOf(shape) >= mostFilled)
      return [new FilledTensor(dtype, shape, scalar) as object as Tensor];
  }
  const evaluate = (): ArrayValue => evaluatePrimitive(primitive, inputs.map(valueOf), params);
  return [tensorOf(roomFor(primitive, evaluate))];
}

const isView: Partial<Record<Primitive, boolean>> = {
  broadcast: true,
  dynamicSlice: true,
  reshape: true,
  reverse: true,
  slice: true,
  transpose: true,
};

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

/**
 * A binary operation, element by element, with broadcasting as NumPy has it: shapes are aligned at their last
 * axes, and an axis of length 1 is repeated. A number takes the dtype of the tensor it meets.
 *
 * @throws TypeError if two dtypes or two shapes do not go together.
 */
export function elementwise(
  primitive: BinaryPrimitive | ComparePrimitive,
  a: Leaf,
  b: Leaf,
  params: object = noParams,
): Tensor {
  const operands =
    isOwn(a) && isOwn(b) && a.dtype === b.dtype && sameList(a.shape, b.shape)
      ? [a, b]
      : broadcastTogether(primitive, a, b);
  return applyOwn(primitive, operands, params)[0]!;
}

/** One for all operations that have none. */
const noParams: object = {};

/** Operands brought to one dtype and one shape; a concrete scalar stays a scalar, which fits every shape. */
export function broadcastTogether(name: string, ...leaves: readonly Leaf[]): Tensor[] {
  const operands = leaves.map((x) => asOperand(x, name));
  const dtype = operands.find(isNoNumber)?.dtype ?? "float64";
  let shape: readonly number[] = [];
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    const x = typeof operand === "number" ? numberAs(name, operand, dtype) : operand;
    operands[i] = x;
    if (x.dtype !== dtype) {
      throw new TypeError(`${name}: ${dtype} met ${x.dtype}; convert one of them with astype`);
    }
    if (!sameList(x.shape, shape)) shape = broadcastShapes(name, shape, x.shape);
  }
  const tensors = operands as Tensor[]; // numbers no longer, since the loop
  for (let i = 0; i < tensors.length; i++) {
    const x = tensors[i]!;
    if (!sameList(x.shape, shape) && (x.shape.length > 0 || isTraced(x)))
      tensors[i] = broadcastTo(x, shape);
  }
  return tensors;
}

function isNoNumber(x: Tensor | number): x is Tensor {
  return typeof x !== "number";
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
function elementAt(x: Tensor, indices: readonly Leaf[]): Tensor {
  const { shape } = x;
  if (indices.length > shape.length) {
    throw new RangeError(`at: ${indices.length} indices for a tensor of shape [${shape.join()}]`);
  }
  const start = indices.map((leaf, axis) => {
    const n = shape[axis]!;
    const place = asOperand(leaf, "at");
    if (typeof place !== "number") requireIntegers("at", place as unknown as Type, true);
    if (typeof place !== "number" && isTraced(place)) return fromFront("at", place, n);
    const index = typeof place === "number" ? place : place.item();
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
