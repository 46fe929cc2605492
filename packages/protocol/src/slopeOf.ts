import { add } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";
import type { StatePart, Term } from "./Term.ts";
import { isMultiTerm } from "./Terms.ts";
import type { Tree } from "./Tree.ts";
import { treeMap } from "./treeMap.ts";

/** `f(t, y, args)`: the vector field of a term, or the sum of those of its terms. */
export function slopeOf(term: Term, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  if (!isMultiTerm(term)) return term.vf(t, y, args, changes);
  const slopes = term.terms.map((one) => slopeOf(one, t, y, args, changes));
  return slopes.reduce((sum, slope) => treeMap((a, b) => add(a, b), sum, slope));
}
