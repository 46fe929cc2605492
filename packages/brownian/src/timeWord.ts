import { astype } from "@diffrax-ts/array";
import { bitcast, bitwiseXor, shiftRightLogical } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** 32 bits of a time: those of a float32, or both halves of a float64, one xor the other. */
export function timeWord(t: Tensor): Scalar {
  if (t.dtype === "float32") return bitcast(t, "int32") as Scalar;
  const bits = bitcast(t, "int64");
  return astype(bitwiseXor(bits, shiftRightLogical(bits, 32)), "uint32") as Scalar;
}
