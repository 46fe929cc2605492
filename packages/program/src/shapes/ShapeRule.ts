import type { ParamsOf, Primitive } from "../primitives.ts";
import type { Type } from "../Type.ts";

/** The types of the outputs, from those of the inputs. Throws if the inputs do not fit. */
type ShapeRule<P extends Primitive> = (
  inputs: readonly Type[],
  params: ParamsOf<P>,
) => readonly Type[];

/** The shape rules of some primitives. */
export type ShapeRules<P extends Primitive> = { readonly [Name in P]: ShapeRule<Name> };
