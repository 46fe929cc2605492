/** The types of number that a tensor can hold. */
export type DType = "float64" | "float32" | "int32" | "uint32" | "int64" | "bool";

const dtypes: Readonly<Record<DType, true>> = {
  float64: true,
  float32: true,
  int32: true,
  uint32: true,
  int64: true,
  bool: true,
};

/** Whether this names a kind of number. */
export function isDType(x: unknown): x is DType {
  return typeof x === "string" && Object.hasOwn(dtypes, x);
}

/** What the numbers of a tensor are stored in. */
export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Uint8Array;

/** Numbers in arrays nested as deep as `Shape` is long. */
export type NestedArray<Shape extends readonly number[]> = NestedByRank[Shape["length"]];

/** Numbers nested to each depth. A table and not a recursive type, so that `Tensor` is covariant in its shape. */
export interface NestedByRank {
  readonly [rank: number]: NestedNumbers;
  readonly 0: number;
  readonly 1: number[];
  readonly 2: number[][];
  readonly 3: number[][][];
  readonly 4: number[][][][];
}

/** A number, or an array of such values, to any depth. */
export type NestedNumbers = number | NestedNumbers[];

/** The shape of what two tensors are broadcast to, by their ranks. */
export interface JoinByRank {
  readonly [rank: number]: { readonly [other: number]: readonly number[] };
  readonly 0: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [];
    readonly 1: readonly [number];
    readonly 2: readonly [number, number];
    readonly 3: readonly [number, number, number];
  };
  readonly 1: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [number];
    readonly 1: readonly [number];
    readonly 2: readonly [number, number];
    readonly 3: readonly [number, number, number];
  };
  readonly 2: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [number, number];
    readonly 1: readonly [number, number];
    readonly 2: readonly [number, number];
    readonly 3: readonly [number, number, number];
  };
  readonly 3: {
    readonly [other: number]: readonly number[];
    readonly 0: readonly [number, number, number];
    readonly 1: readonly [number, number, number];
    readonly 2: readonly [number, number, number];
    readonly 3: readonly [number, number, number];
  };
}

/** What an operation on a tensor of shape `Shape` and another gives. */
export type JoinedTensor<Shape extends readonly number[], Other extends Tensor> = Tensor<
  JoinByRank[Shape["length"]][Other["shape"]["length"]]
>;

/** The shape of what is found at so many indices, by the rank of the whole. */
export interface PartByRank {
  readonly [rank: number]: { readonly [count: number]: readonly number[] };
  readonly 0: {
    readonly [count: number]: readonly number[];
    readonly 0: readonly [];
  };
  readonly 1: {
    readonly [count: number]: readonly number[];
    readonly 0: readonly [number];
    readonly 1: readonly [];
  };
  readonly 2: {
    readonly [count: number]: readonly number[];
    readonly 0: readonly [number, number];
    readonly 1: readonly [number];
    readonly 2: readonly [];
  };
  readonly 3: {
    readonly [count: number]: readonly number[];
    readonly 0: readonly [number, number, number];
    readonly 1: readonly [number, number];
    readonly 2: readonly [number];
    readonly 3: readonly [];
  };
}

/**
 * How a tensor is iterated, by its rank. What comes out of one of unknown rank is taken for a number, as it mostly is: so
 * a row is a number too for the type checker, which knows no other way for a matrix to be a tensor of some rank.
 */
export interface IteratorByRank {
  readonly [rank: number]: () => Iterator<number>;
  readonly 0: () => Iterator<never>;
  readonly 2: () => Iterator<number & Tensor<readonly [number]>>;
  readonly 3: () => Iterator<number & Tensor<readonly [number, number]>>;
}

/**
 * An array of numbers of one type, concrete or traced.
 *
 * The rank is carried by the type: `Tensor<readonly [number]>` is a vector, {@link Scalar} has
 * rank 0, and `Tensor` alone may have any. The element with index `(i, j, …)` is
 * `data[offset + i * stride[0] + j * stride[1] + …]`. Everything beyond these few methods is a free function.
 */
export interface Tensor<out Shape extends readonly number[] = readonly number[]> {
  readonly dtype: DType;
  /** The number of elements along each axis; `[]` for a scalar. */
  readonly shape: Shape;
  /** The number of elements: the product of `shape`. */
  readonly size: number;
  /** `shape[0]`. Reading it from a scalar throws. */
  readonly length: number;
  /** The elements, in the order that `stride` and `offset` tell. A traced tensor has none, and throws. */
  readonly data: TensorData;
  /** The distance in `data` between neighbours along each axis; `[shape.length]`. */
  readonly stride: readonly number[];
  /** The place in `data` of the first element. */
  readonly offset: number;
  /** `this + other`, element by element, with broadcasting. */
  add(other: number): Tensor<Shape>;
  add<Other extends Tensor>(other: Other): JoinedTensor<Shape, Other>;
  add(other: Tensor | number): Tensor;
  /** `this - other`, element by element, with broadcasting. */
  sub(other: number): Tensor<Shape>;
  sub<Other extends Tensor>(other: Other): JoinedTensor<Shape, Other>;
  sub(other: Tensor | number): Tensor;
  /** `this * other`, element by element, with broadcasting. */
  mul(other: number): Tensor<Shape>;
  mul<Other extends Tensor>(other: Other): JoinedTensor<Shape, Other>;
  mul(other: Tensor | number): Tensor;
  /** `this / other`, element by element, with broadcasting. */
  div(other: number): Tensor<Shape>;
  div<Other extends Tensor>(other: Other): JoinedTensor<Shape, Other>;
  div(other: Tensor | number): Tensor;
  /** `this ** other`, element by element, with broadcasting. */
  pow(other: number): Tensor<Shape>;
  pow<Other extends Tensor>(other: Other): JoinedTensor<Shape, Other>;
  pow(other: Tensor | number): Tensor;
  /** `-this`, element by element. */
  neg(): Tensor<Shape>;
  /** The element or sub-array at these leading indices; negative ones count from the end. */
  at<const Indices extends readonly (number | Tensor)[]>(
    ...indices: Indices
  ): Tensor<PartByRank[Shape["length"]][Indices["length"]]>;
  /** The only element, as a number. A tensor of another size throws. */
  item(): number;
  /** The elements as arrays nested as deep as the rank; a number for a scalar. */
  toArray(): NestedArray<Shape>;
  /** Dtype, shape and all numbers; of a scalar its number. Where a text is wanted (`${x}`), not more than a screen of it. */
  toString(): string;
  /** What `JSON.stringify` writes: `toArray()`. */
  toJSON(): NestedArray<Shape>;
  /** Of a concrete vector the numbers in order, of a matrix the rows. A scalar and a traced tensor cannot be iterated. */
  readonly [Symbol.iterator]: IteratorByRank[Shape["length"]];
}

/** A tensor of rank 0. */
export type Scalar = Tensor<readonly []>;

/**
 * The property by which a tensor is known, on the object or its prototype: `Symbol.for("@diffrax-ts/tensor")`.
 * Any truthy value will do.
 */
export const tensorBrand: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/tensor");

/**
 * Whether `value` is a tensor, concrete or traced, of any installed copy of the library.
 *
 * @example
 * ```ts
 * import { isTensor } from "@diffrax-ts/pytree";
 *
 * isTensor(new Float64Array(3));
 * // → false
 * ```
 */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === "object" &&
    value !== null &&
    !!(value as { readonly [tensorBrand]?: unknown })[tensorBrand]
  );
}
