// The kinds of tensors that have numbers. One file, because a class has to be there before its heirs, and what the methods are made of
// makes tensors of all these kinds: apart, which file is run first would depend on who imports which of them.
import {
  type DType,
  type Leaf,
  type NestedArray,
  type Tensor,
  tensorBrand,
  type TensorData,
} from "@diffrax-ts/pytree";
import { apply } from "./apply.ts";
import { contiguous } from "./ArrayValue.ts";
import { asTensor } from "./asTensor.ts";
import { elementAt } from "./elementAt.ts";
import { pow } from "./elementary/pow.ts";
import { pow as singlePow } from "./elementary/single/pow.ts";
import { elementwise } from "./elementwise.ts";
import { exactNumber, numberIfExact } from "./exactNumber.ts";
import { nested } from "./nested.ts";
import { endOfChain } from "./refusals.ts";
import { showNested } from "./showNested.ts";
import { tensorOf } from "./tensorOf.ts";
import { allocate, rowMajor, showType, sizeOf, type Type } from "./Type.ts";

const inspectKey: unique symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** What concrete and traced tensors share: methods, and errors where JavaScript would be silently wrong. */
export abstract class BaseTensor implements Type {
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
export class StoredTensor extends ConcreteTensor {
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
export function declareFields(
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
export class ArrayTensor extends StoredTensor {
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

function showTensor(x: ConcreteTensor, mostLetters?: number): string {
  const numbers = showNested(
    nested(x, (number) => number),
    mostLetters,
  );
  return x.shape.length > 0 ? `${showType(x)} ${numbers}` : numbers;
}
