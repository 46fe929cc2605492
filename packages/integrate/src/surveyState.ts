import { isTraced, leafType } from "@diffrax-ts/autodiff";
import { sizeOf } from "@diffrax-ts/program";
import {
  describeValue,
  flatten,
  isTensor,
  isTypedArray,
  keyPaths,
  type Leaf,
  type Structure,
} from "@diffrax-ts/pytree";

/** What `diffeqsolve` has to know of a state before it looks closer. */
export interface StateSurvey {
  readonly leaves: readonly Leaf[];
  readonly structure: Structure;
  /** The numbers in it. */
  readonly size: number;
  /** Of its arrays; plain numbers and integers take it. */
  readonly dtype: "float64" | "float32";
}

/**
 * Looks through a state.
 *
 * @throws TypeError or RangeError if it has no numbers, or something else, or a number that is not finite, or arrays
 * of float32 and float64.
 */
export function surveyState(y0: unknown): StateSurvey {
  const name = "diffeqsolve: y0";
  const { leaves, structure } = flatten(y0, name);
  refuseOthers(structure, name);
  let size = 0;
  const dtypes = new Set<string>();
  for (const [i, leaf] of leaves.entries()) {
    const culprit = notFinite(leaf);
    if (culprit !== undefined) {
      throw new RangeError(`${keyPaths(structure, name)[i]!} must be finite, got ${culprit}`);
    }
    if (typeof leaf === "number") size++;
    else {
      const { dtype, shape } = leafType(leaf, "y0");
      size += sizeOf(shape);
      dtypes.add(dtype);
    }
  }
  if (size === 0)
    throw new TypeError(`${name} is empty (${describeValue(y0)}); there is nothing to solve for`);
  const isSingle = dtypes.has("float32");
  if (isSingle && dtypes.has("float64")) {
    throw new TypeError(
      `${name} holds float32 and float64 arrays; make them the same, for example with np.astype`,
    );
  }
  return { leaves, structure, size, dtype: isSingle ? "float32" : "float64" };
}

/** Refuses what is neither leaf nor container. */
function refuseOthers({ tag, value, keys, children }: Structure, path: string): void {
  if (tag === "static" && value !== null) {
    throw new TypeError(
      `${path} must be a number, a tensor or a typed array, got ${describeValue(value)}`,
    );
  }
  for (const [i, child] of children.entries()) {
    if (child.tag !== "leaf" && child.tag !== "arrayLeaf")
      refuseOthers(child, keys[i] === undefined ? `${path}[${i}]` : `${path}.${keys[i]}`);
  }
}

/** A number in a leaf that is not finite, as far as its numbers are known and at hand. */
function notFinite(leaf: Leaf): number | undefined {
  const isBad = (x: unknown): boolean => typeof x !== "bigint" && !Number.isFinite(x);
  if (typeof leaf === "number") return isBad(leaf) ? leaf : undefined;
  if (isTypedArray(leaf)) return (leaf as Float64Array).find(isBad);
  if (!isTensor(leaf) || isTraced(leaf)) return undefined;
  // It may be a view of longer data.
  return leaf.data.length === leaf.size
    ? (leaf.data as Float64Array).find(isBad)
    : ([leaf.toArray()] as unknown[] as number[]).flat(leaf.shape.length).find(isBad);
}
