import type { ParamsOf, Primitive } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Type } from "@diffrax-ts/program";

/** What a rule knows of an equation that is linear in some inputs. */
export interface TransposeContext<P extends Primitive> {
  readonly params: ParamsOf<P>;
  /** The values of the inputs; `null` for those that the equation is linear in. */
  readonly inputs: readonly (Tensor | null)[];
  readonly types: readonly Type[];
  /** Of the output. */
  readonly cotangent: Tensor;
}

/** The cotangents of the inputs that are linear; whatever for the others. */
type TransposeRule<P extends Primitive> = (
  context: TransposeContext<P>,
) => readonly (Tensor | null)[];

/** The rules of some primitives; `null` where a tangent never passes. */
export type TransposeRules<P extends Primitive> = {
  readonly [Name in P]: TransposeRule<Name> | null;
};
