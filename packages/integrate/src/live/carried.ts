import { allocate, type ArrayValue, sizeOf, tensorOf, type Type } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import { unflatten } from "@diffrax-ts/pytree";
import type { LeafPlaces } from "./liveSolve.ts";

/** What a loop carries: in the memory where it runs, or a copy. */
export interface Carried {
  readonly numCarried: number;
  /** A value, or its first `rows` rows. */
  carried(index: number, rows?: number): ArrayValue;
  /** A scalar. */
  carriedNumber(index: number): number;
  /** Its bytes, where they are. */
  carriedBytes(index: number): Uint8Array;
}

/** A copy, which stays when the run is gone. */
export function copyOf(carried: Carried): Carried {
  const all = Array.from({ length: carried.numCarried }, (_, i) => carried.carried(i));
  return {
    numCarried: all.length,
    carried: (index, rows) => (rows === undefined ? all[index]! : firstRows(all[index]!, rows)),
    carriedNumber: (index) => Number(all[index]!.data[0]),
    carriedBytes: (index) => bytesIn(all[index]!),
  };
}

function firstRows({ dtype, shape, data }: ArrayValue, rows: number): ArrayValue {
  const first = [rows, ...shape.slice(1)];
  return { dtype, shape: first, data: data.slice(0, sizeOf(first)) };
}

/** The bytes of an array. */
export function bytesIn({ data }: Pick<ArrayValue, "data">): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A leaf of the state of the loop. */
function leafIn(carried: Carried, slot: number, { dtype, shape }: Type): ArrayValue {
  const data = allocate(dtype, shape);
  const bytes = new Uint8Array(data.buffer);
  for (const { place, part } of partsOf(carried, slot, bytes.length)) bytes.set(part, place);
  return { dtype, shape, data };
}

/** Changes a leaf of the state of the loop. */
export function setLeaf(carried: Carried, slot: number, value: ArrayValue): void {
  const bytes = bytesIn(value);
  for (const { place, part } of partsOf(carried, slot, bytes.length))
    part.set(bytes.subarray(place, place + part.length));
}

/**
 * The places of a leaf: small arrays are carried as numbers one by one.
 *
 * @yields Each of them, and where it begins in the leaf.
 */
function* partsOf(
  carried: Carried,
  slot: number,
  length: number,
): Generator<{ readonly place: number; readonly part: Uint8Array }, void, undefined> {
  for (let [place, i] = [0, slot]; place < length; i++) {
    const part = carried.carriedBytes(i);
    yield { place, part };
    place += part.length;
  }
}

/** The types of scalars that a host changes. */
type NumberType = "float64" | "float32" | "int32" | "bool";

/** Changes a scalar. */
export function setNumber(carried: Carried, slot: number, dtype: NumberType, x: number): void {
  const { buffer, byteOffset } = carried.carriedBytes(slot);
  const view = new DataView(buffer, byteOffset);
  if (dtype === "float64") view.setFloat64(0, x, true);
  else if (dtype === "float32") view.setFloat32(0, x, true);
  else if (dtype === "int32") view.setInt32(0, x, true);
  else view.setUint8(0, x);
}

/** A tree of tensors in the state of the loop. */
export function treeIn(carried: Carried, { structure, types, slots }: LeafPlaces): Tree {
  const leaves = types.map((type, i) => tensorOf(leafIn(carried, slots[i]!, type)));
  return unflatten(structure, leaves) as Tree;
}

/** Writes what one loop carries into the memory of another that runs the same program. */
export function copyCarried(from: Carried, to: Carried): void {
  for (let i = 0; i < from.numCarried; i++) to.carriedBytes(i).set(from.carriedBytes(i));
}
