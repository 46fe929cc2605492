import { astype } from "@diffrax-ts/array";
import { maxNorm, type Tolerances } from "@diffrax-ts/protocol";
import { describeValue, isTensor, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type { IterativeSolver } from "./IterativeSolver.ts";

/** Tolerances of a solver; `null` is that of whoever calls it. */
export type OwnTolerances = Pick<IterativeSolver, "rtol" | "atol" | "norm">;

/**
 * The tolerances that a solver works with: its own, and for those that are `null` the caller's.
 *
 * @param name - Of the caller, for errors.
 * @throws TypeError if there are none.
 */
export function resolveTolerances(
  name: string,
  { kind, rtol, atol, norm }: IterativeSolver,
  given: Tolerances | null,
): Tolerances {
  if (rtol !== null && atol !== null) return { rtol, atol, norm: norm ?? maxNorm };
  if (given !== null) {
    return { rtol: rtol ?? given.rtol, atol: atol ?? given.atol, norm: norm ?? given.norm };
  }
  const missing = rtol !== null ? "atol" : atol !== null ? "rtol" : "rtol and atol";
  throw new TypeError(
    `${name}: ${kind} has no ${missing}: write ${kind}({ rtol: …, atol: … }), or hand in tolerances; ` +
      "within a differential equation it takes those of an adaptive step size controller",
  );
}

/** @throws RangeError or TypeError for a tolerance that is none. */
export function checkTolerances(name: string, { rtol, atol, norm }: OwnTolerances): OwnTolerances {
  for (const [key, value] of Object.entries({ rtol, atol })) {
    if (value === null || (typeof value === "number" ? value >= 0 : isScalar(value))) continue;
    throw new RangeError(
      `${name}: ${key} must be a number >= 0, or null for that of the caller, got ${describeValue(value)}`,
    );
  }
  if (norm !== null && typeof norm !== "function")
    throw new TypeError(`${name}: norm must be a function, or null, got ${describeValue(norm)}`);
  return { rtol, atol, norm };
}

function isScalar(value: unknown): boolean {
  return isTensor(value) && value.shape.length === 0;
}

/** A number in the dtype of a tensor. */
export function toDType(value: number | Scalar, { dtype }: Tensor): number | Tensor {
  return isTensor(value) && value.dtype !== dtype ? astype(value, dtype) : value;
}
