import { astype, isFloat, leafType } from "@diffrax-ts/program";
import { type DType, isTensor, leaves } from "@diffrax-ts/pytree";

/** The dtype of a state: that of its floats, which all have the same. `undefined` if there are none. */
export function dtypeOfState(y: unknown): DType | undefined {
  return leaves(y)
    .map((leaf) => leafType(leaf, "y").dtype)
    .find(isFloat);
}

/** What a plain function returned, with floats in the dtype of the state: it knows no dtypes itself. */
export function inDtype(dtype: DType, x: unknown): unknown {
  if (typeof x === "number") return dtype === "float64" ? x : astype(x, dtype);
  if (isTensor(x)) return isFloat(x.dtype) && x.dtype !== dtype ? astype(x, dtype) : x;
  if (Array.isArray(x)) return x.map((child) => inDtype(dtype, child));
  if (typeof x !== "object" || x === null || Object.getPrototypeOf(x) !== Object.prototype)
    return x;
  return Object.fromEntries(Object.entries(x).map(([key, child]) => [key, inDtype(dtype, child)]));
}
