/** Options without tolerances. */
export type WithoutTolerances<Options> = Omit<Options, "rtol" | "atol" | "norm">;

/**
 * A maker of root finders whose tolerances are those of the step size controller.
 *
 * The maker that is returned throws a TypeError if it is given `rtol`, `atol` or `norm`.
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
  make: (options?: Options) => Finder,
): (options?: WithoutTolerances<Options>) => Finder {
  return (options) => {
    const given = Object.keys(options ?? {}).find((key) => ["rtol", "atol", "norm"].includes(key));
    if (given !== undefined) {
      throw new TypeError(
        `withStepsizeControllerTols: ${given} is that of the step size controller; leave it out, or call ${make.name} alone`,
      );
    }
    // What is left out and added again, TypeScript does not put together.
    return make({ ...options, rtol: null, atol: null } as unknown as Options);
  };
}
