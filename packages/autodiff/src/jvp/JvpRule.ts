import type { ParamsOf, Primitive } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** What a rule knows of an equation whose inputs have tangents. */
export interface JvpContext<P extends Primitive> {
  readonly params: ParamsOf<P>;
  readonly inputs: readonly Tensor[];
  /** Of the inputs; `null` for zero. At least one is not. */
  readonly tangents: readonly (Tensor | null)[];
  /** Of the equation itself. */
  readonly outputs: readonly Tensor[];
}

/** The tangents of the outputs; `null` for zero. */
type JvpRule<P extends Primitive> = (context: JvpContext<P>) => readonly (Tensor | null)[];

/** The rules of some primitives. */
export type JvpRules<P extends Primitive> = { readonly [Name in P]: JvpRule<Name> };

/** The rule of a primitive whose derivative is zero wherever it has one. */
export const constant = (): readonly null[] => [null];
