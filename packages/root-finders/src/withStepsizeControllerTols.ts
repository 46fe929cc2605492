/** Options without tolerances. */
export type WithoutTolerances<Options> = Omit<Options, "rtol" | "atol" | "norm">;

/**
 * A maker of root finders whose tolerances are those of the step size controller.
 *
 * @param make - `Newton`, `Chord`, `VeryChord`, …
 *
 * @example
 * ```ts
 * import { Chord, withStepsizeControllerTols } from "@diffrax-ts/root-finders";
 *
 * const rootFinder = withStepsizeControllerTols(Chord)({ kappa: 0.1 });
 * rootFinder.rtol;
 * // → null
 * ```
 */
export function withStepsizeControllerTols<Options extends object, Finder>(
  make: (options: Options) => Finder,
): (options?: WithoutTolerances<Options>) => Finder {
  return (options) =>
    // What is left out and added again, TypeScript does not put together.
    make({ ...options, rtol: null, atol: null, norm: null } as unknown as Options);
}
