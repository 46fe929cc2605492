import {
  allocate,
  apply,
  arrayType,
  sizeOf,
  tensorOf,
  type Trace,
  type Type,
  type Named,
  withTrace,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** Arrays of at most this many elements are taken apart into scalars, which live in locals. */
const smallSize = 16;

/** Whether a value is taken apart into scalars. */
export function isSmall(type: Type): boolean {
  return !type.buffer && sizeOf(type.shape) <= smallSize;
}

/**
 * A value during lowering: as an array, as scalars in row-major order, or both. What is missing is made when it
 * is asked for, in the trace that the value belongs to, so that loops do not repeat it.
 */
export class Value {
  readonly type: Type;
  readonly #trace: Trace;
  #array: Tensor | undefined;
  #scalars: readonly Tensor[] | undefined;
  #make: (() => Tensor) | undefined;

  private constructor(
    trace: Trace,
    type: Type,
    array: Tensor | undefined,
    scalars: readonly Tensor[] | undefined,
  ) {
    this.#trace = trace;
    this.type = type;
    this.#array = array;
    this.#scalars = scalars;
  }

  static array(trace: Trace, array: Tensor): Value {
    const type = array as unknown as Type;
    return new Value(trace, type, array, type.shape.length === 0 ? [array] : undefined);
  }

  static scalars(trace: Trace, type: Type, scalars: readonly Tensor[]): Value {
    return new Value(trace, type, type.shape.length === 0 ? scalars[0] : undefined, scalars);
  }

  /** A value that is made where it is first read. */
  static later(trace: Trace, type: Type, make: () => Tensor): Value {
    const value = new Value(trace, type, undefined, undefined);
    value.#make = make;
    return value;
  }

  /** The value as an array in memory. */
  array(): Tensor {
    const { dtype, shape } = this.type;
    if (this.#make !== undefined) this.#array ??= withTrace(this.#trace, this.#make);
    this.#array ??=
      this.#scalars!.length === 0
        ? tensorOf({ dtype, shape, data: allocate(dtype, 0) })
        : withTrace(this.#trace, () => apply("pack", this.#scalars!, { shape })[0]!);
    return this.#array;
  }

  /** The value as scalars. */
  scalars(): readonly Tensor[] {
    this.#scalars ??= withTrace(this.#trace, () => unpack(this.array()));
    return this.#scalars;
  }
}

/** What a value is passed as: its scalars if it is small, else the array. */
export function flatten(value: Value): readonly Tensor[] {
  return isSmall(value.type) ? value.scalars() : [value.array()];
}

/** The values of these types, from the tensors they were flattened to. */
export function unflatten(
  trace: Trace,
  types: readonly Type[],
  tensors: readonly Tensor[],
): Value[] {
  let place = 0;
  return types.map((type) => {
    if (!isSmall(type)) return Value.array(trace, tensors[place++]!);
    const size = sizeOf(type.shape);
    const scalars = tensors.slice(place, place + size);
    place += size;
    return Value.scalars(trace, type, scalars);
  });
}

/** The types of what a value of this type is passed as. */
export function flatTypes(type: Type): Type[] {
  if (!isSmall(type)) return [type];
  return Array.from({ length: sizeOf(type.shape) }, () => arrayType(type.dtype, []));
}

/** New inputs of `trace` for a value of this type. */
export function flatInputs(
  trace: Trace,
  type: Type,
): { readonly value: Value; readonly inputs: Named[] } {
  const inputs = flatTypes(type).map((part) => trace.input(part));
  return {
    value: unflatten(trace, [type], inputs)[0]!,
    inputs,
  };
}

/** The elements of an array as scalars, in row-major order. */
function unpack(array: Tensor): readonly Tensor[] {
  const size = sizeOf(array.shape);
  const flat = apply("reshape", [array], { shape: [size] })[0]!;
  return Array.from({ length: size }, (_, i) => {
    const [one] = apply("slice", [flat], { start: [i], limit: [i + 1], step: [1] });
    return apply("reshape", [one!], { shape: [] })[0]!;
  });
}

/** For each of the values that a loop carries, the place of its first part among those of the lowered loop. */
export function carrySlots(types: readonly Type[]): number[] {
  let next = 0;
  return types.map((type) => {
    const slot = next;
    next += isSmall(type) ? sizeOf(type.shape) : 1;
    return slot;
  });
}
