import type { Tensor } from "@diffrax-ts/pytree";
import type { Variable } from "./Variable.ts";

/** Whether a tensor is traced, by this copy of the library or another. */
export function isTraced(x: Tensor): x is Tensor & Variable {
  return (x as { readonly trace?: unknown }).trace !== undefined;
}
