import { asTensor } from "@diffrax-ts/autodiff";
import {
  describeValue,
  flatten,
  keyPaths,
  type Leaf,
  match,
  keyPath,
  type Structure,
  type Tensor,
} from "@diffrax-ts/pytree";
import { numbersIn } from "./numbersIn.ts";

/** What `diffeqsolve` has to know of a state before it looks closer. */
export interface StateSurvey {
  readonly leaves: readonly Leaf[];
  readonly structure: Structure;
  /** The numbers in it, of which there may be none. */
  readonly size: number;
  /** Of its arrays; numbers and integers take it. */
  readonly dtype: "float64" | "float32";
  /** Whether all of it has that dtype already. */
  readonly isReady: boolean;
}

/** The structure of the last state: most often that of the next one. */
let known: Structure | undefined;

/**
 * Looks through a state.
 *
 * A number takes the dtype of the arrays, and so does a scalar of float64, which is what a number is inside `grad` and `vmap`.
 *
 * @throws TypeError or RangeError if it has something else than numbers, or a number that is not finite, or arrays of float32 and
 * float64.
 */
export function surveyState(y0: unknown): StateSurvey {
  const name = "diffeqsolve: y0";
  const leaves: Leaf[] = [];
  if (known === undefined || !match(known, y0, leaves)) {
    const flat = flatten(y0, name);
    refuseOthers(flat.structure, name);
    known = flat.structure;
    leaves.length = 0; // of those that were found before the two differed
    for (const leaf of flat.leaves) leaves.push(leaf);
  }
  const structure = known;
  let size = 0;
  let [hasSingle, hasDouble, hasOthers, hasNumbers] = [false, false, false, false];
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]!;
    let numbers: readonly (number | bigint)[];
    if (typeof leaf === "number") {
      size++;
      hasNumbers = true;
      if (Number.isFinite(leaf)) continue;
      numbers = [leaf];
    } else {
      const x = tensorAt(leaves, i, structure, name);
      size += x.size;
      if (x.dtype === "float32") hasSingle = true;
      else if (x.dtype === "float64" && x.shape.length === 0) hasNumbers = true;
      else if (x.dtype === "float64") hasDouble = true;
      else hasOthers = true;
      numbers = numbersIn(x);
    }
    const culprit = numbers.find((n) => typeof n === "number" && !Number.isFinite(n));
    if (culprit !== undefined)
      throw new RangeError(`${keyPaths(structure, name)[i]!} must be finite, got ${culprit}`);
  }
  if (hasSingle && hasDouble) {
    throw new TypeError(
      `${name} holds float32 and float64 arrays; make them the same, for example with np.astype`,
    );
  }
  return {
    leaves,
    structure,
    size,
    dtype: hasSingle ? "float32" : "float64",
    isReady: !hasOthers && !(hasSingle && hasNumbers),
  };
}

/** Refuses what is neither leaf nor container. */
export function refuseOthers({ tag, value, keys, children }: Structure, path: string): void {
  if (tag === "static" && value !== null) {
    throw new TypeError(
      `${path} must be a number, a tensor or a typed array, got ${describeValue(value)}`,
    );
  }
  for (const [i, child] of children.entries()) {
    if (child.tag !== "leaf" && child.tag !== "arrayLeaf")
      refuseOthers(child, path + keyPath(keys[i] ?? i));
  }
}

/** A leaf as a tensor. @throws TypeError with the way to it, if its numbers are of no dtype. */
function tensorAt(leaves: readonly Leaf[], i: number, structure: Structure, name: string): Tensor {
  try {
    return asTensor(leaves[i]!, name);
  } catch {
    return asTensor(leaves[i]!, keyPaths(structure, name)[i]);
  }
}
