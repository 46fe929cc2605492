import { astype } from "@diffrax-ts/array";
import { leafType } from "@diffrax-ts/autodiff";
import { isTraced, numberAs } from "@diffrax-ts/program";
import { isTensor, type Leaf, map, unflatten } from "@diffrax-ts/pytree";
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

/** A tree of which the plain numbers have taken the dtype of the state. Other tensors keep theirs. */
export function numbersInDType(tree: unknown, dtype: FloatDType): unknown {
  if (dtype === "float64") return tree;
  return map((leaf: Leaf) => (isNumber(leaf) ? floatsIn(leaf, dtype) : leaf), tree);
}

/** Whether a leaf is a number, or what `jit`, `grad` and `vmap` have made of one. */
function isNumber(leaf: Leaf): boolean {
  return isTensor(leaf)
    ? isTraced(leaf) && leaf.dtype === "float64" && leaf.shape.length === 0
    : typeof leaf === "number";
}

function floatsIn(leaf: Leaf, dtype: FloatDType): Leaf {
  if (typeof leaf === "number") return dtype === "float64" ? leaf : numberAs("y0", leaf, dtype);
  return leafType(leaf, "y0").dtype === dtype ? leaf : astype(leaf, dtype);
}
