import { astype } from "@diffrax-ts/array";
import type { Tolerances } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";

/** The tolerances of a controller in the dtype of a solve; `null` if it has none. */
export function tolerancesIn(
  dtype: "float64" | "float32",
  tolerances: Tolerances | null,
): Tolerances | null {
  if (tolerances === null) return null;
  const { rtol, atol, norm } = tolerances;
  const inDType = (x: number | Scalar): number | Scalar =>
    typeof x === "number" ? x : astype(x, dtype);
  return { rtol: inDType(rtol), atol: inDType(atol), norm };
}
