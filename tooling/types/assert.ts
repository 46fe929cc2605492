/** Whether `A` and `B` are the same type, to the modifier. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile unless `T` is `true`: `assert<Equal<A, B>>()`. */
export declare function assert<T extends true>(): T;
