import { astype, type TensorLike } from "@diffrax-ts/program";
import { isTensor, isTypedArray } from "@diffrax-ts/pytree";

/** What the elements of a typed array are. */
export interface ElementType {
  readonly array: (typeof globalThis)[TypedArrayName];
  /** A traced number as an element; `null` where it would have to be cut to whole numbers of so many bits. */
  readonly round: ((x: TensorLike) => TensorLike) | null;
}

type TypedArrayName =
  | "Float64Array"
  | "Float32Array"
  | "Int8Array"
  | "Int16Array"
  | "Int32Array"
  | "Uint8Array"
  | "Uint8ClampedArray"
  | "Uint16Array"
  | "Uint32Array";

/** The typed arrays that are read, by name. */
export const elementTypes: Readonly<Record<TypedArrayName, ElementType>> = {
  Float64Array: { array: Float64Array, round: (x) => x },
  Float32Array: { array: Float32Array, round: fround },
  Int8Array: { array: Int8Array, round: null },
  Int16Array: { array: Int16Array, round: null },
  Int32Array: { array: Int32Array, round: null },
  Uint8Array: { array: Uint8Array, round: null },
  Uint8ClampedArray: { array: Uint8ClampedArray, round: null },
  Uint16Array: { array: Uint16Array, round: null },
  Uint32Array: { array: Uint32Array, round: null },
};

/** The nearest number of 32 bits. */
export function fround(x: TensorLike): TensorLike {
  if (typeof x === "number") return Math.fround(x);
  return isTensor(x) && x.dtype === "float32" ? x : astype(astype(x, "float32"), "float64");
}

/**
 * A typed array that was made in a reading, whose elements may be traced.
 *
 * It is a window on its storage, which others may look at as well: `subarray` shares the elements.
 */
export class TypedList {
  readonly type: ElementType;
  /** An array of the reading; only this is ever changed. */
  readonly storage: unknown[];
  readonly offset: number;
  readonly length: number;

  constructor(
    type: ElementType,
    storage: unknown[],
    offset: number = 0,
    length: number = storage.length,
  ) {
    this.type = type;
    this.storage = storage;
    this.offset = offset;
    this.length = length;
  }

  /** The elements as they are now. */
  get elements(): readonly unknown[] {
    const { storage, offset, length } = this;
    return length === storage.length ? storage : storage.slice(offset, offset + length);
  }
}

/**
 * What the elements of a value are where JavaScript has a typed array; `undefined` if it has none.
 *
 * A vector of the state is a `Float64Array`, whatever its dtype. A matrix is an array of these.
 */
export function elementTypeOf(x: unknown): ElementType | undefined {
  if (x instanceof TypedList) return x.type;
  if (isTensor(x)) return x.shape.length === 1 ? elementTypes.Float64Array : undefined;
  return isTypedArray(x) ? typeNamed(x.constructor) : undefined;
}

/** What a constructor makes elements of, if it is that of a typed array. */
export function typeNamed(made: unknown): ElementType | undefined {
  return Object.values<ElementType>(elementTypes).find(({ array }) => array === made);
}

/** What holds the elements or properties of a value, and is noted as made and changed. */
export function storageOf(x: unknown): object {
  return (x instanceof TypedList ? x.storage : x) as object;
}
