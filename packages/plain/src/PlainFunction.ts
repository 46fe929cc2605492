import type { Callable, Fixed, Part, Scalar, Static, Tensor, TypedArray } from "@diffrax-ts/pytree";

/**
 * A function that was read: as it was written for numbers, where a plain one is expected; and on tensors, for
 * `grad`, `vmap` and `jit`.
 */
export type PlainFunction<F extends Callable> = F &
  ((...args: PlainArguments<Parameters<F>>) => PlainResult<ReturnType<F>>);

/** What a function that was read takes for its parameters: tensors as well as numbers. */
export type PlainArguments<T> = 0 extends 1 & T
  ? T
  : T extends number
    ? number | Scalar
    : T extends TypedArray
      ? T | Tensor<readonly [number]>
      : T extends Tensor | Static | Part | Fixed
        ? T
        : { [Key in keyof T]: PlainArguments<T[Key]> };

/** What a function that was read returns: numbers, which are tensors while it is traced. */
export type PlainResult<T> = 0 extends 1 & T
  ? T
  : T extends number
    ? number & Scalar
    : T extends TypedArray
      ? readonly (number & Scalar)[]
      : T extends Tensor | Static
        ? T
        : { [Key in keyof T]: PlainResult<T[Key]> };
