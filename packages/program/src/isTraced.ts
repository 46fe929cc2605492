import type { Tensor } from "@diffrax-ts/pytree";
import type { Variable } from "./Variable.ts";

/** Whether a tensor is traced, by this copy of the library or another. */
export function isTraced(x: Tensor): x is Tensor & Variable {
  return (x as { readonly trace?: unknown }).trace !== undefined;
}

/** The first of some tensors that is traced. */
export function firstTraced(tensors: readonly Tensor[]): Tensor | undefined {
  for (let i = 0; i < tensors.length; i++) {
    const x = tensors[i]!;
    if ((x as { readonly trace?: unknown }).trace !== undefined) return x;
  }
  return undefined;
}
