import { asTensor, isTraced } from "@diffrax-ts/autodiff";
import { valueOf } from "@diffrax-ts/program";
import type { Leaf } from "@diffrax-ts/pytree";

/** The numbers in a leaf, in any order; none, if they are not known yet. Those of int64 are of the type bigint. */
export function numbersIn(leaf: Leaf): readonly (number | bigint)[] {
  if (typeof leaf === "number") return [leaf];
  const x = asTensor(leaf, "leaf");
  if (isTraced(x)) return [];
  const data = x.data.length === x.size ? x.data : valueOf(x).data; // it may be a view of longer data
  // What `find` and `some` need, a typed array has too; of its two kinds of numbers TypeScript knows no method in common.
  return data as ArrayLike<unknown> as readonly (number | bigint)[];
}
