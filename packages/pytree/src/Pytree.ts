import type { Leaf, Static } from "./Leaf.ts";

/**
 * `T` itself if everything in it can be part of a tree; `never` at an object that cannot.
 *
 * Put it on what is returned or checked and leave the type parameter free where it is inferred:
 * `f<T>(tree: T & Pytree<NoInfer<T>>)` keeps interfaces, and tells a `Map` from a record.
 */
export type Pytree<T> = T extends Leaf | Static
  ? T
  : T extends Opaque
    ? never
    : { readonly [Key in keyof T]: Pytree<T[Key]> };

/** Objects of the language that are no containers. */
export type Opaque =
  | DataView
  | Date
  | Error
  | RegExp
  | Promise<unknown>
  | ArrayBufferLike
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<WeakKey, unknown>
  | WeakSet<WeakKey>;
