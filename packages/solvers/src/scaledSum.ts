import { add, mul } from "@diffrax-ts/array";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";

/** `y + Σᵢ aᵢ xᵢ`. */
export function addScaled(y: Tree, a: readonly number[], xs: readonly Tree[]): Tree {
  if (a.every((ai) => ai === 0)) return y;
  return treeMap((y0, sum) => add(y0, sum), y, scaledSum(a, xs));
}

/** `Σᵢ aᵢ xᵢ`, without the terms whose coefficient is zero. */
export function scaledSum(a: readonly number[], xs: readonly Tree[]): Tree {
  const used = [...a.keys()].filter((i) => a[i] !== 0);
  const coefficients = used.map((i) => a[i]!);
  const [first, ...rest] = used.map((i) => xs[i]!);
  return treeMap(
    (...x) => x.map((xi, i): Tensor => mul(xi, coefficients[i]!)).reduce((sum, xi) => add(sum, xi)),
    first ?? null,
    ...rest,
  );
}
