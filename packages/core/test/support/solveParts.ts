import { diffeqsolve, type Solution, type Tensor } from "@diffrax-ts/core";
import type { RawOptions } from "@diffrax-ts/integrate";

/**
 * `diffeqsolve` for terms, solvers and options that a test puts together from parts, right or wrong, so that nothing can be inferred from
 * them: the test says what is saved.
 */
export const solveParts = diffeqsolve as unknown as <Ys = Tensor, Y = Ys>(
  terms: unknown,
  solver: unknown,
  options: { readonly [Name in keyof RawOptions]?: unknown },
) => Solution<Tensor<readonly [number]>, Ys, Y>;
