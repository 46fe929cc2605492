import type { ButcherTableau } from "@diffrax-ts/solvers";

/**
 * When a method with root finders that can share a Jacobian, such as `VeryChord`, makes one.
 *
 * | | in a step | for |
 * |---|---|---|
 * | `"never"` | not at all | explicit methods |
 * | `"everyStage"` | one for each stage | DIRK: any diagonal |
 * | `"firstStage"` | one, at the first stage | SDIRK: one number all along the diagonal |
 * | `"secondStage"` | one, at the second stage | ESDIRK: zero, and then one number all along the diagonal |
 */
export type CalculateJacobian = "never" | "everyStage" | "firstStage" | "secondStage";

/** The first stage whose Jacobian serves the ones after it, or that there is none. */
export function jacobianFor({ aDiagonal = [] }: ButcherTableau): CalculateJacobian {
  const numbers = new Set(aDiagonal);
  if (numbers.size === 0 || (numbers.size === 1 && numbers.has(0))) return "never";
  if (numbers.size === 1) return "firstStage";
  return aDiagonal[0] === 0 && new Set(aDiagonal.slice(1)).size === 1
    ? "secondStage"
    : "everyStage";
}
