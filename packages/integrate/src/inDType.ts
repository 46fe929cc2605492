import { astype } from "@diffrax-ts/array";
import { leafType } from "@diffrax-ts/autodiff";
import { numberAs } from "@diffrax-ts/program";
import { type Leaf, map, unflatten } from "@diffrax-ts/pytree";
import type { StateSurvey } from "./surveyState.ts";

type FloatDType = StateSurvey["dtype"];

/** A state, all of it in its dtype. */
export function stateInDType(
  y0: unknown,
  { isReady, structure, leaves, dtype }: StateSurvey,
): unknown {
  return isReady
    ? y0
    : unflatten(
        structure,
        leaves.map((leaf) => floatsIn(leaf, dtype)),
      );
}

/** A tree of which the plain numbers have taken the dtype of the state. */
export function numbersInDType(tree: unknown, dtype: FloatDType): unknown {
  if (dtype === "float64") return tree;
  return map((leaf: Leaf) => (typeof leaf === "number" ? floatsIn(leaf, dtype) : leaf), tree);
}

function floatsIn(leaf: Leaf, dtype: FloatDType): Leaf {
  if (typeof leaf === "number") return dtype === "float64" ? leaf : numberAs("y0", leaf, dtype);
  return leafType(leaf, "y0").dtype === dtype ? leaf : astype(leaf, dtype);
}
