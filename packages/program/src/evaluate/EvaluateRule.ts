import type { ArrayValue } from "../ArrayValue.ts";
import type { ParamsOf, Primitive } from "../primitives.ts";

/** The outputs of a primitive, from its inputs, in plain JavaScript: the reference for compiled code. */
type EvaluateRule<P extends Primitive> = (
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
) => readonly ArrayValue[];

/** The evaluators of some primitives. */
export type EvaluateRules<P extends Primitive> = { readonly [Name in P]: EvaluateRule<Name> };
