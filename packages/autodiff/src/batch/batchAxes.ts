import { arrayType, type Type } from "@diffrax-ts/program";
import { keyPaths, type Structure } from "@diffrax-ts/pytree";
import type { TraceParameters } from "../traceTree.ts";

/** Along which axis something is batched: one axis for all of it, `null` for not at all, or a tree of these. */
export type Axes = number | null | readonly Axes[] | { readonly [key: string]: Axes };

/** Which axes of arguments are those of a batch, and how long it is. */
export interface BatchAxes {
  /** Of each leaf, counted from the front; `null` for what is the same for all elements. */
  readonly axes: readonly (number | null)[];
  readonly size: number;
}

/** @throws RangeError if an axis is not there, or if the lengths of the batch differ. */
export function batchAxes(inAxes: Axes, [structure, types, name]: TraceParameters): BatchAxes {
  const axes = spreadAxes(inAxes, structure, `${name}: inAxes`).map((axis, i) =>
    checkAxis(axis, types[i]!, structure, i, name),
  );
  return { axes, size: batchSize(types, axes, structure, name) };
}

/** The types of one element of a batch. */
export function elementTypes(types: readonly Type[], { axes }: BatchAxes): Type[] {
  return types.map((type, i) =>
    axes[i] === null ? type : arrayType(type.dtype, type.shape.toSpliced(axes[i]!, 1)),
  );
}

/** One axis for every leaf, from a tree of axes that may stop above the leaves. */
export function spreadAxes(axes: Axes, structure: Structure, name: string): (number | null)[] {
  if (typeof axes === "number" || axes === null)
    return Array.from({ length: structure.size }, () => axes);
  const isArray = Array.isArray(axes);
  if (
    (isArray ? "array" : "record") !== structure.tag ||
    Object.keys(axes).length !== structure.children.length
  ) {
    throw new RangeError(`${name} has another structure than what it belongs to`);
  }
  const list: (number | null)[] = [];
  for (const [i, child] of structure.children.entries()) {
    const part = (axes as Readonly<Record<string | number, Axes>>)[structure.keys[i] ?? i];
    if (part === undefined)
      throw new RangeError(`${name} has nothing for ${structure.keys[i] ?? i}`);
    // The leaves of a record come in the order of its sorted keys.
    for (const [j, axis] of spreadAxes(part, child, name).entries())
      list[structure.starts[i]! + j] = axis;
  }
  return list;
}

/** Where the axis of a batch is in a leaf, counted from the front. */
function checkAxis(
  axis: number | null,
  { shape }: Type,
  structure: Structure,
  leaf: number,
  name: string,
): number | null {
  if (axis === null) return null;
  const place = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && place >= 0 && place < shape.length) return place;
  throw new RangeError(
    `${name}: ${keyPaths(structure, "arguments")[leaf]!} has shape [${shape.join()}] and no axis ${axis}; ` +
      "a batch of numbers is a Float64Array or np.tensor([…]); for what is the same for all write inAxes: [0, null, …]",
  );
}

function batchSize(
  types: readonly Type[],
  axes: readonly (number | null)[],
  structure: Structure,
  name: string,
): number {
  let size: number | undefined;
  for (const [i, axis] of axes.entries()) {
    if (axis === null) continue;
    const n = types[i]!.shape[axis]!;
    size ??= n;
    if (n !== size) {
      throw new RangeError(
        `${name}: ${keyPaths(structure, "arguments")[i]!} has ${n} elements along the batch, others have ${size}`,
      );
    }
  }
  if (size === undefined)
    throw new RangeError(
      `${name}: nothing is batched; give at least one argument an axis in inAxes`,
    );
  return size;
}
