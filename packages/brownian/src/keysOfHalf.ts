import { astype, where } from "@diffrax-ts/array";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { foldInWords, type KeyWords } from "@diffrax-ts/random";

/** The keys of a piece: that of its middle, and that of the half that holds the time. */
export function keysOfHalf(key: KeyWords, isLater: Tensor): Record<"middle" | "half", KeyWords> {
  return {
    middle: foldInWords(key, 1),
    half: foldInWords(key, astype(where(isLater, 0, 2), "uint32") as Scalar),
  };
}
