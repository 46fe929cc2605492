import { epsilon } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";

export { epsilon };

/** How small a singular value is, beside the largest, to count as zero. @defaultValue `ε max(m, n)` */
export function resolveRcond(rcond: number | null, size: number, dtype: DType): number {
  return rcond === null ? epsilon(dtype) * size : Math.max(rcond, 0);
}

/** @throws RangeError if it is not `null` or a number that can be one. */
export function checkRcond(name: string, rcond: number | null): number | null {
  if (rcond === null || rcond >= 0) return rcond;
  throw new RangeError(`${name}: rcond must be >= 0, or null for ε times the size, got ${rcond}`);
}
