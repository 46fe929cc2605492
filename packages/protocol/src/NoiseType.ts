/**
 * What is known of a diffusion `g(t, y)`, a matrix with a column `gⱼ` for each component of the noise:
 *
 * - `"additive"`: it does not depend on `y`;
 * - `"diagonal"`: component `i` of the noise moves component `i` of the state alone, by what depends on no other component;
 * - `"commutative"`: `(∂gⱼ/∂y) gₖ = (∂gₖ/∂y) gⱼ` for all `j` and `k`, as for additive and diagonal noise, and for one component of noise;
 * - `"general"`: nothing.
 *
 * @see Kloeden & Platen (1992), Numerical Solution of Stochastic Differential Equations, section 10.3
 */
export type NoiseType = "additive" | "diagonal" | "commutative" | "general";

/** The names, from the most special to the most general. */
export const noiseTypes: readonly NoiseType[] = ["additive", "diagonal", "commutative", "general"];

/**
 * Whether noise of one kind is of another kind too.
 *
 * @example
 * ```ts
 * import { isNoise } from "@diffrax-ts/protocol";
 *
 * isNoise("diagonal", "commutative");
 * // → true
 * isNoise("additive", "diagonal");
 * // → false
 * ```
 */
export function isNoise(noise: NoiseType, wanted: NoiseType): boolean {
  if (noise === wanted || wanted === "general") return true;
  return wanted === "commutative" && noise !== "general";
}
