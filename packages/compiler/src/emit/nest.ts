import { bytesOf, sameList } from "@diffrax-ts/program";
import { i32 } from "../wasm/valueTypes.ts";
import type { Address, FunctionEmitter } from "./FunctionEmitter.ts";
import type { MemoryPlace } from "./Place.ts";

/** A pointer to an element of an array, in the local `base`. */
export interface Cursor extends Address {
  /** In bytes, along each axis of the walk. */
  readonly step: readonly number[];
}

/** Arrays that are gone through together. */
export interface Walk {
  /** One for each array. */
  readonly cursors: readonly Cursor[];
  /** The lengths of the axes of the walk, which are as few as possible. */
  readonly shape: readonly number[];
  /** The axes of the walk, in the groups asked for. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Cursors at the first elements of places. Each group lists axes of every place that are gone through together; a
 * place with an empty list stands still. Axes of a group that all places step through alike are made one.
 */
export function startWalk(
  f: FunctionEmitter,
  places: readonly MemoryPlace[],
  groups: readonly (readonly (readonly number[])[])[],
): Walk {
  const shape: number[] = [];
  const steps: number[][] = places.map(() => []);
  const joined = groups.map((axes) => {
    const first = shape.length;
    const leader = Math.max(
      axes.findIndex((list) => list.length > 0),
      0,
    );
    for (const [j, axis] of axes[leader]!.entries()) {
      const n = places[leader]!.shape[axis]!;
      if (n === 1) continue;
      const strides = places.map(
        ({ stride, dtype }, i) => (stride[axes[i]![j]!] ?? 0) * bytesOf(dtype),
      );
      let last = shape.length - 1;
      if (last >= first && strides.every((s, i) => steps[i]![last] === s * n)) shape[last]! *= n;
      else last = shape.push(n) - 1;
      for (const [i, s] of strides.entries()) steps[i]![last] = s;
    }
    return Array.from(shape.keys()).slice(first);
  });

  const cursors: Cursor[] = [];
  for (const [i, { base, offset, dtype }] of places.entries()) {
    const step = steps[i]!;
    // A cursor may walk below its base, but the offset in an instruction is added without wrapping round.
    const isBelow = step.some((bytes) => bytes < 0);
    const same = cursors.find(
      (other, j) => !isBelow && places[j]!.base === base && sameList(other.step, step),
    );
    if (same === undefined) {
      f.get(base);
      if (isBelow) f.addBytes(offset);
    }
    cursors.push({ base: same?.base ?? f.keep(i32), offset: isBelow ? 0 : offset, dtype, step });
  }
  return { cursors, shape, groups: joined };
}

/** Gives the cursors back. */
export function endWalk(f: FunctionEmitter, { cursors }: Walk): void {
  for (const local of new Set(cursors.map(({ base }) => base))) f.freeLocal(local);
}

/** Loops over all indices of some axes, the last one innermost. Afterwards the cursors are where they were. */
export function emitNest(
  f: FunctionEmitter,
  walk: Walk,
  axes: readonly number[],
  body: () => void,
): void {
  if (axes.length === 0) return body();
  emitPieces(f, walk, axes[0], [1], () => emitNest(f, walk, axes.slice(1), body));
}

/**
 * Loops over an axis in pieces of these sizes, the largest first; without an axis there is one piece of size 1.
 * Afterwards the cursors are where they were.
 */
export function emitPieces(
  f: FunctionEmitter,
  { cursors, shape }: Walk,
  axis: number | undefined,
  sizes: readonly number[],
  body: (size: number) => void,
): void {
  if (axis === undefined) return body(1);
  const steps = new Map(cursors.map(({ base, step }) => [base, step[axis]!]));
  const advance = (amount: number): void => {
    for (const [base, step] of steps) f.advance(base, amount * step);
  };
  let left = shape[axis]!;
  for (const size of sizes) {
    f.repeat(Math.floor(left / size), () => {
      body(size);
      advance(size);
    });
    left %= size;
  }
  advance(-shape[axis]!);
}
