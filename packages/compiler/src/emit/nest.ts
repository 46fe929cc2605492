import { bytesOf } from "@diffrax-ts/program";
import { i32, op } from "../wasm/opcodes.ts";
import type { FunctionEmitter } from "./FunctionEmitter.ts";
import type { MemoryPlace } from "./Place.ts";

/** A pointer that walks through memory along with others. */
export interface Cursor {
  /** The local with the address. */
  readonly local: number;
  /** What has to be added to the address, at compile time. */
  readonly offset: number;
  /** In bytes, along each axis of the walk. */
  readonly step: readonly number[];
}

/** Axes that all arrays step through alike are made one. */
export function collapse(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { readonly shape: number[]; readonly strides: number[][] } {
  const kept: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (const [axis, n] of shape.entries()) {
    if (n === 1) continue;
    const last = kept.length - 1;
    const joins = last >= 0 && strides.every((stride, i) => steps[i]![last] === stride[axis]! * n);
    if (joins) {
      kept[last]! *= n;
      for (const [i, stride] of strides.entries()) steps[i]![last] = stride[axis]!;
    } else {
      kept.push(n);
      for (const [i, stride] of strides.entries()) steps[i]!.push(stride[axis]!);
    }
  }
  return { shape: kept, strides: steps };
}

/** The stride of a place in bytes. */
export function byteStride({ stride, dtype }: MemoryPlace): number[] {
  return stride.map((s) => s * bytesOf(dtype));
}

/**
 * A new cursor at the first element of a place. Where it may walk below the base, the offset is added at run time:
 * WebAssembly adds it without wrapping round.
 */
export function cursorAt(
  f: FunctionEmitter,
  { base, offset }: MemoryPlace,
  step: readonly number[],
): Cursor {
  const local = f.newLocal(i32);
  f.get(base);
  const isAdded = step.some((bytes) => bytes < 0);
  if (isAdded) {
    f.i32(offset);
    f.op(op.i32_add);
  }
  f.set(local);
  return { local, offset: isAdded ? 0 : offset, step };
}

/**
 * New cursors at the first elements of places. Those that start from the same base and take the same steps
 * share a local.
 */
export function cursors(
  f: FunctionEmitter,
  places: readonly MemoryPlace[],
  steps: readonly (readonly number[])[],
): { readonly cursors: readonly Cursor[]; readonly free: () => void } {
  const locals = new Map<string, number>();
  const made = places.map((place, i): Cursor => {
    const step = steps[i]!;
    const key = `${place.base} ${step.join()}`;
    const local = locals.get(key);
    if (local !== undefined) return { local, offset: place.offset, step };
    const cursor = cursorAt(f, place, step);
    if (cursor.offset === place.offset) locals.set(key, cursor.local);
    return cursor;
  });
  return {
    cursors: made,
    free: () => {
      for (const local of new Set(made.map((cursor) => cursor.local))) f.freeLocal(local);
    },
  };
}

/**
 * Loops over all indices of `shape`, the last axis innermost; every cursor then points at its element. Afterwards
 * the cursors are where they were.
 *
 * @param axis - The axis of the cursors' steps that is the first of `shape`.
 */
export function emitNest(
  f: FunctionEmitter,
  shape: readonly number[],
  all: readonly Cursor[],
  axis: number,
  body: () => void,
): void {
  if (shape.length === 0) return body();
  const [n, ...rest] = shape;
  if (n === 0) return;
  f.i32(n!);
  f.repeat(() => {
    emitNest(f, rest, all, axis + 1, body);
    for (const [local, step] of stepsAlong(all, axis)) f.advance(local, step);
  });
  for (const [local, step] of stepsAlong(all, axis)) f.advance(local, -n! * step);
}

/** How far each local goes along an axis; cursors that share a local count once. */
export function stepsAlong(all: readonly Cursor[], axis: number): Map<number, number> {
  const steps = new Map<number, number>();
  for (const { local, step } of all) if (step[axis] !== undefined) steps.set(local, step[axis]);
  return steps;
}

/** Copies bytes that stand together. */
export function emitCopy(
  f: FunctionEmitter,
  to: { base: number; offset: number },
  from: { base: number; offset: number },
  bytes: number,
): void {
  if (to.base === from.base && to.offset === from.offset) return;
  for (const { base, offset } of [to, from]) {
    f.get(base);
    f.i32(offset);
    f.op(op.i32_add);
  }
  f.i32(bytes);
  f.op(op.memory_copy);
  f.code.byte(0);
  f.code.byte(0);
}
