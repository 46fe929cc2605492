import type { Known } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { scalarProgram } from "./cluster.ts";
import { valueTypes } from "./FunctionEmitter.ts";
import { interleaved } from "./interleaved.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk, type Walk } from "./nest.ts";
import { localAt, type LocalPlace, type MemoryPlace, type Place } from "./Place.ts";
import { type Vectors, vectorsOf } from "./vectors.ts";

/** What goes through the elements along some axes, from the first to the last. */
export interface Fold {
  readonly axes: readonly number[];
  /** What is carried at first. */
  readonly start: readonly Known[];
  /** What is carried next, from that and an element. */
  readonly next: (carried: readonly Tensor[]) => readonly Tensor[];
  /** Which of what is carried is the result. */
  readonly result: number;
  /** Whether there is a result at every element. */
  readonly isRunning: boolean;
}

/** So many long rows are folded at once, or vectors of rows: a single one waits for itself at each of its elements. */
const rowsAtOnce = 4;
/** Of shorter rows a processor begins the next before it has ended the last. */
const longRow = 16;

/**
 * Folds an array along some axes.
 *
 * @param to - Where the results go; without it there is one, which stays in a local.
 */
export function emitFold(
  block: BlockEmitter,
  from: MemoryPlace,
  to: MemoryPlace | null,
  fold: Fold,
): Place {
  const { f } = block;
  const { axes, start, isRunning } = fold;
  const kept = [...from.shape.keys()].filter((axis) => !axes.includes(axis));
  const walk = startWalk(f, to === null ? [from] : [from, to], [
    [kept, isRunning ? kept : [...kept.keys()]],
    [axes, isRunning ? axes : []],
  ]);
  const program = scalarProgram([...start.map(({ dtype }) => dtype), from.dtype], fold.next);
  const one: Vectors = { program, lanes: 1 };
  let result: LocalPlace | null = null;
  if (to === null) result = emitRows(block, walk, fold, one, 1);
  else {
    const outer = walk.groups[0]!;
    const inner = outer.at(-1);
    const vectors = vectorsOf(program, walk, inner, 1);
    const { lanes } = vectors;
    const isLong = axes.reduce((size, axis) => size * from.shape[axis]!, 1) >= longRow;
    // Rows are told apart by constants added to an address, which cannot be negative.
    const isForward = walk.cursors.every(({ step }) => inner === undefined || step[inner]! >= 0);
    const sizes = [
      ...(isLong && isForward ? [rowsAtOnce * lanes] : []),
      ...(lanes > 1 ? [lanes] : []),
      1,
    ];
    emitNest(f, walk, outer.slice(0, -1), () =>
      emitPieces(f, walk, inner, sizes, (size) => {
        const each = size === 1 ? one : vectors;
        f.freeLocal(emitRows(block, walk, fold, each, size / each.lanes).local);
      }),
    );
  }
  endWalk(f, walk);
  block.release(from);
  return to ?? result!;
}

/**
 * Folds rows, or vectors of rows, along the second group of axes of a walk.
 *
 * @returns The result of the first of them, in a local that is not given back.
 */
function emitRows(
  block: BlockEmitter,
  walk: Walk,
  { start, result, isRunning }: Fold,
  { program, lanes }: Vectors,
  count: number,
): LocalPlace {
  const { f } = block;
  const [read, written] = walk.cursors as [Cursor, Cursor?];
  const inner = walk.groups[0]!.at(-1);
  const stepOf = ({ step }: Cursor): number => (inner === undefined ? 0 : step[inner]!);
  const at = (cursor: Cursor, row: number): Cursor => ({
    ...cursor,
    offset: cursor.offset + row * lanes * stepOf(cursor),
  });
  const newLocal = (dtype: DType): LocalPlace =>
    localAt(f.newLocal(lanes === 1 ? valueTypes[dtype] : v128), dtype);
  const rows = Array.from({ length: count }, () => ({
    carried: start.map(({ dtype }) => newLocal(dtype)),
    element: newLocal(read.dtype),
  }));
  const store = (): void => {
    if (written === undefined) return;
    for (const [i, { carried }] of rows.entries())
      f.store(at(written, i), () => f.get(carried[result]!.local), lanes);
  };

  for (const { carried } of rows) {
    for (const [i, { local }] of carried.entries()) {
      block.pushNumber(start[i]!.dtype, start[i]!.scalar, lanes);
      f.set(local);
    }
  }
  const all = count === 1 ? program : interleaved(program, count);
  const places = rows.flatMap(({ carried, element }) => [...carried, element]);
  const next = (inside: BlockEmitter): void => {
    for (const output of all.outputs) inside.push(output);
  };
  emitNest(f, walk, walk.groups[1]!, () => {
    for (const [i, { element }] of rows.entries()) {
      f.load(at(read, i), lanes, stepOf(read) === 0);
      f.set(element.local);
    }
    block.inner(all, places, next, block.inLoop, lanes);
    for (const { local } of rows.flatMap(({ carried }) => carried).toReversed()) f.set(local);
    if (isRunning) store();
  });
  if (!isRunning) store();
  const kept = rows[0]!.carried[result]!;
  for (const { local } of places) if (local !== kept.local) f.freeLocal(local);
  return kept;
}
