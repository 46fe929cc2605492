import { add, mul } from "@diffrax-ts/array";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";

/** `Σᵢ wᵢ xᵢ` for scalar weights; `null` is a weight of zero. */
export function sumScaledBy(weights: readonly (Tensor | null)[], xs: readonly Tree[]): Tree {
  const used = [...weights.keys()].filter((i) => weights[i] !== null);
  const [first, ...rest] = used.map((i) => xs[i]!);
  return treeMap(
    (...x) =>
      x.map((xi, i): Tensor => mul(weights[used[i]!]!, xi)).reduce((sum, xi) => add(sum, xi)),
    first ?? null,
    ...rest,
  );
}

/** `y + Σᵢ wᵢ xᵢ`. */
export function addScaledBy(
  y: Tree,
  weights: readonly (Tensor | null)[],
  xs: readonly Tree[],
): Tree {
  return treeMap((y0, sum) => add(y0, sum), y, sumScaledBy(weights, xs));
}
