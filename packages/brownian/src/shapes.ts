import type { ShapeAndType } from "@diffrax-ts/autodiff";
import { sameList } from "@diffrax-ts/program";
import { describeValue, isDType, keyPath, type Tensor } from "@diffrax-ts/pytree";

/** The shape of an array, or of several in arrays and records; with dtypes, if they are not float64. */
export type BrownianShape =
  | number
  | readonly number[]
  | ShapeAndType
  | readonly BrownianShape[]
  | { readonly [key: string]: BrownianShape };

/** One array of a Brownian motion. */
export interface LeafShape {
  readonly shape: readonly number[];
  readonly dtype: "float64" | "float32";
}

/** Shapes in their structure: one, or arrays and records of them. */
export type ShapeTree = LeafShape | readonly ShapeTree[] | { readonly [key: string]: ShapeTree };

/** @throws TypeError for what is no shape, or for a dtype that is no float. */
export function readShape(path: string, given: unknown): ShapeTree {
  if (typeof given === "number") return leaf(path, [given], "float64");
  if (Array.isArray(given))
    return given.every((x) => typeof x === "number")
      ? leaf(path, given, "float64")
      : given.map((child, i) => readShape(`${path}[${i}]`, child));
  if (typeof given !== "object" || given === null) refuse(path, given);
  const { shape, dtype } = given as { readonly shape?: unknown; readonly dtype?: unknown };
  if (isDType(dtype) && Array.isArray(shape)) return leaf(path, shape, dtype);
  return Object.fromEntries(
    Object.entries(given).map(([key, child]) => [key, readShape(path + keyPath(key), child)]),
  );
}

function leaf(path: string, shape: readonly number[], dtype: string): LeafShape {
  if (!shape.every((n) => Number.isInteger(n) && n >= 0)) refuse(path, shape);
  if (dtype === "float64" || dtype === "float32") return { shape: [...shape], dtype };
  throw new TypeError(`${path}: a Brownian motion is of float64 or float32, got ${dtype}`);
}

function refuse(path: string, given: unknown): never {
  const shown = Array.isArray(given) ? `[${given.join()}]` : describeValue(given);
  throw new TypeError(
    `${path} must be a list of lengths such as [3], { shape, dtype }, or arrays and objects of these, got ${shown}`,
  );
}

/** Whether it is the shape of one array. */
function isLeafShape(tree: ShapeTree): tree is LeafShape {
  const { shape, dtype } = tree as Partial<LeafShape>;
  return typeof dtype === "string" && Array.isArray(shape);
}

/** The shapes of all arrays, in the order of sorted keys. */
export function leafShapes(tree: ShapeTree): readonly LeafShape[] {
  if (isLeafShape(tree)) return [tree];
  if (Array.isArray(tree)) return tree.flatMap(leafShapes);
  const record = tree as Readonly<Record<string, ShapeTree>>;
  return Object.keys(record)
    .toSorted()
    .flatMap((key) => leafShapes(record[key]!));
}

/** Arrays in a row that are alike. */
export interface Run extends LeafShape {
  /** The place of the first. */
  readonly start: number;
  /** How many; `null` for one alone. */
  readonly count: number | null;
}

/** So many arrays that are alike are drawn together. Fewer live in registers each for itself. */
const fewest = 16;

/** The arrays in their order, those that are alike together. */
export function runsOf(leaves: readonly LeafShape[]): readonly Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < leaves.length;) {
    const { shape, dtype } = leaves[start]!;
    let end = start + 1;
    while (
      end < leaves.length &&
      dtype === leaves[end]!.dtype &&
      sameList(shape, leaves[end]!.shape)
    )
      end++;
    if (end - start >= fewest) runs.push({ shape, dtype, start, count: end - start });
    else for (; start < end; start++) runs.push({ shape, dtype, start, count: null });
    start = end;
  }
  return runs;
}

/** The values of all arrays, from those of runs. */
export function leavesOfRuns(runs: readonly Run[], values: readonly Tensor[]): readonly Tensor[] {
  return runs.flatMap(({ count }, i) =>
    count === null ? [values[i]!] : Array.from({ length: count }, (_, j) => values[i]!.at(j)),
  );
}

/** Values for all arrays, in that order, in the structure of the shapes. */
export function inStructure<Value>(tree: ShapeTree, values: readonly Value[]): unknown {
  let next = 0;
  const fill = (shapes: ShapeTree): unknown => {
    if (isLeafShape(shapes)) return values[next++];
    if (Array.isArray(shapes)) return shapes.map(fill);
    const record = shapes as Readonly<Record<string, ShapeTree>>;
    const keys = Object.keys(record);
    const filled = new Map(keys.toSorted().map((key) => [key, fill(record[key]!)]));
    return Object.fromEntries(keys.map((key) => [key, filled.get(key)]));
  };
  return fill(tree);
}
