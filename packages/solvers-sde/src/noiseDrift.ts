import { add, arange, astype, equal, less, onesLike, reshape, zerosLike } from "@diffrax-ts/array";
import { treeLoop } from "@diffrax-ts/autodiff";
import { type Term, type Tree, treeLeaves, treeMap } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { alongNoise, type Place } from "./alongNoise.ts";

/** Up to so many components of the noise are written out one by one. */
const mostWritten = 4;

/** `Σⱼ (∂gⱼ/∂y) gⱼ` over the components of the noise: twice what the drift of an Itô and of a Stratonovich equation differ by. */
export function noiseDrift(diffusion: Term, place: Place, dw: Tree): Tree {
  const { y } = place;
  const size = treeLeaves(dw).reduce((sum, leaf) => sum + leaf.size, 0);
  if (size === 0 || diffusion.noiseType === "additive")
    return treeMap((leaf) => zerosLike(leaf), y);
  const along = (x: Tree): Tree => alongNoise(diffusion, place, x).slope;
  // Each component moves another part of the state, by what depends on that part alone.
  if (diffusion.noiseType === "diagonal") return along(treeMap((leaf) => onesLike(leaf), dw));
  const plus = (sum: Tree, more: Tree): Tree => treeMap((a, b) => add(a, b), sum, more);
  if (size <= mostWritten)
    return Array.from({ length: size }, (_, j) => along(unit(dw, j))).reduce(plus);
  const { sum } = treeLoop<Carried>(
    "ItoMilstein",
    { j: astype(0, "int32"), sum: treeMap((leaf) => zerosLike(leaf), y) },
    ({ j }) => less(j, size),
    ({ j, sum: before }) => ({ j: add(j, 1), sum: plus(before, along(unit(dw, j))) }),
    { bound: size },
  );
  return sum;
}

interface Carried {
  readonly j: Scalar;
  readonly sum: Tree;
}

/** The increment of component `j` alone, by 1, in the structure of the control. */
function unit(dw: Tree, j: number | Scalar): Tree {
  let start = 0;
  return treeMap((leaf): Tensor => {
    const place = arange(start, start + leaf.size, 1, { dtype: "int32" });
    start += leaf.size;
    return reshape(astype(equal(place, j), leaf.dtype), leaf.shape);
  }, dw);
}
