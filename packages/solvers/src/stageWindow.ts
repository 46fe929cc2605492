import { astype, broadcastTo } from "@diffrax-ts/array";
import { type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

// In a loop over stages their list keeps its length: the latest one stands last, and those that there are not yet are zero, as are their coefficients.

/** The stages at the start of the loop: zeros, and the first one. */
export function windowOf(k0: Tree, numStages: number): readonly Tree[] {
  const before = Array.from({ length: numStages - 1 }, () =>
    treeMap(({ shape, dtype }) => broadcastTo(astype(0, dtype), shape), k0),
  );
  return [...before, k0];
}

/** The window with a stage more. */
export function shifted(window: readonly Tree[], latest: Tree): readonly Tree[] {
  return [...window.slice(1), latest];
}

/** Numbers that are taken by the place of the stage among those of the loop. */
export function columnOf(numbers: readonly number[], { dtype }: Scalar): Tensor<readonly [number]> {
  return astype(Float64Array.from(numbers), dtype);
}

/** For each place of the window the coefficients, by stage. */
export function columnsOf(
  rows: readonly (readonly number[])[],
  like: Scalar,
): readonly Tensor<readonly [number]>[] {
  return Array.from({ length: rows.length + 1 }, (_, place) =>
    columnOf(
      rows.map((row, i) => row[place - rows.length + i] ?? 0),
      like,
    ),
  );
}
