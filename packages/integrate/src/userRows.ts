import { type Tree, unpackTree } from "@diffrax-ts/protocol";
import { type Tensor, unflatten } from "@diffrax-ts/pytree";
import type { TrackLayout } from "./solve.ts";

/** The rows of a track as the user sees them; those of dense output as its interpolation does. */
export function userRows({ structure, isDense }: TrackLayout, values: readonly Tensor[]): unknown {
  const rows = unflatten(structure, values);
  return isDense ? rows : unpackTree(rows as Tree);
}
