import type { Tensor } from "@diffrax-ts/pytree";

/** What a solver works on: tensors in arrays and records. `null` is the tree without leaves. */
export type Tree = Tensor | null | readonly Tree[] | { readonly [key: string]: Tree };
